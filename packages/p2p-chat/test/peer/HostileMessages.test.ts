/** Neighbours that send more text than anybody wants, or read none: it costs them, and nobody else. */
import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { assertPeace, hostile, village } from "./HostileVillage.ts"
import { elapse, heardBy, id, ipOf, numbers, settle, simulate, toldOf, type Visitor } from "./Network.ts"
import { chat, join, joiner } from "./Raw.ts"

/** How many messages a peer gave up, by receiver. */
const discardedBy = ({ told }: Visitor) => {
  const discarded = new Map<number, number>()
  for (const event of told) {
    if (event._tag !== "Discarded") continue
    discarded.set(Number(event.to), (discarded.get(Number(event.to)) ?? 0) + event.messages)
  }
  return Object.fromEntries(discarded)
}

describe("a flood of messages for nobody", () => {
  simulate("is kept within bounds, and pushes out nothing but itself", function*() {
    const { first, second } = yield* village({ maxStored: 100 })
    const quiet = yield* joiner(67, 10)
    yield* first.send(id(700), "own")
    quiet.say(chat(67, 701, "from another"))
    yield* settle
    const raw = yield* joiner(hostile, 10)
    for (let round = 0; round < 20; round++) {
      raw.sayAtOnce(numbers(0, 500).map((number) => chat(hostile, 600 + number % 3, `flood ${number}`)))
      yield* settle
    }
    const rows = yield* first.buffer
    assert.deepStrictEqual(rows.slice(0, 2), [{ id: id(700), messages: 1 }, { id: id(701), messages: 1 }])
    assert.strictEqual(rows.reduce((sum, { messages }) => sum + messages, 0), 100)
    assert.hasAllKeys(discardedBy(first), ["600", "601", "602"])
    const [one, other] = [yield* joiner(700, 13), yield* joiner(701, 10)]
    assert.include(one.words, "10 to 700: own")
    assert.include(other.words, "67 to 701: from another")
    assert.strictEqual(raw.end, "Open")
    yield* second.send(id(hostile), "enough")
    yield* settle
    assert.include(raw.words, "11 to 66: enough")
  })

  simulate("of large messages is bounded by bytes", function*() {
    const { first } = yield* village({ maxStoredBytes: 1_000_000 })
    const quiet = yield* joiner(67, 10)
    quiet.say(chat(67, 701, "from another"))
    yield* settle
    const raw = yield* joiner(hostile, 10)
    for (let round = 0; round < 50; round++) {
      raw.say(chat(hostile, 600, "x".repeat(60_000)))
      yield* settle
    }
    assert.deepStrictEqual(yield* first.buffer, [{ id: id(701), messages: 1 }, { id: id(600), messages: 8 }])
    assert.deepStrictEqual(discardedBy(first), { 600: 42 })
  })
})

describe("a neighbour that does not read", () => {
  simulate("is let go after 10 seconds, while everybody else goes on, the one who sends to it as well", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const honest = yield* village()
    const deaf = yield* joiner(67, 10)
    const flooder = yield* joiner(hostile, 10)
    yield* network.clog(ipOf(67))
    for (let round = 0; round < 100; round++) {
      flooder.sayAtOnce(numbers(0, 50).map((number) => chat(hostile, 67, `${number}`.repeat(500))))
      yield* elapse("50 millis")
    }
    flooder.say(chat(hostile, 10, "may I?"))
    yield* settle
    assert.deepStrictEqual(heardBy(honest.first), ["66: may I?"])
    assert.isBelow(yield* network.buffered, 300_000)
    assert.deepStrictEqual(toldOf(honest.first, "Left"), [])
    yield* elapse("10 seconds")
    assert.deepStrictEqual(toldOf(honest.first, "Left"), [{ _tag: "Left", peer: id(67), reason: "SlowReader" }])
    assert.strictEqual(flooder.end, "Open")
    // All but what is on its way to it already.
    const kept = (yield* honest.first.buffer).map(({ id, messages }) => [Number(id), messages > 4800])
    assert.deepStrictEqual(kept, [[67, true]])
    yield* network.unclog(ipOf(67))
    yield* settle
    assert.notStrictEqual(deaf.end, "Open")
    honest.first.told.length = 0
    yield* assertPeace(honest)
  })

  simulate("stays while nothing is sent to it, however long", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const honest = yield* village()
    const deaf = yield* joiner(67, 10)
    yield* network.clog(ipOf(67))
    yield* elapse("1 hour")
    yield* network.unclog(ipOf(67))
    yield* honest.fourth.send(id(67), "awake?")
    yield* settle
    assert.strictEqual(deaf.words.at(-1), "13 to 67: awake?")
  })
})

describe("two neighbours that play ping-pong", () => {
  simulate("with ids that both announce get what they send and not a frame more", function*() {
    const honest = yield* village()
    const [ping, pong] = [yield* joiner(hostile, 10, 1), yield* joiner(67, 10, 1)]
    ping.say(join(600, hostile), join(700, hostile))
    pong.say(join(600, 67), join(700, 67))
    yield* settle
    const count = () => ping.heard.length + pong.heard.length
    const before = count()
    for (const number of numbers(0, 100)) {
      ping.say(chat(1, 700, `${number}`), chat(1, 600, `${number}`), chat(1, 67, `${number}`))
      pong.say(chat(2, 600, `${number}`), chat(2, 700, `${number}`), chat(2, hostile, `${number}`))
    }
    yield* elapse("1 minute")
    assert.isAtMost(count() - before, 600)
    yield* assertPeace(honest)
  })

  simulate("with a message for somebody behind them, whom both claim, cannot make it go round", function*() {
    const honest = yield* village()
    const [ping, pong] = [yield* joiner(hostile, 10, 1), yield* joiner(67, 11, 1)]
    ping.say(join(600, hostile, 1))
    yield* settle
    pong.say(join(600, 67, 1))
    yield* settle
    const count = ping.heard.length + pong.heard.length
    yield* honest.fourth.send(id(600), "to whom?")
    yield* elapse("1 minute")
    assert.strictEqual(ping.heard.length + pong.heard.length, count + 1)
    yield* assertPeace(honest)
  })

  simulate("never get back what they sent", function*() {
    const { first } = yield* village()
    const raw = yield* joiner(hostile, 10)
    raw.say(join(600, hostile))
    yield* settle
    const before = raw.heard.length
    raw.say(chat(hostile, 600, "boomerang"), chat(600, hostile, "boomerang"))
    yield* elapse("1 minute")
    assert.strictEqual(raw.heard.length, before)
    assert.deepStrictEqual(yield* first.buffer, [{ id: id(600), messages: 1 }, { id: id(hostile), messages: 1 }])
  })
})
