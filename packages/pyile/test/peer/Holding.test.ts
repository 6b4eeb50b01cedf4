/** What many connections hold together: messages that never end, answers that nobody reads, events that nobody takes. */
import { assert, describe } from "@effect/vitest"
import { MemoryNetwork, PeerAddress } from "@peerage/transport"
import { Deferred, Effect, Stream } from "effect"
import { annIp, bobIp, elapse, pair, settle, simulation, trio } from "./Network.ts"
import { stranger } from "./Strangers.ts"
import { watch } from "./Watching.ts"

const large = 60_000
const config = { maxHeldBytes: 4 * large + 1000 }

/** The beginning of a message of so many bytes, and its end. */
const message = (from: PeerAddress.PeerAddress, data: string, size = large) => {
  const [head, tail] = [
    `{"data": "${data}`,
    `", "alias": "x", "to": "Broadcast", "from": ["${PeerAddress.host(from)}", 1]}`
  ]
  return [head.padEnd(size - tail.length, "x"), tail] as const
}

describe("a peer whose memory is filled", () => {
  simulation("with messages that never end holds no more than its budget, and takes that of another", function*() {
    const { ann, bob, hosting } = yield* trio({ config })
    const events = yield* watch(hosting)
    const port = PeerAddress.port(hosting.self)
    const honest = yield* stranger(bobIp, port)
    const [head, tail] = message(bob.self, "slow")
    honest.write(head)
    const raws = yield* Effect.forEach(Array.from({ length: 40 }), () => stranger(annIp, port))
    for (const raw of raws) {
      raw.write(...message(ann.self, "").slice(0, 1))
      yield* settle
      assert.isAtMost(raws.filter(({ end, segments }) => end === "Open" && segments.length > 0).length, 4)
    }
    assert.strictEqual(raws.filter(({ end }) => end === "Open").length, 3)
    honest.write(tail)
    yield* settle
    assert.include(honest.text, `"alias": "host"`)
    assert.deepStrictEqual(events.map(({ _tag }) => _tag), ["Message"])
  })

  simulation("with answers that nobody reads holds no more than its budget", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const size = 300_000
    const { ann, hosting } = yield* pair({ config: { maxReceivedBytes: size, maxHeldBytes: 4 * size } })
    const raws = yield* Effect.forEach(
      Array.from({ length: 10 }),
      () => stranger(annIp, PeerAddress.port(hosting.self))
    )
    yield* network.clog(annIp)
    for (const raw of raws) raw.write(message(ann.self, "", size - 100).join(""))
    yield* elapse("1 second")
    yield* network.unclog(annIp)
    yield* elapse("1 second")
    assert.strictEqual(raws.filter(({ text }) => text.includes(`"alias": "host"`)).length, 4)
  })

  simulation("with values that take twenty times their bytes remembers and publishes the latest of them", function*() {
    const { ann, hosting } = yield* pair({ config: { maxHistoryBytes: 3_000_000, maxEventBytes: 3_000_000 } })
    const gate = yield* Deferred.make<void>()
    const slow: Array<unknown> = []
    const taking = Stream.runForEach(
      hosting.events,
      (event) =>
        Effect.andThen(Deferred.await(gate), Effect.sync(() => event._tag === "Message" && slow.push(event.data)))
    )
    yield* Effect.forkScoped(taking, { startImmediately: true })
    for (let at = 0; at < 8; at++) {
      const raw = yield* stranger(annIp, PeerAddress.port(hosting.self))
      const data = `[${at}${",{}".repeat(20_000)}]`
      raw.write(
        `{"data": ${data}, "alias": "x", "to": "Broadcast", "from": ["${annIp}", ${PeerAddress.port(ann.self)}]}`
      )
      yield* settle
    }
    yield* Deferred.succeed(gate, undefined)
    yield* settle
    const first = (data: unknown) => Array.isArray(data) ? data[0] : data
    const kept = (yield* hosting.history.messages("Broadcast")).map(({ data }) => first(data))
    assert.deepStrictEqual([slow.map(first), kept], [[0, 6, 7], [6, 7]])
  })
})
