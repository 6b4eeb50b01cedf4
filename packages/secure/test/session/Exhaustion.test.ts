/** A session whose records are nearly used up: it takes no new streams, and those that it has go on. */
import { assert, it } from "@effect/vitest"
import { Gate, Identity } from "@peerage/secure"
import { Cipher } from "@peerage/secure/Cipher"
import { MemoryNetwork, type Pipe } from "@peerage/transport"
import { Effect, Fiber, Queue } from "effect"
import { Members } from "../../src/Members.ts"
import * as SecureConfig from "../../src/SecureConfig.ts"
import { Inlet } from "../../src/session/Inlet.ts"
import * as Record from "../../src/session/Record.ts"
import { Session } from "../../src/session/Session.ts"
import type { SessionOwner } from "../../src/session/SessionOwner.ts"
import * as Shared from "../../src/session/Shared.ts"
import { ascii, at, seeded, settle, text } from "../Peers.ts"

const suite = "AESGCM"
const asleep = {
  message: () => true,
  misfit: () => {},
  reading: () => {},
  read: () => {},
  ended: () => {},
  drained: () => {}
}

/** A session over a carrier, as if it were open and had sent and received `first` records. */
const session = Effect.fnUntraced(function*(carrier: Pipe.Pipe, first: number, accept: SessionOwner["accept"]) {
  const { identity, primitives } = seeded("end")
  const shared = Shared.make({
    crypto: primitives,
    identity: Identity.keyPair(primitives, identity),
    self: identity.key,
    context: ascii("peerage"),
    members: new Members(undefined, []),
    gate: yield* Gate.make(),
    allowOwnKey: true,
    crowded: () => false,
    report: () => {},
    numbers: SecureConfig.make()
  }, yield* Effect.context<never>())
  const direction = () => new Cipher(primitives, new Uint8Array(32), { suite, first })
  carrier.write([Record.magics[suite]])
  const inlet = new Inlet(carrier, new Record.RecordReader(shared.spare, Record.maxMessage), asleep)
  const made = new Session(shared, { inlet, key: identity.key, send: direction(), receive: direction() }, {
    accept,
    retired: () => {},
    over: () => {}
  })
  made.read()
  inlet.open()
  return made
})

it.effect("a session that has sent 2 ** 32 records takes no new stream, and its streams go on through the change of keys", () =>
  Effect.gen(function*() {
    const network = yield* MemoryNetwork.make({ seed: 1 })
    const listener = yield* network.transport("10.0.0.1").listen(at("10.0.0.1:80"))
    const dialing = yield* Effect.forkChild(network.transport("10.0.0.2").connect(at("10.0.0.1:80")))
    yield* settle
    const streams: Array<Pipe.Pipe> = []
    const first = 2 ** 32 - 2
    yield* session(yield* Queue.take(listener.accepted), first, (stream) => {
      streams.push(stream)
      return () => {}
    })
    const dialer = yield* session(yield* Fiber.join(dialing), first, undefined)
    const stream = dialer.open()
    for (const [word, usable] of [["one", true], ["two", false], ["three", false], ["four", false]] as const) {
      stream.write([ascii(word)])
      yield* settle
      assert.strictEqual(text(streams[0]?.take()), word)
      assert.strictEqual(dialer.usable, usable, word)
    }
  }))
