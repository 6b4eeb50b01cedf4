/** A session whose records, or whose numbers of streams, are nearly used up: it takes no new streams, and those that it has go on. */
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
import { StreamIds } from "../../src/session/StreamIds.ts"
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

interface Used {
  /** Records that were sent and received before. */
  readonly first?: number
  readonly ids?: StreamIds
}

/** A session over a carrier, as if it were open for long. */
const session = Effect.fnUntraced(
  function*(carrier: Pipe.Pipe, { first = 0, ids }: Used, accept: SessionOwner["accept"]) {
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
    const made = new Session(shared, { inlet, key: identity.key, send: direction(), receive: direction(), ids }, {
      accept,
      retired: () => {},
      over: () => {}
    })
    made.read()
    inlet.open()
    return made
  }
)

/** Both ends of one, and the streams that the listener has accepted. */
const ends = Effect.fnUntraced(function*(used: () => Used) {
  const network = yield* MemoryNetwork.make({ seed: 1 })
  const listener = yield* network.transport("10.0.0.1").listen(at("10.0.0.1:80"))
  const dialing = yield* Effect.forkChild(network.transport("10.0.0.2").connect(at("10.0.0.1:80")))
  yield* settle
  const streams: Array<Pipe.Pipe> = []
  yield* session(yield* Queue.take(listener.accepted), used(), (stream) => {
    streams.push(stream)
    return () => {}
  })
  return { dialer: yield* session(yield* Fiber.join(dialing), used(), undefined), streams }
})

it.effect("a session that has sent 2 ** 32 records takes no new stream, and its streams go on through the change of keys", () =>
  Effect.gen(function*() {
    const { dialer, streams } = yield* ends(() => ({ first: 2 ** 32 - 2 }))
    const stream = dialer.open()
    for (const [word, usable] of [["one", true], ["two", false], ["three", false], ["four", false]] as const) {
      stream.write([ascii(word)])
      yield* settle
      assert.strictEqual(text(streams[0]?.take()), word)
      assert.strictEqual(dialer.usable, usable, word)
    }
  }))

it.effect("a session that has no more numbers takes no new stream, and its streams go on to their ends", () =>
  Effect.gen(function*() {
    const { dialer, streams } = yield* ends(() => ({ ids: new StreamIds(2) }))
    const first = dialer.open()
    assert.isTrue(dialer.usable)
    const last = dialer.open()
    assert.isFalse(dialer.usable)
    for (const stream of [first, last]) stream.write([ascii(`on ${stream.id}`)])
    yield* settle
    for (const stream of streams) stream.write([ascii("and back")])
    yield* settle
    assert.deepStrictEqual(streams.map((stream) => text(stream.take())), ["on 1", "on 2"])
    assert.deepStrictEqual([first, last].map((stream) => text(stream.take())), ["and back", "and back"])
    for (const stream of [first, last, ...streams]) stream.close()
    yield* settle
    // Those that are gone leave no number behind.
    assert.deepStrictEqual([dialer.streams, dialer.usable], [0, false])
  }))
