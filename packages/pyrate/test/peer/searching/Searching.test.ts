/** Searches in networks of many shapes: what is found, and how many messages that takes. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { ipOf } from "../Network.ts"
import { chain, compare, found, ring, searchesIn, simulated, star, tangle, village } from "./Topology.ts"

describe("a search", () => {
  simulated("takes one message for each link of a chain", function*() {
    assert.strictEqual((yield* compare(chain(8), [7])).searches, 7)
  })

  simulated("goes round a ring both ways, and one link twice where the ways meet", function*() {
    assert.strictEqual((yield* compare(ring(8), [])).searches, 9)
  })

  simulated("reaches all leaves of a star from its middle with a message each", function*() {
    const result = yield* compare(star(9), [2, 5, 9])
    assert.deepStrictEqual([result.searches, result.holders], [9, [2, 5, 9]])
  })

  simulated("stops at whoever has the file", function*() {
    const result = yield* compare(chain(8), [3, 6])
    assert.deepStrictEqual([result.searches, result.holders], [3, [3]])
  })

  simulated("counts its hops down, and is passed on ten times at most", function*() {
    const { passed } = yield* compare(chain(14), [])
    assert.deepStrictEqual(passed.map(({ ttl }) => ttl), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  })

  simulated("finds a file at the end of its hops and none behind", function*() {
    assert.deepStrictEqual((yield* compare(chain(8), [4], 3)).holders, [4])
  })

  simulated("finds no file behind the end of its hops", function*() {
    assert.deepStrictEqual((yield* compare(chain(8), [5], 3)).holders, [])
  })

  simulated("without hops asks those whom this peer knows, and nobody else", function*() {
    assert.deepStrictEqual(yield* compare(star(3), [1], 0).pipe(Effect.map(({ searches }) => searches)), 3)
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
