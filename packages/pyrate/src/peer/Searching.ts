/**
 * Searches: this peer's own, and those of others, which are answered or passed on.
 *
 *     a search is heard of for the first time:   the file is here -> the searcher is told, and it goes no further
 *                                                else, with hops left -> to the peers this one knows
 *
 * Nobody is answered more often than it is due: whoever searches names the address that is answered to. (PYRATE.md,
 * sections 2.3 and 5.)
 */
import { PeerAddress, type Transport } from "@peerage/transport"
import { Clock, Effect, FiberSet, Queue, Random, type Scope, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { FileName } from "../codec/FileName.ts"
import { encode, type Message, type Search, type SearchResponse } from "../codec/Message.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import type { Command, CommandPool } from "./CommandPool.ts"
import type { Events } from "./Events.ts"
import { Rate } from "./Rate.ts"
import { drawFrom, pick } from "./Registry.ts"
import { SeenSearches } from "./SeenSearches.ts"

/** What searching needs of its peer. */
export interface Surroundings {
  readonly transport: Transport.Transport["Service"]
  readonly self: PeerAddress.PeerAddress
  readonly config: PyrateConfig
  readonly events: Events
  readonly pool: CommandPool
  /** Peers that can be asked. */
  readonly peers: () => ReadonlyArray<PeerAddress.PeerAddress>
  readonly has: (name: FileName) => boolean
  /** False where the answer would be the end of whoever searches. Default: never. */
  readonly mayAnswer?: ((search: Search) => boolean) | undefined
}

/** Where a file was found. */
export interface Hit {
  readonly name: FileName
  readonly peer: PeerAddress.PeerAddress
}

/** The verbs of searching. */
export interface Searching {
  /**
   * Asks the peers that this one knows, who pass it on up to `ttl` times. The answers as they come, each peer's once;
   * ends with the scope.
   */
  readonly search: (name: FileName, ttl: number) => Effect.Effect<Stream.Stream<Hit>, never, Scope.Scope>
  /** Takes a search that somebody passed on, and does not wait for what follows. `from` is the address it came from. */
  readonly heard: (search: Search, from: string) => Effect.Effect<void>
  /** Takes an answer, which counts when the search was this peer's own. */
  readonly answered: (response: SearchResponse) => Effect.Effect<void>
}

/** A search of this peer's own. */
interface Own {
  readonly name: FileName
  readonly hits: Queue.Queue<Hit>
  /** Who has answered. */
  readonly peers: Set<PeerAddress.PeerAddress>
}

// Whoever knows the name of a search can say that any peer has the file.
const maxHits = 1024

/** What searching knows. */
interface Knowledge {
  readonly seen: SeenSearches
  readonly own: Map<string, Own>
  readonly traffic: Rate
  readonly answers: Answers
  readonly draw: (below: number) => number
}

/** Nothing was searched yet. The scope's end breaks off what is on its way for others. */
export const make = Effect.fnUntraced(function*(
  surroundings: Surroundings
): Effect.fn.Return<Searching, never, Scope.Scope> {
  const { config } = surroundings
  const knowledge: Knowledge = {
    seen: new SeenSearches(config),
    own: new Map(),
    traffic: new Rate(config.maxSearchesPerSecond),
    answers: new Answers(config),
    draw: drawFrom(yield* Random.Random)
  }
  const send = sending(surroundings)
  const relay = yield* FiberSet.makeRuntime()
  return {
    search: asking(surroundings, knowledge, send),
    heard: hearing(surroundings, knowledge, (command, message) => void relay(send(command, message))),
    answered: believing(surroundings, knowledge)
  }
})

const asking = (
  { config, peers, self }: Surroundings,
  { draw, own, seen, traffic }: Knowledge,
  send: (command: Command, message: Message) => Effect.Effect<void>
): Searching["search"] =>
  Effect.fnUntraced(function*(name, ttl) {
    const at = yield* Clock.currentTimeMillis
    const hits = yield* Queue.bounded<Hit>(maxHits)
    const id = Array.from({ length: 4 }, () => draw(2 ** 24).toString(36)).join("-")
    seen.note(id, { host: "", at })
    yield* Effect.acquireRelease(
      Effect.sync(() => own.set(id, { name, hits, peers: new Set() })),
      () => Effect.andThen(Effect.sync(() => own.delete(id)), Queue.shutdown(hits))
    )
    const hops = Math.max(0, Math.min(Math.trunc(ttl), config.maxTtl))
    const search: Search = { _tag: "Search", id, name, requester: self, ttl: hops }
    const asked = pick(peers(), config.maxFanOut, draw)
    // They count, but are not held back: what is left for others is less.
    for (const _ of asked) traffic.take(at)
    const ask = (peer: PeerAddress.PeerAddress) => send({ _tag: "Outbound", kind: "SearchRequest", peer }, search)
    yield* Effect.forkScoped(Effect.forEach(asked, ask, { concurrency: "unbounded", discard: true }))
    return Stream.fromQueue(hits)
  })

const hearing = (
  { config, has, mayAnswer, peers, self }: Surroundings,
  { answers, draw, seen, traffic }: Knowledge,
  relay: (command: Command, message: Message) => void
): Searching["heard"] =>
  Effect.fnUntraced(function*(search, from) {
    const at = yield* Clock.currentTimeMillis
    if (!seen.note(search.id, { host: from, at })) return
    if (has(search.name)) {
      const { id, name, requester: peer } = search
      if (mayAnswer?.(search) === false || !answers.allows(peer, from, at) || !traffic.take(at)) return
      relay({ _tag: "Relayed", kind: "SearchResponse", peer }, { _tag: "SearchResponse", id, responder: self, name })
      return
    }
    if (search.ttl === 0) return
    const ttl = Math.min(search.ttl, config.maxTtl) - 1
    for (const peer of pick(others(peers(), search.requester, from), config.maxFanOut, draw)) {
      if (traffic.take(at)) relay({ _tag: "Relayed", kind: "SearchRequest", peer }, { ...search, ttl })
    }
  })

const believing = ({ events }: Surroundings, { own }: Knowledge): Searching["answered"] =>
  Effect.fnUntraced(function*({ id, name, responder }) {
    const search = own.get(id)
    if (search === undefined || search.name !== name || search.peers.size >= maxHits) return
    if (search.peers.has(responder) || !isHost(responder)) return
    search.peers.add(responder)
    const hit = { name, peer: responder }
    Queue.offerUnsafe(search.hits, hit)
    yield* events.publish([{ _tag: "Hit", ...hit }])
  })

/** Says one thing to one peer, as a command. Nobody is told when that fails: a peer may be gone. */
const sending = ({ config, pool, transport }: Surroundings) => (command: Command, message: Message) =>
  Effect.suspend(() => {
    const address = NetAddress.inetAddressFromStringUnsafe(command.peer)
    const options = { connectTimeout: config.connectTimeout, answerWithin: 0 }
    return Effect.ignore(pool.run(command, transport.request(address, encode(message), options)))
  })

/** Everybody but the one that searches and the one that passed it on, where its address alone tells which that is. */
const others = (
  peers: ReadonlyArray<PeerAddress.PeerAddress>,
  requester: PeerAddress.PeerAddress,
  from: string
): ReadonlyArray<PeerAddress.PeerAddress> => {
  const there = peers.filter((peer) => PeerAddress.host(peer) === from)
  const last = there.length === 1 ? there[0] : undefined
  return peers.filter((peer) => peer !== requester && peer !== last)
}

/** Whether an address is one host's: not everybody's, nobody's, or a group's. */
const isHost = (peer: PeerAddress.PeerAddress): boolean => {
  const first = Number(peer.slice(0, peer.indexOf(".")))
  return first !== 0 && first < 224
}

// Below are the services of a system, which nobody shares files at.
const leastPort = 1024
const addresses = 10_000

/** How often which address was answered to. */
class Answers {
  private readonly rates = new Map<string, Rate>()
  private readonly config: PyrateConfig

  constructor(config: PyrateConfig) {
    this.config = config
  }

  allows(requester: PeerAddress.PeerAddress, from: string, at: number): boolean {
    const host = PeerAddress.host(requester)
    if (!isHost(requester) || PeerAddress.port(requester) < leastPort) return false
    // The loopback address of somebody else's machine is this one's.
    if (host.startsWith("127.") && !from.startsWith("127.")) return false
    const rate = this.rates.get(host) ?? new Rate(this.config.maxResponsesPerSecond)
    this.rates.delete(host)
    this.rates.set(host, rate)
    const oldest = this.rates.keys().next().value
    if (this.rates.size > addresses && oldest !== undefined) this.rates.delete(oldest)
    return rate.take(at)
  }
}
