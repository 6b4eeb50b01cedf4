/** Searches through a random network of a hundred peers. */
import { assert, describe } from "@effect/vitest"
import { compare, simulated, tangle } from "../test/peer/searching/Topology.ts"

describe("a random network of a hundred peers", () => {
  simulated("is searched through with as many messages as its shape asks for", function*() {
    const edges = yield* tangle(100)
    const { searches } = yield* compare(edges, [])
    assert.strictEqual(searches, 2 * edges.length - 99)
  })

  simulated("gives every file that can be reached in so many hops", function*() {
    const { holders } = yield* compare(yield* tangle(100), [3, 20, 41, 57, 76, 99], 2)
    assert.isAbove(holders.length, 0)
    assert.isBelow(holders.length, 6)
  })
})
