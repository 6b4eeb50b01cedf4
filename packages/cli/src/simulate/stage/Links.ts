/** What the links of a simulated network are like: most as the scenario says, and those that a fault made otherwise. */
import type { Acts } from "@peerage/console"
import { Fault } from "@peerage/simulate"
import type { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import { addressOf } from "../Protocol.ts"
import { millisOf } from "../ScenarioFile.ts"

type LinkOf = MemoryNetwork.MemoryNetwork["Service"]["link"]

// As many as are looked at; a fault of all links of many hosts has more.
const mostPairs = 5000

const settingsOf = Effect.fnUntraced(function*(linkOf: LinkOf, from: string, to: string) {
  const { bandwidth = Infinity, duplication = 0, jitter = 0, latency = 0, loss = 0, reorderDelay = 0, reordering = 0 } =
    yield* linkOf(addressOf(from), addressOf(to))
  const settings: Acts.LinkSettings = {
    latency: millisOf(latency),
    jitter: millisOf(jitter),
    ...Number.isFinite(bandwidth) ? { bandwidth } : {},
    loss,
    duplication,
    reordering,
    reorderDelay: millisOf(reorderDelay)
  }
  return settings
})

/** The pairs of hosts, in either direction, whose links these faults change. */
const pairsOf = (names: ReadonlyArray<string>, faults: ReadonlyArray<Fault.Fault>) => {
  const pairs = new Map<string, readonly [from: string, to: string]>()
  for (const { link } of faults) {
    const [some = [], others = []] = link?.map((side) => Fault.hostsIn(names, side).found) ?? []
    for (const a of some) {
      for (const b of others) {
        if (pairs.size >= mostPairs) return [...pairs.values()]
        if (a !== b) pairs.set(`${a} ${b}`, [a, b]).set(`${b} ${a}`, [b, a])
      }
    }
  }
  return [...pairs.values()]
}

const isSame = (one: Acts.LinkSettings, other: Acts.LinkSettings) => JSON.stringify(one) === JSON.stringify(other)

/** How links are. */
export type Looked = Pick<Acts.Links, "usual" | "others">

/** Makes a look at the links: at the beginning, before anything has changed one. */
export const make = Effect.fnUntraced(function*(linkOf: LinkOf, names: ReadonlyArray<string>) {
  const [first, second] = names
  const usual = first === undefined || second === undefined ? {} : yield* settingsOf(linkOf, first, second)
  return Effect.fnUntraced(function*(faults: ReadonlyArray<Fault.Fault>): Effect.fn.Return<Looked> {
    const others: Array<Acts.Links["others"][number]> = []
    for (const [from, to] of pairsOf(names, faults)) {
      const settings = yield* settingsOf(linkOf, from, to)
      if (!isSame(settings, usual)) others.push({ from, to, ...settings })
    }
    return { usual, others }
  })
})
