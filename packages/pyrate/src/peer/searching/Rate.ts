/** How much may happen in a second: token buckets. Pure: times are inputs, in milliseconds. */
import * as OldestFirst from "../OldestFirst.ts"

/** A bucket that holds as many tokens as a second allows: those left at a time. */
export interface Rate {
  readonly left: number
  readonly at: number
}

/** A full bucket. */
export const full: Rate = { left: 0, at: -Infinity }

/** What a second allows, and what is wanted now. */
export interface Demand {
  readonly perSecond: number
  readonly now: number
  /** Default 1. */
  readonly wanted?: number | undefined
}

/** Takes as many as are wanted and there. A clock that was set back fills nothing. */
export const take = (rate: Rate, { now, perSecond, wanted = 1 }: Demand): readonly [granted: number, Rate] => {
  const left = Math.min(perSecond, rate.left + (Math.max(0, now - rate.at) / 1000) * perSecond)
  const granted = Math.min(wanted, Math.floor(left))
  return [granted, { left: left - granted, at: Math.max(rate.at, now) }]
}

/** Buckets by host, the one used last being the newest. */
export type Rates = OldestFirst.OldestFirst<string, Rate>

const maxHosts = 10_000

/** `take` for one host. With too many hosts the one that was not used for longest is forgotten. */
export const takeFor = (rates: Rates, host: string, demand: Demand): readonly [granted: number, Rates] => {
  const [granted, rate] = take(OldestFirst.get(rates, host) ?? full, demand)
  const used = OldestFirst.set(rates, host, rate)
  const [oldest = host] = OldestFirst.oldest(used) ?? []
  return [granted, OldestFirst.size(used) > maxHosts ? OldestFirst.remove(used, oldest) : used]
}
