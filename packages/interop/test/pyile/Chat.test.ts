/** Chat between ours and originals, whoever of them is the host. */
import { assert } from "@effect/vitest"
import type { AuthPeer, JoinPeer, PyileEvent } from "@peerage/pyile"
import type { Transport } from "@peerage/transport"
import { Effect, type Schema, type Scope } from "effect"
import { next } from "../Events.ts"
import { live } from "../Live.ts"
import { knows, lists, mixed, originalHost, originalJoiner, type OriginalPeer, ourHost, ourJoiner } from "./Network.ts"

/** One of ours and an original in one network. */
interface Pair {
  readonly ours: AuthPeer.AuthPeerService | JoinPeer.JoinPeerService
  readonly theirs: OriginalPeer
}

const known = <P extends Pair>(pair: P) =>
  Effect.gen(function*() {
    yield* knows(pair.ours, [pair.theirs.self])
    yield* lists(pair.theirs, [pair.ours.self, pair.theirs.self])
    return pair
  })

const hostedByUs = Effect.gen(function*() {
  const ours = yield* ourHost()
  // What an original of this machine says comes from 127.0.0.1; only there is it who it says it is.
  return yield* known({ ours, theirs: yield* originalJoiner(ours.place, "127.0.0.1") })
})

const hostedByThem = Effect.gen(function*() {
  const theirs = yield* originalHost()
  return yield* known({ ours: yield* ourJoiner(theirs.place), theirs })
})

const values: ReadonlyArray<Schema.Json> = [
  "hello",
  "Grüße, 你好, שלום, \u{1F600} \u0000 \u007f \" \\ / \t",
  { "ключ": [1, -2.5, 1e100, true, false, null, [], {}] },
  ["", " "],
  42,
  null
]

/** What was said, as the receiver of ours tells it. */
const message = ({ theirs }: Pair, to: string, data: Schema.Json): PyileEvent.PyileEvent => ({
  _tag: "Message",
  from: theirs.self,
  to,
  alias: "theirs",
  sender: "Verified",
  data
})

const chatting = (
  who: string,
  pair: Effect.Effect<Pair, unknown, Transport.Transport | Scope.Scope>
) => {
  live(
    `${who}, what an original says to ours arrives, whatever it is, directly and by broadcast`,
    Effect.gen(function*() {
      const both = yield* pair
      const { ours, theirs } = both
      for (const data of values) {
        const direct = yield* next(ours, "Message")
        yield* theirs.send(ours.self, data)
        assert.deepStrictEqual(yield* direct, message(both, ours.self, data))
        const broadcast = yield* next(ours, "Message")
        yield* theirs.broadcast(data)
        assert.deepStrictEqual(yield* broadcast, message(both, "Broadcast", data))
      }
    })
  )

  live(
    `${who}, what ours say to an original arrives, whatever it is, directly and by broadcast`,
    Effect.gen(function*() {
      const { ours, theirs } = yield* pair
      for (const data of values) {
        assert.deepStrictEqual((yield* ours.send(theirs.self, data)).failed, [])
        yield* theirs.hears({ from: ours.self, to: theirs.self, data })
        assert.deepStrictEqual((yield* ours.broadcast(data)).failed, [])
        yield* theirs.hears({ from: ours.self, to: "Broadcast", data })
      }
      assert.strictEqual(theirs.program.told("message", { own: false }).length, 2 * values.length)
    })
  )

  live(
    `${who}, ours send an original 2048 bytes and not one more, and read what is longer`,
    Effect.gen(function*() {
      const { ours, theirs } = yield* pair
      const { reason } = yield* Effect.flip(ours.send(theirs.self, "x".repeat(2048)))
      const room = 2048 - ("bytes" in reason ? reason.bytes - 2048 : 0)
      assert.deepInclude((yield* Effect.flip(ours.send(theirs.self, "x".repeat(room + 1)))).reason, { bytes: 2049 })
      assert.deepStrictEqual((yield* ours.send(theirs.self, "x".repeat(room))).failed, [])
      yield* theirs.hears({ data: "x".repeat(room) })

      const long = "y".repeat(20_000)
      const heard = yield* next(ours, "Message")
      yield* theirs.send(ours.self, long)
      assert.deepInclude(yield* heard, { data: long })
    })
  )
}

chatting("with a host of ours", hostedByUs)
chatting("with an original host", hostedByThem)

live(
  "among an original host, an original joiner and one of ours, a broadcast of each reaches the other two",
  Effect.gen(function*() {
    const { host, joiner, ours } = yield* mixed
    assert.deepStrictEqual((yield* ours.broadcast("from ours")).failed, [])
    for (const original of [host, joiner]) yield* original.hears({ from: ours.self, data: "from ours" })
    const first = yield* next(ours, "Message")
    yield* host.broadcast("from the host")
    assert.deepInclude(yield* first, { from: host.self, sender: "Verified", data: "from the host" })
    yield* joiner.hears({ from: host.self, data: "from the host" })
    const second = yield* next(ours, "Message")
    yield* joiner.broadcast("from the joiner")
    // It listens at another address than the system lets it speak from.
    assert.deepInclude(yield* second, { from: joiner.self, sender: "Mismatch", data: "from the joiner" })
    yield* host.hears({ from: joiner.self, data: "from the joiner" })
  })
)
