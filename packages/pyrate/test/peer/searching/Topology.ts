/**
 * Networks of any shape. A peer learns of others from its bootstrap only, so that one bootstrap in the hand of the test
 * tells each peer of its neighbours and of nobody else.
 */
import { assert } from "@effect/vitest"
import { MemoryNetwork, PeerAddress } from "@peerage/transport"
import { Effect, Queue, Random, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { suite } from "../../Suite.ts"
import {
  bootstrapPort,
  directory,
  elapse,
  hub,
  ipOf,
  name,
  type Needs,
  peerAt,
  settle,
  sharer,
  world
} from "../Network.ts"

/** Tests in a network that remembers all of a large search. */
export const simulated = suite<Needs>(world({ traceEntries: 100_000 }))

/** Pairs of peers that know each other, by their numbers. */
export type Edges = ReadonlyArray<readonly [number, number]>

/** Those whom a peer knows. */
const neighboursOf = (edges: Edges, number: number): ReadonlyArray<number> =>
  edges.flatMap(([a, b]) => a === number ? [b] : b === number ? [a] : [])

/** How many hops each peer is away from one; missing where there is no way. */
const hopsFrom = (edges: Edges, start: number): ReadonlyMap<number, number> => {
  const hops = new Map([[start, 0]])
  for (const [number, distance] of hops) {
    for (const next of neighboursOf(edges, number)) if (!hops.has(next)) hops.set(next, distance + 1)
  }
  return hops
}

/** The shapes. */
export const chain = (length: number): Edges => Array.from({ length: length - 1 }, (_, n) => [n, n + 1])
export const ring = (length: number): Edges => Array.from({ length }, (_, n) => [n, (n + 1) % length])
export const star = (leaves: number): Edges => Array.from({ length: leaves }, (_, n) => [0, n + 1])

/** A bootstrap that tells each machine what `lists` says, and takes what else is said without a word. */
export const scripted = Effect.fnUntraced(function*(lists: (ip: string) => ReadonlyArray<PeerAddress.PeerAddress>) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const inet = NetAddress.inetAddressFromStringUnsafe(`${hub}:${bootstrapPort}`)
  const { accepted } = yield* network.transport(hub).listen(inet)
  const heard: Array<string> = []
  const answer = Effect.map(Queue.take(accepted), (pipe) => {
    const readable = () => {
      const said = new TextDecoder().decode(Buffer.concat(pipe.take() ?? []))
      if (said === "") return
      heard.push(said)
      const lines = lists(NetAddress.formatHost(pipe.remote)).map((peer) => `${peer.replace(":", ",")}\n`)
      if (said.startsWith("1:")) pipe.write([new TextEncoder().encode(lines.join(""))])
      pipe.close()
    }
    pipe.observe({ readable, drained: () => {}, closed: () => {} })
  })
  yield* Effect.forkScoped(Effect.forever(answer), { startImmediately: true })
  return { heard }
})

/** Peers that know each other as `edges` say; those in `holders` share the file `wanted`. */
export const village = Effect.fnUntraced(function*(
  edges: Edges,
  holders: ReadonlyArray<number>,
  options: Omit<Parameters<typeof sharer>[1], "directory"> = {}
) {
  const numbers = [...new Set(edges.flat())].toSorted((a, b) => a - b)
  const lists = new Map(numbers.map((number) => // Itself too, as a real one does; else it would register again.
  [ipOf(number), [number, ...neighboursOf(edges, number)].map(peerAt)]))
  yield* scripted((ip) => lists.get(ip) ?? [])
  const [empty, full] = [yield* directory(), yield* directory("wanted.txt")]
  const peers = yield* Effect.forEach(
    numbers,
    (number) => sharer(number, { ...options, directory: holders.includes(number) ? full : empty })
  )
  return new Map(numbers.map((number, index) => [number, peers[index]]))
})

export const wanted = name("wanted.txt")

/** Searches from a peer. Succeeds with the numbers of those who have answered, in order. */
export const found = Effect.fnUntraced(function*(
  peers: Effect.Success<ReturnType<typeof village>>,
  from: number,
  options: { readonly ttl?: number } = {}
) {
  const peer = peers.get(from)
  if (peer === undefined) return yield* Effect.die(`nobody is ${from}`)
  const answers: Array<string> = []
  const hits = yield* peer.search(wanted, options)
  yield* Effect.forkChild(Stream.runForEach(hits, (hit) => Effect.sync(() => answers.push(hit.peer))))
  yield* settle
  return [...peers.keys()].filter((number) => answers.includes(peerAt(number)))
})

/** The searches and answers that passed so far, as "6 from to ttl" and "7 from to", retransmissions aside. */
export const searchesIn = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const decoder = new TextDecoder()
  const numberOf = (address: string) => {
    const [, , high, low] = address.slice(0, address.indexOf(":")).split(".").map(Number)
    return (high ?? 0) * 256 + (low ?? 0)
  }
  return (yield* network.trace).flatMap(({ again, bytes, from, kind, to }) => {
    const text = kind === "DATA" && !again ? decoder.decode(bytes) : ""
    if (!text.startsWith("6:") && !text.startsWith("7:")) return []
    return [{ kind: text.charAt(0), from: numberOf(from), to: numberOf(to), ttl: Number(text.split(":").at(-1)), text }]
  })
})

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
export const compare = Effect.fnUntraced(function*(edges: Edges, holders: ReadonlyArray<number>, ttl = 10) {
  const peers = yield* village(edges, holders)
  const network = yield* MemoryNetwork.MemoryNetwork
  const machines = [...peers.keys()].map(ipOf)
  yield* network.setLink(machines, machines, { latency: "10 millis" })
  const from = yield* Effect.fromNullishOr(peers.get(0))
  yield* Effect.asVoid(from.search(wanted, { ttl }))
  // A hop takes three ways, and over a secure transport, on which the two have never met, six more.
  for (let hop = 0; hop < 15; hop++) yield* elapse("100 millis")
  const hits = from.told.filter(({ _tag }) => _tag === "Hit")
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

/** A connected network, with some 2.5 links a peer; no peer has more neighbours than a search is passed on to. */
export const tangle = (size: number) =>
  Effect.gen(function*() {
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
    for (let number = 1; number < size; number++) link(number, yield* below(number))
    for (let extra = 0; extra < 1.5 * size; extra++) link(yield* below(size), yield* below(size))
    assert.strictEqual(new Set([...links.values()].flat()).size, size)
    return [...links.values()]
  }).pipe(Random.withSeed(7))
