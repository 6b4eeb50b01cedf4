/**
 * Networks of any shape. A peer learns of others from its bootstrap only, so that one bootstrap in the hand of the test
 * tells each peer of its neighbours and of nobody else.
 */
import { MemoryNetwork, PeerAddress } from "@peerage/transport"
import { Effect, Queue, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { bootstrapPort, directory, hub, ipOf, name, peerAt, settle, sharer } from "../Network.ts"

/** Pairs of peers that know each other, by their numbers. */
export type Edges = ReadonlyArray<readonly [number, number]>

/** Those whom a peer knows. */
export const neighboursOf = (edges: Edges, number: number): ReadonlyArray<number> =>
  edges.flatMap(([a, b]) => a === number ? [b] : b === number ? [a] : [])

/** How many hops each peer is away from one; missing where there is no way. */
export const hopsFrom = (edges: Edges, start: number): ReadonlyMap<number, number> => {
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
