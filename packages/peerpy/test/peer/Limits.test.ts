import { assert, describe } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { ascii, Raw } from "../exchange/Raw.ts"
import {
  addressOf,
  connect,
  count,
  elapse,
  helloOf,
  only,
  reasonsOf,
  running,
  settle,
  stranger,
  tagsOf,
  test,
  valuesOf,
  visit
} from "./Network.ts"
import { refusal } from "./World.ts"

const json = { type: "json" } as const
const numbers = (length: number) => Array.from({ length }, (_, number) => number)

describe("a peer with as many connections as it may have", () => {
  const config = { maxConnections: 2 }

  test("denies more, says so, and has room again when one goes", function*() {
    const bob = yield* visit(2, { config })
    const [alice, carol, dave] = [yield* visit(1), yield* visit(3), yield* visit(4)]
    yield* connect(alice, 2, json)
    const going = yield* connect(carol, 2, json)
    assert.strictEqual(yield* refusal(connect(dave, 2, json)), "Denied")
    yield* settle
    assert.deepStrictEqual([reasonsOf(bob), yield* count(bob), yield* count(dave)], [["TooMany"], 2, 0])
    yield* going.close
    yield* settle
    yield* connect(dave, 2, json)
    assert.strictEqual(yield* count(bob), 2)
  })

  test("opens no more itself, and says so, until one goes", function*() {
    const alice = yield* visit(1, { config })
    yield* Effect.forEach([2, 3, 4], (machine) => visit(machine))
    yield* connect(alice, 2, json)
    const going = yield* connect(alice, 3, json)
    assert.strictEqual(yield* refusal(connect(alice, 4, json)), "TooMany")
    yield* going.close
    yield* connect(alice, 4, json)
  })

  test("keeps a place for each that it has not decided on, and gives it back when it does not want it", function*() {
    const decision = yield* Deferred.make<boolean>()
    const bob = yield* visit(2, { config, offer: () => Deferred.await(decision) })
    const waiting = yield* Effect.forEach([3, 4], (machine) => stranger(machine, 2))
    for (const [index, raw] of waiting.entries()) raw.say(helloOf(index + 3))
    yield* settle
    const third = yield* stranger(5, 2)
    third.say(helloOf(5))
    yield* settle
    assert.deepStrictEqual([third.heard, third.end], [["DENY"], "Fin"])
    yield* Deferred.succeed(decision, false)
    yield* settle
    assert.deepStrictEqual(waiting.map(({ heard }) => heard), [["DENY"], ["DENY"]])
    assert.deepStrictEqual(reasonsOf(bob), ["TooMany", "Denied", "Denied"])
  })

  test("loses no place to those that come and go, at whatever moment, in either role", function*() {
    const bob = yield* visit(2, { config, offer: ({ type }) => Effect.succeed(type !== "raw") })
    const alice = yield* visit(1, { config })
    for (const round of numbers(20)) {
      const raw = yield* stranger(9, 2)
      if (round % 5 > 0) raw.say(helloOf(9, round % 2 === 0 ? "raw" : "bytes"))
      if (round % 3 === 0) yield* settle
      raw.pipe[round % 4 < 2 ? "end" : "reset"]()
      yield* settle
      yield* refusal(connect(alice, 2, { type: "raw" }))
      const interrupted = yield* Effect.forkChild(alice.connect(addressOf(2), json))
      for (let turn = 0; turn < round * 3; turn++) yield* Effect.yieldNow
      yield* Fiber.interrupt(interrupted)
      yield* settle
      yield* elapse("1 second")
      const closing = yield* Effect.forkChild(Effect.scoped(alice.connect(addressOf(2), { type: "bytes" })))
      yield* settle
      yield* Fiber.join(closing)
      yield* elapse("3 seconds")
    }
    assert.deepStrictEqual([yield* count(alice), yield* count(bob)], [0, 0])
    yield* Effect.forEach([3, 4], (machine) => Effect.flatMap(visit(machine), (peer) => connect(peer, 2, json)))
    assert.strictEqual(yield* count(bob), 2)
  })
})

