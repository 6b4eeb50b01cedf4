/** A host whose door is full of strangers: joiners get in, whatever addresses the strangers have. */
import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { elapse, host, joiner, settle, simulation } from "../Network.ts"
import { scripted, stranger } from "../Strangers.ts"
import { peersOf } from "../Watching.ts"

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

const floods = [
  { what: "8 addresses with 32 connections each", addresses: range(256).map((index) => `10.3.${index % 8}.1`) },
  {
    what: "300 addresses with one each",
    addresses: range(300).map((index) => `10.${3 + (index % 2)}.${index >> 1}.1`)
  },
  { what: "254 addresses of one network", addresses: range(254).map((index) => `10.3.0.${index + 1}`) },
  { what: "one address with 1,000 connections", addresses: range(1000).map(() => "10.3.0.1") }
]

describe("a host with silent strangers at its door", () => {
  simulation.each(floods)("lets everybody else in within a second: $what", function*({ addresses }) {
    const hosting = yield* host()
    yield* Effect.forEach(addresses, (ip) => stranger(ip), { concurrency: "unbounded" })
    const joining = yield* Effect.forEach(range(40), (index) => Effect.forkChild(joiner(`10.2.${index}.1`)))
    // They come again as soon as they have lost their places.
    yield* Effect.forEach(addresses, (ip) => stranger(ip), { concurrency: "unbounded" })
    yield* elapse("1 second")
    yield* Fiber.joinAll(joining)
    assert.strictEqual((yield* peersOf(hosting)).length, 40)
  })

  simulation(
    "lets others in from the address of 100 strangers, once these were silent for more than a second",
    function*() {
      const hosting = yield* host()
      yield* Effect.forEach(range(100), () => stranger("10.2.0.1"), { concurrency: "unbounded" })
      yield* elapse("1001 millis")
      const joining = yield* Effect.forkChild(joiner("10.2.0.1"))
      yield* elapse("1 second")
      yield* Fiber.join(joining)
      assert.strictEqual((yield* peersOf(hosting)).length, 1)
    }
  )

  simulation("drops none that has said the password", function*() {
    yield* host({ config: { maxHandshakes: 2, maxHandshakesPerAddress: 2 } })
    const [first, second] = [yield* scripted("10.2.0.1", "Address"), yield* scripted("10.2.0.1", "Address")]
    const third = yield* stranger("10.2.0.2")
    yield* settle
    assert.deepStrictEqual([first.end, second.end, third.end], ["Open", "Open", "Fin"])
  })
})
