/** A listener that does as it should, an echo behind the handshake and the admission, but for what a test has it say instead. */
import { type Crypto, Handshake, Identity } from "@peerage/secure"
import type { Pipe } from "@peerage/transport"
import { Bytes, Effect, Queue, Result } from "effect"
import * as Cpace from "../src/pake/Cpace.ts"
import * as Admission from "../src/session/Admission.ts"
import * as Frame from "../src/session/Frame.ts"
import * as Record from "../src/session/Record.ts"
import { ascii, at, passphrase, type Raw, seeded } from "./Peers.ts"
import { data, frame } from "./Speaker.ts"

/** What one connection changes. */
export interface Script {
  /** The key pair that it shows. */
  readonly identity?: Crypto.KeyPair
  /** What it writes, which is `bytes` where nothing is changed: the magic and the second message first, then records. */
  readonly write?: (bytes: Uint8Array) => Uint8Array
  /** What it says in a record of the admission. */
  readonly admit?: (frame: Uint8Array) => Uint8Array
  /** What it says in a record of the session. */
  readonly say?: (frames: Uint8Array) => Uint8Array
}

const { types } = Frame
const same = (bytes: Uint8Array) => bytes

/** The answer to the frames of a record: data goes back, and so does the end of it. */
const echoed = (record: Uint8Array): Uint8Array => {
  const answers: Array<Uint8Array> = []
  Frame.read(record, {
    data: (stream, bytes) => answers.push(data(stream, bytes)) > 0,
    control: (type, stream) => {
      if (type === types.fin) answers.push(frame(types.fin, stream))
      if (type === types.ping) answers.push(frame(types.pong, 0))
      if (type === types.close) answers.push(frame(types.close, 0))
      return true
    }
  })
  return Bytes.concat(answers)
}

const serve = (pipe: Pipe.Pipe, { admit = same, identity, say = same, write = same }: Script) => {
  const { identity: own, primitives } = seeded("hostile")
  const reader = new Record.RecordReader(new Record.SpareBuffer(), Record.maxMessage)
  const suite = primitives.preferred
  const magic = Record.magics[suite]
  const responder = Handshake.respond(primitives, {
    suite,
    identity: identity ?? Identity.keyPair(primitives, own),
    prologue: Bytes.concat([magic, ascii("peerage")])
  })
  let step: (message: Uint8Array) => void
  const shaken = ({ hash, receive, send }: Handshake.Established) => {
    const seal = (plain: Uint8Array) => void pipe.write([write(Record.framed(send.sealed(plain)))])
    const facts: Admission.Facts = {
      known: () => false,
      judge: () => "Pass",
      begin: () => Cpace.begin(primitives, { role: "responder", passphrase, session: hash })
    }
    const echo = (sealed: Uint8Array) => {
      const answer = echoed(receive.open(sealed) ?? new Uint8Array(0))
      if (answer.length > 0) seal(say(answer))
    }
    const awaits = (state: Admission.State) => {
      step = (sealed) => {
        const next = Admission.read(state, receive.open(sealed) ?? new Uint8Array(0), facts)
        if (next._tag === "Open" || next._tag === "Wait") {
          if (next.say !== undefined) seal(admit(next.say))
          if (next._tag === "Open") step = echo
          else awaits(next.state)
        } else pipe.end()
      }
    }
    awaits(Admission.expected)
  }
  step = (first) =>
    Result.match(responder.read(first), {
      onFailure: () => pipe.end(),
      onSuccess: ({ read, second }) => {
        pipe.write([write(Bytes.concat([magic, Record.framed(second)]))])
        step = (third) => Result.match(read(third), { onFailure: () => pipe.end(), onSuccess: shaken })
      }
    })
  pipe.observe({
    readable: () => {
      for (const chunk of pipe.take() ?? []) {
        reader.push(chunk)
        for (let next = reader.next(); next !== undefined && typeof next !== "string"; next = reader.next()) {
          step(next.slice())
        }
      }
      if (pipe.ended() !== undefined) pipe.close()
    },
    drained: () => {},
    closed: () => {}
  })
}

/** Listens for the scope's life, with another script for each connection. */
export const listen = Effect.fnUntraced(function*(raw: Raw, address: string, script: () => Script) {
  const listener = yield* raw.listen(at(address))
  yield* Effect.forkScoped(
    Effect.forever(Effect.map(Queue.take(listener.accepted), (pipe) => serve(pipe, script()))),
    { startImmediately: true }
  )
})
