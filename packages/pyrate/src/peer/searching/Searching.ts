/** Searches: this peer's own, and those of others, which are answered or passed on. */
import { PeerAddress } from "@peerage/transport"
import { Clock, Effect, FiberSet, Queue, Random, Ref, type Scope, Stream } from "effect"
import type { FileName } from "../../codec/FileName.ts"
import type { Search, SearchResponse } from "../../codec/Message.ts"
import { sample } from "../../exchange/Sample.ts"
import * as Flood from "../../exchange/Search.ts"
import type * as CommandPool from "../CommandPool.ts"
import type { PeerContext } from "../PeerContext.ts"
import * as SearchState from "./SearchState.ts"

export type { Hit } from "../../exchange/Search.ts"

/** What searching needs of its peer. */
export interface Options {
  readonly self: PeerAddress.PeerAddress
  /** The peers to ask. */
  readonly peers: Effect.Effect<ReadonlyArray<PeerAddress.PeerAddress>>
  readonly has: (name: FileName) => Effect.Effect<boolean>
  /** False where the searcher would die of an answer. */
  readonly mayAnswer: (search: Search) => boolean
}

/** The verbs of searching. */
export interface Searching {
  /**
   * Asks the known peers, which pass the search on up to `ttl` times. Succeeds with the answers as they come, one of
   * each peer; the stream ends with the scope.
   */
  readonly search: (name: FileName, ttl: number) => Effect.Effect<Stream.Stream<Flood.Hit>, never, Scope.Scope>
  /** Handles a search that came from the host `from`. Does not wait for what it sends. */
  readonly respond: (search: Search, from: string) => Effect.Effect<void>
  /** Handles an answer, which counts when the search is one of this peer. */
  readonly collect: (response: SearchResponse) => Effect.Effect<void>
}

/** What all verbs share. */
interface Shared extends Options, PeerContext {
  readonly state: Ref.Ref<SearchState.SearchState<Queue.Queue<Flood.Hit>>>
}

/** No searches yet. The scope's end breaks off what is still sent for others. */
export const make = Effect.fnUntraced(function*(
  context: PeerContext,
  options: Options
): Effect.fn.Return<Searching, never, Scope.Scope> {
  const state = yield* Ref.make(SearchState.empty<Queue.Queue<Flood.Hit>>())
  const shared = { ...context, ...options, state }
  const relayed = yield* FiberSet.make()
  return {
    search: searchWith(shared),
    respond: respondWith(shared, relayed),
    collect: Effect.fnUntraced(function*(response) {
      const delivery = yield* Ref.modify(state, (state) => SearchState.answer(state, response))
      if (delivery === undefined) return
      yield* Queue.offer(delivery.to, delivery.hit)
      yield* context.events.publish([{ _tag: "Hit", ...delivery.hit }])
    })
  }
})

/** Sends each message as a command. */
const sendWith = (
  context: PeerContext,
  command: (kind: CommandPool.Relayed, peer: PeerAddress.PeerAddress) => CommandPool.Command
): Flood.Send =>
(peer, message) => {
  const kind = message._tag === "Search" ? "SearchRequest" : "SearchResponse"
  const sending = Flood.send({ ...context, address: PeerAddress.toInet(peer) }, message)
  return Effect.ignore(context.pool.run(command(kind, peer), sending))
}

const randomId = Effect.map(
  Effect.replicateEffect(Random.nextIntBetween(0, 2 ** 24), 4),
  (numbers) => numbers.map((number) => number.toString(36)).join("-")
)

/** Takes as many messages as are wanted from those of this second. */
const spend = ({ config, state }: Shared, now: number, wanted: number) =>
  Ref.modify(state, (state) => SearchState.spend(state, { now, perSecond: config.maxSearchesPerSecond, wanted }))

const searchWith = (shared: Shared): Searching["search"] =>
  Effect.fnUntraced(function*(name, ttl) {
    const { config, peers, self, state } = shared
    const [at, id] = [yield* Clock.currentTimeMillis, yield* randomId]
    const to = yield* Queue.bounded<Flood.Hit>(SearchState.maxHits)
    yield* Effect.acquireRelease(
      Ref.update(state, (state) => SearchState.begin(state, { id, name, to, at }, config)),
      () => Effect.andThen(Ref.update(state, (state) => SearchState.end(state, id)), Queue.shutdown(to))
    )
    const asked = yield* sample(yield* peers, config.maxFanOut)
    // The peer's own messages are sent in any case: less is left for those of others.
    yield* spend(shared, at, asked.length)
    const hops = Math.max(0, Math.min(Math.trunc(ttl), config.maxTtl))
    const send = sendWith(shared, (_, peer) => ({ _tag: "Outbound", kind: "SearchRequest", peer }))
    yield* Effect.forkScoped(Flood.initiate(send, { _tag: "Search", id, name, requester: self, ttl: hops }, asked))
    return Stream.fromQueue(to)
  })

const respondWith = (shared: Shared, relayed: FiberSet.FiberSet): Searching["respond"] =>
  Effect.fnUntraced(function*(search, from) {
    const { config, has, mayAnswer, peers, self, state } = shared
    const send = sendWith(shared, (kind, peer) => ({ _tag: "Relayed", kind, peer }))
    const at = yield* Clock.currentTimeMillis
    const arrival = { search, from, at, has: yield* has(search.name), mayAnswer: mayAnswer(search) }
    const verdict = yield* Ref.modify(state, (state) => SearchState.judge(state, arrival, config))
    if (verdict === "Answer") yield* FiberSet.run(relayed, Flood.respond(send, search, self))
    if (verdict !== "PassOn") return
    const next = yield* sample(others(yield* peers, search.requester, from), config.maxFanOut)
    const demand = { now: at, wanted: next.length }
    const granted = yield* Ref.modify(state, (state) => SearchState.spendFor(state, from, demand, config))
    const passedOn = { ...search, ttl: Math.min(search.ttl, config.maxTtl) - 1 }
    yield* FiberSet.run(relayed, Flood.initiate(send, passedOn, next.slice(0, granted)))
  })

/** All peers but the searcher, and the one that passed the search on where its address alone tells which that is. */
const others = (
  peers: ReadonlyArray<PeerAddress.PeerAddress>,
  requester: PeerAddress.PeerAddress,
  from: string
): ReadonlyArray<PeerAddress.PeerAddress> => {
  const there = peers.filter((peer) => PeerAddress.host(peer) === from)
  const last = there.length === 1 ? there[0] : undefined
  return peers.filter((peer) => peer !== requester && peer !== last)
}
