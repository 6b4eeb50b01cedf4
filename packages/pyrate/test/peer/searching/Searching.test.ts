/** Searches in networks of many shapes: what is found, and how many messages that takes. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Random } from "effect"
import { elapse, ipOf, world } from "../Network.ts"
import {
  chain,
  type Edges,
  found,
  hopsFrom,
  neighboursOf,
  ring,
  searchesIn,
  star,
  village,
  wanted
} from "./Topology.ts"

const numbersOf = (edges: Edges) => [...new Set(edges.flat())]
const manyEntries = world({ traceEntries: 100_000 })

/** What a search from 0 comes to, by the rules alone: a holder answers and passes nothing on. */
const predict = (edges: Edges, holders: ReadonlyArray<number>, ttl: number) => {
  const passing = edges.filter(([a, b]) => !holders.includes(a) && !holders.includes(b))
  const hops = hopsFrom(passing, 0)
  const asking = [...hops].filter(([, distance]) => distance <= ttl).map(([number]) => number)
  const answering = holders.filter((holder) => neighboursOf(edges, holder).some((next) => asking.includes(next)))
  // Whoever passes it on leaves out the one that it came from.
  const searches = asking.map((number) => neighboursOf(edges, number).length - (number === 0 ? 0 : 1))
  return { holders: answering, searches: searches.reduce((sum, count) => sum + count, 0) }
}

/** Searches from 0 with some time between each two peers, so that no way is a short cut. */
const compare = Effect.fnUntraced(function*(edges: Edges, holders: ReadonlyArray<number>, ttl = 10) {
  const peers = yield* village(edges, holders)
  const network = yield* MemoryNetwork.MemoryNetwork
  const machines = [...peers.keys()].map(ipOf)
  yield* network.setLink(machines, machines, { latency: "10 millis" })
  const from = peers.get(0)
  const hits: Array<string> = []
  const search = from === undefined ? undefined : yield* from.search(wanted, { ttl })
  assert.isDefined(search)
  for (let hop = 0; hop < 15; hop++) yield* elapse("40 millis")
  for (const event of from?.told ?? []) if (event._tag === "Hit") hits.push(event.peer)
  const passed = yield* searchesIn
  const searches = passed.filter(({ kind }) => kind === "6")
  const expected = predict(edges, holders, ttl)
  assert.deepStrictEqual(
    passed.filter(({ kind }) => kind === "7").map(({ from }) => from).toSorted((a, b) => a - b),
    expected.holders.toSorted((a, b) => a - b)
  )
  assert.strictEqual(hits.length, expected.holders.length)
  assert.strictEqual(searches.length, expected.searches)
  // Each peer said it to each of its neighbours once at most, whatever came back to it.
  assert.strictEqual(new Set(searches.map(({ from, to }) => `${from} ${to}`)).size, searches.length)
  return { ...expected, passed }
})

