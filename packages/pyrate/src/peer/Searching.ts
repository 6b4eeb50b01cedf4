/**
 * Searches: this peer's own, and those of others, which are answered or passed on.
 *
 *     a search is heard of for the first time:   the file is here -> the searcher is told, and it goes no further
 *                                                else, with hops left -> to the peers this one knows
 *
 * Nobody is served more than it is due: whoever searches names the address that is answered to. (PYRATE.md, sections 2.3
 * and 5.)
 */
import { PeerAddress, type Transport } from "@peerage/transport"
import { Clock, Effect, Queue, Random, type Scope, Stream } from "effect"
import type { FileName } from "../codec/FileName.ts"
import { encode, type Message, type Search, type SearchResponse } from "../codec/Message.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import type { CommandPool } from "./CommandPool.ts"
import type { Events } from "./Events.ts"
import { Rate } from "./Rate.ts"
import { pick } from "./Registry.ts"
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
}

/** Where a file was found. */
export interface Hit {
  readonly name: FileName
  readonly peer: PeerAddress.PeerAddress
}

/** The verbs of searching. */
export interface Searching {
  /** Asks everybody within `ttl` hops. The answers as they come; ends with the scope. */
  readonly search: (name: FileName, ttl: number) => Effect.Effect<Stream.Stream<Hit>, never, Scope.Scope>
  /** Takes a search that somebody passed on. `from` is the address it came from. */
  readonly heard: (search: Search, from: string) => Effect.Effect<void>
  /** Takes an answer, which counts when the search was this peer's own. */
  readonly answered: (response: SearchResponse) => Effect.Effect<void>
}

/** Nothing was searched yet. */
export const make = (surroundings: Surroundings): Searching => {
  const { config, events, has, peers, pool, self, transport } = surroundings
  const seen = new SeenSearches(config)
  const own = new Map<string, Queue.Queue<Hit>>()
  const traffic = new Rate(config.maxSearchesPerSecond)
  const answers = new Answers(config)

  const send = (kind: "SearchRequest" | "SearchResponse", to: PeerAddress.PeerAddress, message: Message) =>
    Effect.ignore(pool.run(
      { _tag: "Outbound", kind, peer: to },
      transport.request(PeerAddress.toInet(to), encode(message), {
        connectTimeout: config.connectTimeout,
        answerWithin: 0
      })
    ))

  const passOn = Effect.fnUntraced(function*(search: Search, to: ReadonlyArray<PeerAddress.PeerAddress>) {
    const random = yield* Random.Random
    const draw = (below: number) => Math.min(below - 1, Math.floor(random.nextDoubleUnsafe() * below))
    yield* Effect.forEach(pick(to, config.maxFanOut, draw), (peer) => send("SearchRequest", peer, search), {
      concurrency: "unbounded",
      discard: true
    })
  })

  return {
    search: Effect.fnUntraced(function*(name, ttl) {
      const hits = yield* Queue.bounded<Hit>(1024)
      const random = yield* Random.Random
      const id = Array.from({ length: 4 }, () => Math.floor(random.nextDoubleUnsafe() * 2 ** 24).toString(36)).join("")
      seen.note(id, yield* Clock.currentTimeMillis)
      yield* Effect.acquireRelease(
        Effect.sync(() => own.set(id, hits)),
        () => Effect.andThen(Effect.sync(() => own.delete(id)), Queue.shutdown(hits))
      )
      const search: Search = { _tag: "Search", id, name, requester: self, ttl: Math.min(ttl, config.maxTtl) }
      yield* Effect.forkScoped(passOn(search, peers()))
      return Stream.fromQueue(hits)
    }),
    heard: Effect.fnUntraced(function*(search, from) {
      const at = yield* Clock.currentTimeMillis
      if (!seen.note(search.id, at)) return
      if (has(search.name)) {
        if (!answers.allows(search.requester, from, at)) return
        const { id, name, requester } = search
        return yield* send("SearchResponse", requester, { _tag: "SearchResponse", id, responder: self, name })
      }
      if (search.ttl === 0 || !traffic.take(at)) return
      const ttl = Math.min(search.ttl, config.maxTtl) - 1
      yield* passOn({ ...search, ttl }, others(peers(), search.requester, from))
    }),
    answered: Effect.fnUntraced(function*({ id, name, responder }) {
      const hits = own.get(id)
      if (hits === undefined) return
      const hit = { name, peer: responder }
      Queue.offerUnsafe(hits, hit)
      yield* events.publish([{ _tag: "Hit", ...hit }])
    })
  }
}

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

// Whom a search may name: not everybody, nobody, or a group; not a service of the system.
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
    const first = Number(host.slice(0, host.indexOf(".")))
    if (first === 0 || first >= 224 || PeerAddress.port(requester) < leastPort) return false
    // The loopback address of somebody else's machine is this one's.
    if (first === 127 && !from.startsWith("127.")) return false
    const rate = this.rates.get(host) ?? new Rate(this.config.maxResponsesPerSecond)
    this.rates.delete(host)
    this.rates.set(host, rate)
    const oldest = this.rates.keys().next().value
    if (this.rates.size > addresses && oldest !== undefined) this.rates.delete(oldest)
    return rate.take(at)
  }
}
