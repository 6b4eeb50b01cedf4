/**
 * What happens in a simulation, for people. What several hosts did alike within a short time is one line, and so are
 * those that know each other. Pure.
 *
 *     20.00s  ! 1-10 and 11-20 are cut off from each other, for 15s
 *     24.05s    12-20 lost the host, 1: it stopped answering
 *     25.00s  = 1,11 know each other; ..
 */
import { printable } from "@peerage/console/Printable"
import * as Arr from "effect/Array"
import type { Style } from "../room/Style.ts"
import type { Entry, Judged } from "./Notes.ts"
import type { Told } from "./Protocol.ts"
import type { State } from "./Run.ts"
import { expectedInWords, faultInWords, momentOf, ranges, undoneInWords } from "./Words.ts"

/** A line with its moment. */
export interface Line {
  readonly at: number
  /** The hosts that it is about; none for one about all. */
  readonly hosts: ReadonlyArray<string>
  readonly text: string
}

interface Deed extends Told {
  readonly at: number
  readonly on: Array<string>
  readonly whoms: Array<string>
}

/** Puts together what has the same key; `join` adds a later one to an earlier. */
const together = (
  deeds: ReadonlyArray<Deed>,
  keyOf: (deed: Deed) => string,
  join: (kept: Deed, deed: Deed) => void
): ReadonlyArray<Deed> => {
  const kept = new Map<string, Deed>()
  for (const deed of deeds) {
    const before = kept.get(keyOf(deed))
    if (before === undefined) kept.set(keyOf(deed), deed)
    else join(before, deed)
  }
  return [...kept.values()]
}

const linesOfDeeds = (style: Style, entries: ReadonlyArray<Entry>): ReadonlyArray<Line> => {
  const deeds = entries.flatMap((entry): ReadonlyArray<Deed> =>
    entry._tag !== "Event" || entry.told === undefined ? [] : [{
      ...entry.told,
      at: entry.at,
      on: [entry.on],
      whoms: entry.told.whom === undefined ? [] : [entry.told.whom]
    }]
  )
  const byWhom = together(
    deeds,
    ({ did, on, after }) => `${on[0]} ${did} ${after}`,
    (kept, { whoms }) => kept.whoms.push(...whoms)
  )
  const byHost = together(
    byWhom,
    ({ did, after, whoms }) => `${did} ${ranges(whoms)} ${after}`,
    (kept, { on }) => kept.on.push(...on)
  )
  return byHost.map(({ at, did, on, after = "", whoms }) => ({
    at,
    hosts: on,
    text: `  ${style.named(on[0] ?? "", ranges(on))} ${printable(did)}${whoms.length > 0 ? ` ${ranges(whoms)}` : ""}${
      printable(after)
    }`
  }))
}

/** Whether what was expected is true. */
export const judgedInWords = (style: Style, { cameTrue, expectation, instead }: Judged): string =>
  cameTrue
    ? `${style.green("✓")} ${expectedInWords(expectation)}, as expected`
    : style.red(`✗ ${expectedInWords(expectation)} was expected, but ${instead}`)

const lineOf = (style: Style, entry: Entry): ReadonlyArray<Line> => {
  const { at } = entry
  switch (entry._tag) {
    case "Fault":
      return [{ at, hosts: [], text: style.yellow(`! ${faultInWords(entry.fault)}`) }]
    case "Undone":
      return [{ at, hosts: [], text: style.yellow(`! ${undoneInWords(entry.fault)}`) }]
    case "Expected":
      return [{ at, hosts: [], text: judgedInWords(style, entry) }]
    default:
      return []
  }
}

/** What happened within a short time. */
export const linesOf = (style: Style, entries: ReadonlyArray<Entry>): ReadonlyArray<Line> =>
  [...entries.flatMap((entry) => lineOf(style, entry)), ...linesOfDeeds(style, entries)]
    .sort((one, other) => one.at - other.at)

const down = new Map([["Killed", "without power"], ["Stopped", "stopped"], ["Paused", "frozen"]])

const mostGroups = 6

/** What is so of a host and others alike: that it does not run, whom it knows, or that it knows nobody. */
const groupOf = ({ knows, name, status }: State): string =>
  down.get(status) ?? (knows.length === 0 ? "nobody" : ranges([name, ...knows]))

// A longer list of names says less than their number.
const longest = 40
const brief = (names: string, count: number): string => names.length > longest ? `${count} hosts` : names

const groupInWords = (known: string, members: ReadonlyArray<State>): string => {
  const names = ranges(members.map(({ name }) => name))
  const who = brief(names, members.length)
  const [first, ...rest] = members
  const isOne = rest.length === 0
  if ([...down.values()].includes(known)) return `${who} ${isOne ? "is" : "are"} ${known}`
  if (known === names) return `${who} know each other`
  const others = first?.knows ?? []
  if (isOne) return `${who} knows ${brief(ranges(others), others.length) || "nobody"}`
  return `${who} know ${brief(known, others.length + 1)}`
}

/** Who knows whom, in one line: those that know each other together. */
export const knowing = (states: ReadonlyArray<State>): string => {
  const groups = Object.entries(Arr.groupBy(states, groupOf)).map(([known, members]) => groupInWords(known, members))
  const shown = groups.slice(0, mostGroups).join("; ")
  return groups.length > mostGroups ? `${shown}; and ${groups.length - mostGroups} others know others` : shown
}

/** A line as it is printed. */
export const print = (style: Style, { at, text }: Line): string => `${style.dim(momentOf(at))}  ${text}`
