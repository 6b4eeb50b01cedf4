import { assert, describe } from "@effect/vitest"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { bytesOf } from "../fixtures/Pickles.ts"
import { both, connect, helloOf, reasonsOf, settle, stranger, tagsOf, test, visit, type Visitor } from "./Network.ts"

const json = (text: string) => new TextEncoder().encode(text)
const values = 100_000

/** Payloads that ask for as much work as so many bytes can. */
const payloads = [
  { name: "a pickle of empty dicts", type: "raw", payload: bytesOf(`](${"}".repeat(values)}e.`) },
  {
    name: "a pickle that fills one frozenset",
    type: "raw",
    payload: bytesOf(`(${"K\x01M\x02\x02".repeat(values / 2)}\x91.`)
  },
  { name: "json of empty objects", type: "json", payload: json(`{"data": [${"{},".repeat(values)}1]}`) },
  { name: "json of one object", type: "json", payload: json(`{"data": {${members(values)}}}`) },
  { name: "json of long integers", type: "json", payload: json(`{"data": [${"9007199254740993,".repeat(values)}1]}`) }
] as const

function members(count: number): string {
  return Array.from({ length: count }, (_, index) => `"${index}a": 1`).join()
}

/** Done when a peer has told of so many values. */
const told = Effect.fnUntraced(function*({ events }: Visitor, count: number) {
  const done = yield* Deferred.make<void>()
  let values = 0
  const telling = Stream.runForEach(
    events,
    ({ _tag }) => _tag === "Data" && ++values === count ? Deferred.succeed(done, undefined) : Effect.void
  )
  yield* Effect.forkScoped(telling, { startImmediately: true })
  return done
})

/** Counts the turns of the event loop until then. */
const turnsUntil = Effect.fnUntraced(function*(done: Deferred.Deferred<void>) {
  let turns = 0
  while (!(yield* Deferred.isDone(done))) {
    yield* Effect.yieldNow
    turns++
  }
  return turns
})

describe("a peer that is sent", () => {
  test.each(payloads)("$name reads it in slices, and serves others meanwhile", function*({ payload, type }) {
    const [alice, bob] = [yield* visit(1), yield* visit(2)]
    const connection = yield* connect(alice, 2, { type: "json" })
    const raw = yield* stranger(9, 2)
    raw.say(helloOf(9, type), `DATA|data_size=${payload.length}&data_type=${type}`)
    yield* settle
    const both = yield* told(bob, 2)
    raw.write(payload)
    const sending = yield* Effect.forkChild(connection.send("short"))
    // A slice goes through 4096 values at most.
    assert.isAtLeast(yield* turnsUntil(both), values / 4096)
    yield* Fiber.join(sending)
    const data = bob.told.flatMap((event) => event._tag === "Data" ? [event.data] : [])
    assert.deepStrictEqual([data.length, data[0], bob.told.some(({ _tag }) => _tag === "Closed")], [2, "short", false])
  })

  test.each(Array.from({ length: 30 }, (_, turns) => ({ turns })))(
    "a large value tells nothing of a connection that it has closed after $turns turns",
    function*({ turns }) {
      const { alice, far, near } = yield* both({ type: "json" })
      yield* Effect.forkChild(far.send(Array.from({ length: 30_000 }, () => ({}))))
      yield* Effect.repeat(Effect.yieldNow, { times: turns })
      yield* near.close
      yield* settle
      assert.strictEqual(tagsOf(alice).at(-1), "Closed")
    }
  )

  const excessive = [
    { name: "more values in a pickle", type: "raw", payload: bytesOf(`](${"K\x01".repeat(100)}e.`) },
    { name: "more in the memo of a pickle", type: "raw", payload: bytesOf(`N${memos(101)}.`) },
    { name: "a deeper pickle", type: "raw", payload: bytesOf(`${"]".repeat(11)}${"a".repeat(10)}.`) },
    { name: "more values in json", type: "json", payload: json(`{"data": [${"{},".repeat(100)}1]}`) },
    { name: "more members in json", type: "json", payload: json(`{"data": {${members(100)}}}`) },
    { name: "deeper json", type: "json", payload: json(`{"data": ${"[".repeat(11)}${"]".repeat(11)}}`) },
    { name: "many more values in json", type: "json", payload: json(`{"data": [${"{},".repeat(100_000)}1]}`) }
  ] as const

  function memos(count: number): string {
    return Array.from({ length: count }, (_, index) => `r${String.fromCharCode(index)}\0\0\0`).join("")
  }

  test.each(excessive)("$name than it is configured to take ends that connection", function*({ payload, type }) {
    const bob = yield* visit(2, { config: { maxValues: 100, maxDepth: 10 } })
    const raw = yield* stranger(9, 2)
    raw.say(helloOf(9, type), `DATA|data_size=${payload.length}&data_type=${type}`)
    raw.write(payload)
    yield* settle
    assert.deepStrictEqual(reasonsOf(bob), ["UnreadableValue"])
  })

  test("as much as it is configured to take takes it", function*() {
    const bob = yield* visit(2, { config: { maxValues: 100, maxDepth: 10 } })
    for (
      const [machine, type, payload] of [
        [7, "raw", bytesOf(`](${"K\x01".repeat(98)}e.`)],
        [8, "json", json(`{"data": [${"{}, ".repeat(97)}1]}`)],
        [9, "json", json(`{"data": ${"[".repeat(9)}${"]".repeat(9)}}`)]
      ] as const
    ) {
      const raw = yield* stranger(machine, 2)
      raw.say(helloOf(machine, type), `DATA|data_size=${payload.length}&data_type=${type}`)
      raw.write(payload)
      yield* settle
    }
    assert.deepStrictEqual(bob.told.map(({ _tag }) => _tag).filter((tag) => tag === "Data").length, 3)
    assert.deepStrictEqual(reasonsOf(bob), [])
  })
})
