/** A peer that is admitted by its key, and then says whatever a test has it say. */
import { Handshake, Identity } from "@peerage/secure"
import type { Transport } from "@peerage/transport"
import { Bytes, Effect, Result } from "effect"
import * as Frame from "../src/session/Frame.ts"
import * as Record from "../src/session/Record.ts"
import { ascii, at, seeded } from "./Peers.ts"

/** Frames, as a test writes them. */
export const frame = (type: Frame.Control, stream: number, value = 0): Uint8Array => {
  const into = new Uint8Array(Frame.sizeOf(type))
  Frame.write(into, 0, type, stream, value)
  return into
}

/** A frame of data. */
export const data = (stream: number, bytes: Uint8Array): Uint8Array => {
  const into = new Uint8Array(Frame.dataHead + bytes.length)
  into.set(bytes, Frame.writeDataHead(into, 0, stream, bytes.length))
  return into
}

/** What a record says: type, stream, and the value or the text. */
export const told = (
  record: Uint8Array
): ReadonlyArray<readonly [type: number, stream: number, value: number | string]> => {
  const frames: Array<readonly [number, number, number | string]> = []
  Frame.read(record, {
    data: (stream, bytes) => frames.push([Frame.types.data, stream, new TextDecoder().decode(bytes)]) > 0,
    control: (type, stream, value) => frames.push([type, stream, value]) > 0
  })
  return frames
}

/** Dials, and is admitted by the key of the seed `name`, which the other end must know. */
export const speak = Effect.fnUntraced(function*(raw: Transport.Transport["Service"], address: string, name: string) {
  const { identity, primitives } = seeded(name)
  const connection = raw.dial(at(address))
  const reader = yield* connection.reader
  const writer = yield* connection.writer
  const records = new Record.RecordReader(new Record.SpareBuffer(), Record.maxMessage)
  const hear: Effect.Effect<Uint8Array, unknown> = Effect.suspend(() => {
    const next = records.next()
    if (next === undefined) {
      return Effect.flatMap(reader.pull, (chunks) => {
        records.push(Bytes.concat(chunks))
        return hear
      })
    }
    return typeof next === "string" ? Effect.fail(next) : Effect.succeed(next.slice())
  })
  const suite = primitives.preferred
  const initiator = Handshake.initiate(primitives, {
    suite,
    identity: Identity.keyPair(primitives, identity),
    prologue: Bytes.concat([Record.magics[suite], ascii("peerage")])
  })
  yield* writer.write(Bytes.concat([Record.magics[suite], Record.framed(initiator.first)]))
  const established = Result.getOrThrow(initiator.read(yield* hear)).finish()
  const say = (...frames: ReadonlyArray<Uint8Array>) =>
    Effect.suspend(() => writer.write(Record.framed(established.send.sealed(Bytes.concat(frames)))))
  const listen = Effect.map(hear, (record) => established.receive.open(record) ?? new Uint8Array(0))
  yield* writer.write(Record.framed(established.third))
  yield* say(Uint8Array.of(0x10, 1))
  const welcome = yield* listen
  return { key: identity.key, reader, writer, say, listen, welcome }
})
