/** Searches in networks of many shapes: what is found, and how many messages that takes. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { ipOf } from "../Network.ts"
import { chain, compare, found, ring, searchesIn, simulated, star, tangle, village } from "./Topology.ts"

describe("a search", () => {
  simulated.each([
    { what: "takes one message for each link of a chain", edges: chain(8), holders: [7], searches: 7, found: [7] },
    { what: "goes round a ring both ways, and one link twice", edges: ring(8), holders: [], searches: 9, found: [] },
    { what: "reaches all leaves of a star", edges: star(9), holders: [2, 5, 9], searches: 9, found: [2, 5, 9] },
    { what: "stops at whoever has the file", edges: chain(8), holders: [3, 6], searches: 3, found: [3] },
    { what: "finds a file at the end of its hops", edges: chain(8), holders: [4], ttl: 3, searches: 4, found: [4] },
    { what: "finds no file behind that", edges: chain(8), holders: [5], ttl: 3, searches: 4, found: [] },
    {
      what: "without hops asks those whom this peer knows",
      edges: star(3),
      holders: [1],
      ttl: 0,
      searches: 3,
      found: [1]
    }
  ])("$what", function*({ edges, found, holders, searches, ttl }) {
    const result = yield* compare(edges, holders, ttl)
    assert.deepStrictEqual([result.searches, result.holders], [searches, found])
  })

  simulated("counts its hops down, and is passed on ten times at most", function*() {
    const { passed } = yield* compare(chain(14), [])
    assert.deepStrictEqual(passed.map(({ ttl }) => ttl), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  })

  simulated("says in each message who searches for what, under one name", function*() {
    const { passed } = yield* compare(chain(4), [3])
    const [id] = /(?<=^6:)[a-z0-9-]+(?=:)/.exec(passed[0]?.text ?? "") ?? []
    assert.isDefined(id)
    assert.deepStrictEqual(passed.map(({ text }) => text), [
      `6:${id}:wanted.txt:${ipOf(0)}:5005:10`,
      `6:${id}:wanted.txt:${ipOf(0)}:5005:9`,
      `6:${id}:wanted.txt:${ipOf(0)}:5005:8`,
      `7:${id}:${ipOf(3)}:5005:wanted.txt`
    ])
  })
})

describe("a random network of 25 peers", () => {
  simulated("is searched through with as many messages as its shape asks for", function*() {
    const edges = yield* tangle(25)
    const { searches } = yield* compare(edges, [])
    assert.strictEqual(searches, 2 * edges.length - 24)
  })

  simulated("gives every file that can be reached in so many hops", function*() {
    const { holders } = yield* compare(yield* tangle(25), [3, 9, 14, 17, 20, 24], 1)
    assert.isAbove(holders.length, 0)
    assert.isBelow(holders.length, 6)
  })
})

describe("a peer that knows many", () => {
  simulated("asks so many of them, chosen at random", function*() {
    const peers = yield* village(star(30), [])
    for (let round = 0; round < 3; round++) yield* found(peers, 0)
    const asked = (yield* searchesIn).map(({ to }) => to)
    assert.strictEqual(asked.length, 3 * 16)
    assert.isAbove(new Set(asked).size, 20)
  })

  simulated("searches for two things at once and takes each answer for what it is", function*() {
    const peers = yield* village(star(2), [1, 2])
    const both = yield* Effect.all([found(peers, 0), found(peers, 0)], { concurrency: "unbounded" })
    assert.deepStrictEqual(both, [[1, 2], [1, 2]])
  })
})
