/** What many connections hold together: frames that never end, text that nobody reads, events that nobody takes. */
import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Deferred, Effect, Stream } from "effect"
import { elapse, heardBy, id, ipOf, numbers, reached, settle, simulate, toldOf, visit } from "./Network.ts"
import { chat, frame, join, joiner, stranger } from "./Raw.ts"

const large = 60_000
const header = new Uint8Array([0, 0, large >> 8, large & 255])
const config = { maxConnections: 100, maxHeldBytes: 4 * large + 1000 }

/** A joiner that has sent all of a frame but its last byte. */
const unfinished = Effect.fnUntraced(function*(from: number) {
  const raw = yield* joiner(from, 10, 1)
  raw.write(header, new Uint8Array(large - 1))
  yield* settle
  return raw
})

const reasons = (told: Parameters<typeof toldOf>[0]) => toldOf(told, "Left").map(({ reason }) => reason)

describe("a peer whose memory is filled", () => {
  simulate("with frames that never end holds no more than its budget, and takes those of others", function*() {
    const peer = yield* visit(10, undefined, { config })
    const honest = yield* visit(11, 10)
    for (const number of numbers(100, 30)) {
      yield* unfinished(number)
      yield* elapse("100 millis")
      assert.isAtMost((yield* reached(peer)).length - 1, 4)
    }
    yield* honest.send(id(10), "x".repeat(large))
    yield* settle
    assert.deepStrictEqual(reasons(peer), Array.from({ length: 26 }, () => "TooMuchHeld"))
    assert.deepStrictEqual([heardBy(peer).length, yield* reached(honest)], [1, [10, 126, 127, 128, 129]])
  })

  simulate("by strangers that have not shaken hands holds no more", function*() {
    const peer = yield* visit(10, undefined, { config })
    const all = yield* Effect.forEach(numbers(100, 12), (number) => stranger(number, 10))
    for (const raw of all) raw.write(header, new Uint8Array(large - 1))
    yield* settle
    assert.strictEqual(all.filter(({ end }) => end === "Open").length, 4)
    assert.deepStrictEqual(toldOf(peer, "Rejected").map(({ reason }) => reason), Array(8).fill("TooMuchHeld"))
  })

  simulate("with text for neighbours that do not read lets go of these, and of nobody else", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const peer = yield* visit(10, undefined, { config: { ...config, maxStoredBytes: 1_000_000 } })
    const honest = yield* visit(11, 10)
    const silent = numbers(100, 10)
    for (const number of silent) {
      yield* joiner(number, 10, 1)
      yield* network.clog(ipOf(number))
    }
    const hostile = yield* joiner(99, 10, 1)
    for (const number of silent) {
      for (const text of numbers(0, 30)) hostile.say(chat(99, number, `${text}`.repeat(5000)))
    }
    yield* settle
    yield* honest.send(id(10), "still here")
    yield* settle
    assert.deepStrictEqual(reasons(peer), silent.map(() => "TooMuchHeld"))
    assert.deepStrictEqual([heardBy(peer), yield* reached(peer)], [["11: still here"], [11, 99]])
  })

  simulate("with messages and lists that a subscriber does not take holds the latest of them", function*() {
    const peer = yield* visit(10, undefined, { config: { maxEventBytes: 3 * 2 * large } })
    const raw = yield* joiner(11, 10, 1)
    const gate = yield* Deferred.make<void>()
    const slow: Array<string> = []
    const taking = Stream.runForEach(
      peer.events,
      (event) =>
        Effect.andThen(Deferred.await(gate), Effect.sync(() => event._tag === "Message" && slow.push(event.data)))
    )
    yield* Effect.forkScoped(taking, { startImmediately: true })
    raw.say(join(500, 11))
    for (const number of numbers(0, 12)) raw.say(chat(11, 10, `${number % 10}`.repeat(large)))
    yield* settle
    yield* Deferred.succeed(gate, undefined)
    yield* settle
    assert.deepStrictEqual(slow.map((text) => text[0]), ["9", "0", "1"])
  })
})

describe("a frame of which nothing more comes", () => {
  simulate("ends the connection after 30 to 60 seconds, as a neighbour that is idle is not", function*() {
    const peer = yield* visit(10)
    yield* joiner(11, 10)
    yield* unfinished(12)
    yield* elapse("29 seconds")
    assert.deepStrictEqual(reasons(peer), [])
    yield* elapse("31 seconds")
    assert.deepStrictEqual([reasons(peer), yield* reached(peer)], [["PeerUnresponsive"], [11]])
    yield* elapse("5 minutes")
    assert.deepStrictEqual(yield* reached(peer), [11])
  })

  simulate("is waited for as long as it comes at all", function*() {
    const peer = yield* visit(10)
    const raw = yield* joiner(11, 10)
    for (const byte of frame(chat(11, 10, "slow"))) {
      raw.write(new Uint8Array([byte]))
      yield* elapse("25 seconds")
    }
    assert.deepStrictEqual([heardBy(peer), reasons(peer)], [["11: slow"], []])
  })
})
