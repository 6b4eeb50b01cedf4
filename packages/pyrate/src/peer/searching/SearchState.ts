/**
 * What a peer remembers of searches: those that have come, its own, and how much it has sent. Pure: times are inputs,
 * in milliseconds. (docs/wire/pyrate.md, sections 2.3 and 5.)
 */
import { PeerAddress } from "@peerage/transport"
import { HashMap, HashSet, Option } from "effect"
import type { FileName } from "../../codec/FileName.ts"
import type { Search, SearchResponse } from "../../codec/Message.ts"
import { collect, type Hit, isHarmless } from "../../exchange/Search.ts"
import type { PyrateConfig } from "../../PyrateConfig.ts"
import * as OldestFirst from "../OldestFirst.ts"
import * as Rate from "./Rate.ts"
import * as SeenSearches from "./SeenSearches.ts"

/** A search of this peer. `To` is where its hits go. */
export interface Own<To> {
  readonly name: FileName
  readonly to: To
  readonly responders: HashSet.HashSet<PeerAddress.PeerAddress>
}

/** The memory. */
export interface SearchState<To> {
  readonly seen: SeenSearches.SeenSearches
  readonly own: HashMap.HashMap<string, Own<To>>
  /** Messages about searches that were sent, the peer's own among them. */
  readonly traffic: Rate.Rate
  /** What each host that searches has brought about, and what is left for those with little when the rest is used up. */
  readonly shares: Rate.Rates
  readonly reserve: Rate.Rate
  /** Answers that were sent to each host. */
  readonly answers: Rate.Rates
}

/** No searches yet. */
export const empty = <To>(): SearchState<To> => ({
  seen: SeenSearches.empty,
  own: HashMap.empty(),
  traffic: Rate.full,
  shares: OldestFirst.empty(),
  reserve: Rate.full,
  answers: OldestFirst.empty()
})

/** Begins a search of this peer at a time. It is known when it comes back. */
export const begin = <To>(
  state: SearchState<To>,
  search: { readonly id: string; readonly name: FileName; readonly to: To; readonly at: number },
  config: PyrateConfig
): SearchState<To> => ({
  ...state,
  seen: SeenSearches.note(state.seen, { ...search, host: "" }, config)[1],
  own: HashMap.set(state.own, search.id, { ...search, responders: HashSet.empty() })
})

/** Ends a search of this peer: its answers count no longer. */
export const end = <To>(state: SearchState<To>, id: string): SearchState<To> => ({
  ...state,
  own: HashMap.remove(state.own, id)
})

/** Takes as many messages as are wanted from those that may still be sent in this second. */
export const spend = <To>(state: SearchState<To>, demand: Rate.Demand): readonly [number, SearchState<To>] => {
  const [granted, traffic] = Rate.take(state.traffic, demand)
  return [granted, { ...state, traffic }]
}

/**
 * `spend` for a search that came from a host. Where nothing is left, a host that has brought about few messages in this
 * second still gets some, of as many again in all: one that brings many starves no other.
 */
export const spendFor = <To>(
  before: SearchState<To>,
  host: string,
  { now, wanted = 1 }: Omit<Rate.Demand, "perSecond">,
  { maxResponsesPerSecond, maxSearchesPerSecond: perSecond }: PyrateConfig
): readonly [number, SearchState<To>] => {
  const [fair, shares] = Rate.takeFor(before.shares, host, { now, perSecond: maxResponsesPerSecond, wanted })
  const [granted, state] = spend({ ...before, shares }, { now, perSecond, wanted })
  if (granted >= fair) return [granted, state]
  const [more, reserve] = Rate.take(state.reserve, { now, perSecond, wanted: fair - granted })
  return [granted + more, { ...state, reserve }]
}

/** A search that came. */
export interface Arrival {
  readonly search: Search
  /** The host that it came from, which may have passed it on. */
  readonly from: string
  readonly at: number
  /** Whether this peer has the file. */
  readonly has: boolean
  /** Whether the searcher survives an answer. */
  readonly mayAnswer: boolean
}

/** What to do about a search. */
export type Verdict = "Ignore" | "Answer" | "PassOn"

/** Decides about a search that came: a known one is ignored, a new one answered or passed on. */
export const judge = <To>(
  before: SearchState<To>,
  { at: now, from, has, mayAnswer, search }: Arrival,
  config: PyrateConfig
): readonly [Verdict, SearchState<To>] => {
  const [isNew, seen] = SeenSearches.note(before.seen, { id: search.id, host: from, at: now }, config)
  const state = { ...before, seen }
  if (!isNew || (!has && search.ttl === 0)) return ["Ignore", state]
  if (!has) return ["PassOn", state]
  if (!mayAnswer || !isHarmless(search, from)) return ["Ignore", state]
  const host = PeerAddress.host(search.requester)
  const [allowed, answers] = Rate.takeFor(state.answers, host, { now, perSecond: config.maxResponsesPerSecond })
  if (allowed === 0) return ["Ignore", { ...state, answers }]
  const [granted, spent] = spendFor({ ...state, answers }, from, { now }, config)
  return [granted === 0 ? "Ignore" : "Answer", spent]
}

/** The most hits of one search: whoever knows its id can invent peers that have the file. */
export const maxHits = 1024

/** Takes an answer: a hit, and where it goes. Each peer counts once, and only while the search goes on. */
export const answer = <To>(
  state: SearchState<To>,
  response: SearchResponse
): readonly [{ readonly hit: Hit; readonly to: To } | undefined, SearchState<To>] => {
  const own = Option.getOrUndefined(HashMap.get(state.own, response.id))
  const hit = own && collect(own.name, response)
  if (own === undefined || hit === undefined) return [undefined, state]
  if (HashSet.has(own.responders, hit.peer) || HashSet.size(own.responders) >= maxHits) return [undefined, state]
  const responders = HashSet.add(own.responders, hit.peer)
  return [{ hit, to: own.to }, { ...state, own: HashMap.set(state.own, response.id, { ...own, responders }) }]
}
