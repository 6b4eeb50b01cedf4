/** A bootstrap in the middle of a network: who is listed, and who is told of whom. */
import { assert, describe } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import { Clock, Effect, Stream, SubscriptionRef } from "effect"
import { ask, bootstrap, bootstrapPort, dial, elapse, hub, settle, simulated } from "../Network.ts"

const [a, b, c, d] = ["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"]
const at = PeerAddress.at
const there = `${hub}:${bootstrapPort}`
const linesOf = (text: string) => text.split("\n").slice(0, -1).sort()

describe("a bootstrap", () => {
  simulated("lists who registers, in order, at the address that it came from", function*() {
    const node = yield* bootstrap()
    yield* ask(b, "0:5002")
    yield* ask(a, "0:5001")
    assert.deepStrictEqual(yield* node.listed, [at(b, 5002), at(a, 5001)])
    assert.strictEqual((yield* ask(c, "1:3")).text, `${b},5002\n${a},5001\n`)
    assert.deepStrictEqual(node.told, [{ _tag: "Joined", peer: at(b, 5002) }, { _tag: "Joined", peer: at(a, 5001) }])
  })

  simulated("keeps its list current as peers register, leave and expire, and says that it has left", function*() {
    const node = yield* bootstrap()
    assert.strictEqual(node.self, PeerAddress.at("0.0.0.0", bootstrapPort))
    const lists: Array<ReadonlyArray<string>> = []
    const watching = Stream.runForEach(
      SubscriptionRef.changes(node.peers),
      (list) => Effect.sync(() => lists.push(list))
    )
    yield* Effect.forkScoped(watching, { startImmediately: true })
    for (const [ip, text] of [[a, "0:5001"], [b, "0:5002"], [a, "0:5001"], [a, "2:5001"]] as const) yield* ask(ip, text)
    yield* elapse("600001 millis")
    assert.deepStrictEqual(lists, [[], [at(a, 5001)], [at(a, 5001), at(b, 5002)], [at(b, 5002)], []])
    assert.deepStrictEqual(yield* SubscriptionRef.get(node.status), { _tag: "Joined" })
    yield* node.leave
    assert.deepStrictEqual(yield* SubscriptionRef.get(node.status), { _tag: "Left", reason: "Left" })
  })

  simulated("knows since when a peer is registered, when it was heard of, and when it expires", function*() {
    const node = yield* bootstrap()
    const began = yield* Clock.currentTimeMillis
    yield* ask(a, "0:5001")
    yield* elapse("5 minutes")
    yield* ask(a, "3:5001")
    assert.deepStrictEqual(
      (yield* node.roster).map((
        { expires, heard, peer, since }
      ) => [peer, since - began, heard - since, expires - heard]),
      [
        [at(a, 5001), 0, 300_000, 600_000]
      ]
    )
    yield* ask(a, "2:5001")
    assert.deepStrictEqual(yield* node.roster, [])
  })

  simulated("tells somebody who asks of itself too, as the original does", function*() {
    yield* bootstrap()
    yield* ask(a, "0:5001")
    assert.strictEqual((yield* ask(a, "1:3")).text, `${a},5001\n`)
  })

  simulated("answers nothing to what asks for nothing, and ends each connection", function*() {
    yield* bootstrap()
    for (const text of ["0:5001", "3:5001", "2:5001", "1:3"]) {
      const raw = yield* ask(a, text)
      assert.deepStrictEqual([raw.text, raw.end], ["", "Fin"])
    }
  })
})

describe("the answer to who is there", () => {
  const crowded = Effect.gen(function*() {
    const node = yield* bootstrap()
    for (const port of [5001, 5002, 5003, 5004, 5005]) yield* ask(a, `0:${port}`)
    return node
  })

  const all = [5001, 5002, 5003, 5004, 5005].map((port) => `${a},${port}\n`).join("")
  simulated.each([
    { asked: "1:", named: 3 },
    { asked: "1:0", named: 0 },
    ...[5, 6, 99999].map((count) => ({ asked: `1:${count}`, named: 5 }))
  ])("to $asked names $named of five, in order when that is all", function*({ asked, named }) {
    yield* crowded
    const { end, text } = yield* ask(b, asked)
    assert.deepStrictEqual([linesOf(text).length, end], [named, "Fin"])
    if (named === 5) assert.strictEqual(text, all)
  })

  simulated("is a random choice without anybody twice when there are more", function*() {
    yield* crowded
    const choices = new Set<string>()
    for (let round = 0; round < 10; round++) {
      const { text } = yield* ask(b, "1:3")
      assert.strictEqual(new Set(linesOf(text)).size, 3)
      choices.add(text)
    }
    assert.isAbove(choices.size, 1)
  })
})

describe("a registration", () => {
  simulated("ends after ten minutes of silence, which is told at that moment", function*() {
    const node = yield* bootstrap()
    yield* ask(a, "0:5001")
    yield* elapse("10 minutes")
    assert.strictEqual(node.told.length, 1)
    yield* elapse("1 millis")
    assert.deepStrictEqual(node.told.slice(1), [{ _tag: "Left", peer: at(a, 5001), reason: "Expired" }])
    assert.strictEqual((yield* ask(b, "1:3")).text, "")
  })

  simulated("of each is ended at its own moment", function*() {
    const node = yield* bootstrap()
    for (const ip of [a, b, c]) {
      yield* ask(ip, "0:5001")
      yield* elapse("1 minute")
    }
    yield* elapse("7 minutes")
    const gone = () => node.told.flatMap((event) => event._tag === "Left" ? [event.peer] : [])
    for (const ips of [[a], [a, b], [a, b, c]]) {
      yield* elapse("1 millis")
      assert.deepStrictEqual(gone(), ips.map((ip) => at(ip, 5001)))
      yield* elapse("59999 millis")
    }
  })

  simulated("that is taken back within the instant leaves the next one its expiry", function*() {
    const node = yield* bootstrap()
    const [coming, going] = [yield* dial(a, there), yield* dial(a, there)]
    coming.write("0:5001")
    going.write("2:5001")
    yield* settle
    assert.deepStrictEqual(node.told.map(({ _tag }) => _tag), ["Joined", "Left"])
    yield* elapse("11 minutes")
    yield* ask(b, "0:5002")
    yield* elapse("601 seconds")
    assert.deepStrictEqual(node.told.at(-1), { _tag: "Left", peer: at(b, 5002), reason: "Expired" })
  })
})

describe("many clients at once", () => {
  simulated("are all listed", function*() {
    const node = yield* bootstrap({ maxHandshakesPerAddress: 500, maxHandshakes: 1000 })
    const ips = [a, b, c, d]
    const ports = Array.from({ length: 50 }, (_, index) => 5000 + index)
    const all = ips.flatMap((ip) => ports.map((port) => ({ ip, port })))
    yield* Effect.forEach(all, ({ ip, port }) => ask(ip, `0:${port}`), { concurrency: "unbounded", discard: true })
    yield* settle
    assert.deepStrictEqual((yield* node.listed).toSorted(), all.map(({ ip, port }) => at(ip, port)).toSorted())
    assert.strictEqual(linesOf((yield* ask(hub, "1:999")).text).length, 200)
  })
})