describe("strangers at the door", () => {
  test("that say nothing are let go after 2 seconds and delay nobody", function*() {
    const bob = yield* visit(2)
    const alice = yield* visit(1)
    const silent = yield* stranger(9, 2)
    const connection = yield* connect(alice, 2, json)
    yield* connection.send("at once")
    yield* settle
    assert.deepStrictEqual([valuesOf(bob), silent.end], [["at once"], "Open"])
    yield* elapse(1999)
    assert.strictEqual(silent.end, "Open")
    yield* elapse(1)
    assert.deepStrictEqual([silent.end, reasonsOf(bob)], ["Fin", ["PeerUnresponsive"]])
  })

  test("from one address are let in 16 at a time, others not among them", function*() {
    const bob = yield* visit(2)
    const silent = yield* Effect.forEach(numbers(20), () => stranger(9, 2))
    assert.strictEqual(silent.filter(({ end }) => end === "Open").length, 16)
    assert.deepStrictEqual(reasonsOf(bob), ["TooMany", "TooMany", "TooMany", "TooMany"])
    yield* connect(yield* visit(1), 2, json)
    yield* elapse("2 seconds")
    const late = yield* stranger(9, 2)
    late.say(helloOf(9))
    yield* settle
    assert.deepStrictEqual(late.heard, ["ACCEPT"])
  })

  test("from everywhere are let in 64 at a time: the longest silent make way", function*() {
    const bob = yield* visit(2)
    const silent = yield* Effect.forEach(numbers(70), (number) => Raw.dial(`10.9.${number}.1`, addressOf(2)))
    assert.deepStrictEqual(silent.map(({ end }) => end), numbers(70).map((number) => number < 6 ? "Fin" : "Open"))
    assert.deepStrictEqual(reasonsOf(bob), numbers(6).map(() => "TooMany"))
  })

  test("from one network are let in 48 at a time", function*() {
    const bob = yield* visit(2)
    const silent = yield* Effect.forEach(numbers(50), (number) => stranger(10 + number, 2))
    assert.strictEqual(silent.filter(({ end }) => end === "Open").length, 48)
    assert.deepStrictEqual(reasonsOf(bob), ["TooMany", "TooMany"])
  })

  test("leave the door with their hello: those who wait for a decision keep nobody out", function*() {
    const bob = yield* visit(2, {
      offer: ({ peer }) => peer.startsWith("10.0.0.9") ? Effect.never : Effect.succeed(true)
    })
    for (const _ of numbers(20)) (yield* stranger(9, 2)).say(helloOf(9))
    yield* settle
    assert.strictEqual(tagsOf(bob).filter((tag) => tag === "Offer").length, 20)
    yield* connect(yield* visit(1), 2, json)
  })
})

describe("an offer", () => {
  test("takes the time that it takes, and loses nothing of what comes in the meantime", function*() {
    const bob = yield* visit(2, {
      offer: () => Effect.as(Effect.sleep("1500 millis"), true),
      serve: () => Effect.never
    })
    const raw = yield* stranger(9, 2)
    raw.say(helloOf(9))
    raw.write("DATA|data_size=1&data_type=bytes".padEnd(128, "|"), "x")
    yield* elapse(1499)
    assert.deepStrictEqual(raw.heard, [])
    yield* elapse(1)
    assert.deepStrictEqual(raw.heard, ["ACCEPT"])
    assert.deepStrictEqual(yield* (yield* only(bob, "bytes")).receive, ascii("x"))
  })

  test("that takes its time delays no other", function*() {
    const bob = yield* visit(2, { offer: ({ type }) => type === "raw" ? Effect.never : Effect.succeed(true) })
    const waiting = yield* Effect.forkChild(Effect.flip((yield* visit(1)).connect(addressOf(2), { type: "raw" })))
    yield* settle
    yield* connect(yield* visit(3), 2, json)
    assert.isTrue(running(waiting))
    yield* elapse("2 seconds")
    assert.strictEqual((yield* Fiber.join(waiting)).reason._tag, "PeerUnresponsive")
    assert.strictEqual(yield* count(bob), 1)
  })

  test.each(["end", "reset"] as const)(
    "is interrupted when the asker goes, by %s, and there is no connection",
    function*(end) {
      const interrupted = yield* Deferred.make<void>()
      const offer = () => Effect.onInterrupt(Effect.never, () => Deferred.succeed(interrupted, undefined))
      const bob = yield* visit(2, { offer, config: { maxConnections: 1 } })
      const raw = yield* stranger(9, 2)
      raw.say(helloOf(9))
      yield* settle
      raw.pipe[end]()
      yield* settle
      yield* Deferred.await(interrupted)
      assert.deepStrictEqual([raw.heard, tagsOf(bob)], [[], ["Offer"]])
    }
  )

  test("says who asks, for what, and from where", function*() {
    const bob = yield* visit(2)
    const raw = yield* stranger(9, 2)
    raw.say("HELLO|peer_name=10.0.0.7:1&data_type=raw&strict=False&stream=True")
    yield* settle
    const offer = bob.told.find((event) => event._tag === "Offer")
    assert.deepInclude(offer ?? {}, { _tag: "Offer", peer: "10.0.0.7:1", type: "raw", strict: false, stream: true })
    assert.match(offer?.remote ?? "", /^10\.0\.0\.9:\d+$/)
    assert.strictEqual((yield* only(bob, "raw")).remote.port > 0, true)
  })

  test("that dies turns its asker away, and the peer takes others", function*() {
    const bob = yield* visit(2, {
      offer: ({ type }) => type === "raw" ? Effect.die("a defect") : Effect.succeed(true)
    })
    const raw = yield* stranger(9, 2)
    raw.say(helloOf(9, "raw"))
    yield* settle
    assert.deepStrictEqual([raw.heard, raw.end, yield* count(bob)], [[], "Fin", 0])
    yield* connect(yield* visit(1), 2, json)
  })
})