describe("a search", () => {
  it.effect("takes one message for each link of a chain", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* compare(chain(8), [7])).searches, 7)
    }).pipe(manyEntries))

  it.effect("goes round a ring both ways, and one link twice where the ways meet", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* compare(ring(8), [])).searches, 9)
    }).pipe(manyEntries))

  it.effect("reaches all leaves of a star from its middle with a message each", () =>
    Effect.gen(function*() {
      const result = yield* compare(star(9), [2, 5, 9])
      assert.deepStrictEqual([result.searches, result.holders], [9, [2, 5, 9]])
    }).pipe(manyEntries))

  it.effect("stops at whoever has the file", () =>
    Effect.gen(function*() {
      const result = yield* compare(chain(8), [3, 6])
      assert.deepStrictEqual([result.searches, result.holders], [3, [3]])
    }).pipe(manyEntries))

  it.effect("counts its hops down, and is passed on ten times at most", () =>
    Effect.gen(function*() {
      const { passed } = yield* compare(chain(14), [])
      assert.deepStrictEqual(passed.map(({ ttl }) => ttl), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    }).pipe(manyEntries))

  it.effect("finds a file at the end of its hops and none behind", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* compare(chain(8), [4], 3)).holders, [4])
    }).pipe(manyEntries))

  it.effect("finds no file behind the end of its hops", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* compare(chain(8), [5], 3)).holders, [])
    }).pipe(manyEntries))

  it.effect("without hops asks those whom this peer knows, and nobody else", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* compare(star(3), [1], 0).pipe(Effect.map(({ searches }) => searches)), 3)
    }).pipe(manyEntries))

  it.effect("says in each message who searches for what, under one name", () =>
    Effect.gen(function*() {
      const { passed } = yield* compare(chain(4), [3])
      const [id] = /(?<=^6:)[a-z0-9-]+(?=:)/.exec(passed[0]?.text ?? "") ?? []
      assert.isDefined(id)
      assert.deepStrictEqual(passed.map(({ text }) => text), [
        `6:${id}:wanted.txt:${ipOf(0)}:5005:10`,
        `6:${id}:wanted.txt:${ipOf(0)}:5005:9`,
        `6:${id}:wanted.txt:${ipOf(0)}:5005:8`,
        `7:${id}:${ipOf(3)}:5005:wanted.txt`
      ])
    }).pipe(manyEntries))
})

describe("a random network of a hundred peers", () => {
  /** Connected, with some 250 links; nobody has more neighbours than a search is passed on to. */
  const tangle = Effect.gen(function*() {
    const below = (limit: number) => Effect.map(Random.next, (chance) => Math.floor(chance * limit))
    const links = new Map<string, readonly [number, number]>()
    const degrees = new Map<number, number>()
    const link = (a: number, b: number) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      if (a === b || links.has(`${low} ${high}`)) return
      if ((degrees.get(a) ?? 0) >= 16 || (degrees.get(b) ?? 0) >= 16) return
      links.set(`${low} ${high}`, [low, high])
      for (const end of [a, b]) degrees.set(end, (degrees.get(end) ?? 0) + 1)
    }
    for (let number = 1; number < 100; number++) link(number, yield* below(number))
    for (let extra = 0; extra < 150; extra++) link(yield* below(100), yield* below(100))
    return [...links.values()]
  }).pipe(Random.withSeed(7))

  it.effect("is searched through with as many messages as its shape asks for", () =>
    Effect.gen(function*() {
      const edges = yield* tangle
      assert.strictEqual(numbersOf(edges).length, 100)
      const { searches } = yield* compare(edges, [])
      assert.strictEqual(searches, 2 * edges.length - 99)
    }).pipe(manyEntries), 20_000)

  it.effect("gives every file that can be reached in so many hops", () =>
    Effect.gen(function*() {
      const { holders } = yield* compare(yield* tangle, [3, 20, 41, 57, 76, 99], 2)
      assert.isAbove(holders.length, 0)
      assert.isBelow(holders.length, 6)
    }).pipe(manyEntries), 20_000)
})

describe("a peer that knows many", () => {
  it.effect("asks so many of them, chosen at random", () =>
    Effect.gen(function*() {
      const peers = yield* village(star(30), [])
      for (let round = 0; round < 3; round++) yield* found(peers, 0)
      const asked = (yield* searchesIn).map(({ to }) => to)
      assert.strictEqual(asked.length, 3 * 16)
      assert.isAbove(new Set(asked).size, 20)
    }).pipe(manyEntries))

  it.effect("searches for two things at once and takes each answer for what it is", () =>
    Effect.gen(function*() {
      const peers = yield* village(star(2), [1, 2])
      const both = yield* Effect.all([found(peers, 0), found(peers, 0)], { concurrency: "unbounded" })
      assert.deepStrictEqual(both, [[1, 2], [1, 2]])
    }).pipe(manyEntries))
})
