/**
 * The searches that have come, by id, so that none is handled twice. Bounded in number and age, and in how many one
 * host may bring; the oldest are forgotten first. Pure: times are inputs, in milliseconds. (docs/wire/pyrate.md,
 * section 5.)
 */
import { Duration, HashMap, Option } from "effect"
import type { PyrateConfig } from "../../PyrateConfig.ts"
import * as OldestFirst from "../OldestFirst.ts"

/** A search that has come: from where, and when. */
export interface Arrival {
  readonly id: string
  readonly host: string
  readonly at: number
}

/** Searches by id, the oldest first. */
export type Arrivals = OldestFirst.OldestFirst<string, Arrival>

/** Searches by id: all of them, and those of each host. */
export interface SeenSearches {
  readonly all: Arrivals
  readonly byHost: HashMap.HashMap<string, Arrivals>
}

/** No search has come. */
export const empty: SeenSearches = { all: OldestFirst.empty(), byHost: HashMap.empty() }

// With a quarter, one host cannot have the searches of all others forgotten.
const shareOfOneHost = 1 / 4

/** Notes a search, and says whether it is new. */
export const note = (
  before: SeenSearches,
  arrival: Arrival,
  { maxSeen, seenFor }: Pick<PyrateConfig, "maxSeen" | "seenFor">
): readonly [isNew: boolean, SeenSearches] => {
  const since = arrival.at - Duration.toMillis(seenFor)
  let seen = before
  for (let old = oldest(seen.all); old !== undefined && old.at < since; old = oldest(seen.all)) seen = forget(seen, old)
  if (OldestFirst.get(seen.all, arrival.id) !== undefined) return [false, seen]
  const own = ofHost(seen, arrival.host)
  if (OldestFirst.size(own) >= Math.ceil(maxSeen * shareOfOneHost)) seen = forget(seen, oldest(own))
  else if (OldestFirst.size(seen.all) >= maxSeen) seen = forget(seen, oldest(seen.all))
  return [true, {
    all: OldestFirst.set(seen.all, arrival.id, arrival),
    byHost: HashMap.set(seen.byHost, arrival.host, OldestFirst.set(ofHost(seen, arrival.host), arrival.id, arrival))
  }]
}

const oldest = (arrivals: Arrivals): Arrival | undefined => OldestFirst.oldest(arrivals)?.[1]

const ofHost = ({ byHost }: SeenSearches, host: string): Arrivals =>
  Option.getOrElse(HashMap.get(byHost, host), () => OldestFirst.empty<string, Arrival>())

const forget = (seen: SeenSearches, arrival: Arrival | undefined): SeenSearches =>
  arrival === undefined ? seen : {
    all: OldestFirst.remove(seen.all, arrival.id),
    byHost: HashMap.modifyAt(seen.byHost, arrival.host, (own) =>
      Option.filter(
        Option.map(own, (own) => OldestFirst.remove(own, arrival.id)),
        (left) => OldestFirst.size(left) > 0
      ))
  }
