/** Hosts, faults and expectations in words. Pure. */
import { printable } from "@peerage/console/Printable"
import type { Fault } from "@peerage/simulate"
import { Duration } from "effect"
import { type Expectation, millisOf } from "./ScenarioFile.ts"

/** Names as people write them: `1-10,12`. */
export const ranges = (names: ReadonlyArray<string>): string => {
  const sorted = [...new Set(names)].sort((one, other) => Number(one) - Number(other))
  const runs: Array<[first: string, last: string]> = []
  for (const name of sorted) {
    const run = runs.at(-1)
    if (run !== undefined && Number(name) === Number(run[1]) + 1) run[1] = name
    else runs.push([name, name])
  }
  return runs.map(([first, last]) => {
    if (first === last) return first
    return Number(last) === Number(first) + 1 ? `${first},${last}` : `${first}-${last}`
  }).join(",")
}

const spaced = (names: string) => names.replaceAll(" ", "")

/** What is different with a link. */
const settings = ({ bandwidth, jitter, latency, loss, ...fault }: Fault.Fault): string =>
  [
    latency === undefined ? "" : `latency ${Duration.format(Duration.fromInputUnsafe(latency))}`,
    jitter === undefined ? "" : `jitter ${Duration.format(Duration.fromInputUnsafe(jitter))}`,
    bandwidth === undefined ? "" : `${bandwidth === "unlimited" ? "any number of" : bandwidth} bytes a second`,
    loss === undefined ? "" : `${Math.round(loss * 1000) / 10} % lost`,
    fault.duplication === undefined ? "" : "datagrams arrive twice",
    fault.reordering === undefined ? "" : "datagrams arrive late"
  ].filter((part) => part !== "").join(", ")

type Words = { readonly [verb in keyof Fault.Fault]?: readonly [begun: string, undone: string] }

/** What happens to hosts, and what happens when it is undone. */
const toHosts: Words = {
  kill: ["lost power", "has power again"],
  stop: ["was stopped", "was started again"],
  restart: ["was started again", ""],
  pause: ["froze", "goes on"],
  resume: ["goes on", ""],
  clog: ["stopped reading", "reads again"],
  unclog: ["reads again", ""],
  mute: ["accepts connections and says nothing", "answers again"],
  unmute: ["answers again", ""],
  fill: ["has a full disk", "has room on its disk again"],
  reset: ["lost all connections by a reset", ""],
  flaky: ["loses connections at random", "keeps its connections again"]
}

const between = (sides: readonly [string, string], words: string) => `${sides.map(spaced).join(" and ")} ${words}`

/** A fault that begins. */
export const faultInWords = (fault: Fault.Fault): string => {
  const long = fault.for === undefined ? "" : `, for ${Duration.format(Duration.fromInputUnsafe(fault.for))}`
  if (fault.cut !== undefined) {
    const [one, other] = fault.cut
    return fault.oneWay === true
      ? `nothing from ${spaced(one)} reaches ${spaced(other)}${long}`
      : `${between(fault.cut, "are cut off from each other")}${long}`
  }
  if (fault.heal !== undefined) {
    return fault.heal === "all" ? "the network is whole again" : between(fault.heal, "reach each other again")
  }
  if (fault.link !== undefined) return `${between(fault.link, "have another link")}: ${settings(fault)}${long}`
  return `${happens(fault, 0)}${long}`
}

const happens = (fault: Fault.Fault, which: 0 | 1): string =>
  Object.entries(toHosts).flatMap(([verb, words]) => {
    const hosts = Object.entries(fault).find(([name]) => name === verb)?.[1]
    return typeof hosts === "string" ? [`${spaced(hosts)} ${words[which]}`] : []
  }).join(", ")

/** A fault that is over. */
export const undoneInWords = (fault: Fault.Fault): string => {
  if (fault.cut !== undefined) return between(fault.cut, "reach each other again")
  return fault.link === undefined ? happens(fault, 1) : between(fault.link, "have the link of before")
}

/** What is expected. */
export const expectedInWords = ({ hears, host, knows, sees }: Expectation): string => {
  if (knows !== undefined) return `${host} knows ${knows}`
  return sees === undefined ? `${host} has heard "${printable(hears ?? "")}"` : `${host} has seen ${printable(sees)}`
}

/** A moment, as `20.0s`, in a column. */
export const momentOf = (at: number): string => `${(at / 1000).toFixed(2)}s`.padStart(9)

/** A moment for the middle of a sentence, as `20s`. */
export const shortly = (time: Expectation["at"]): string => `${millisOf(time) / 1000}s`
