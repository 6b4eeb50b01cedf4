/** How a simulation ended: what was expected and is not so, with the packets before. */
import { Scenario } from "@peerage/simulate"
import { Schema, Struct } from "effect"
import type { Style } from "../room/Style.ts"
import * as Chart from "./Chart.ts"
import type { Judged } from "./Notes.ts"
import { millisOf, type ScenarioFile } from "./ScenarioFile.ts"
import { judgedInWords } from "./Story.ts"
import { momentOf } from "./Words.ts"

/** What is known at the end. */
export interface Ending {
  readonly judged: ReadonlyArray<Judged>
  /** What plays it again. */
  readonly score: Scenario.Scenario
  /** True where somebody did something to it by hand, so that nothing can be expected. */
  readonly byHand?: boolean
}

/** What was expected and is not so. */
export const missedOf = ({ judged }: Ending): ReadonlyArray<Judged> => judged.filter(({ cameTrue }) => !cameTrue)

/** A run as a file that plays it again, without chance. */
export const keep = (scenario: ScenarioFile, { byHand = false, score }: Ending): string => {
  const { expect, ...others } = Struct.omit(scenario, ["chaos"])
  return Scenario.format({ ...others, ...byHand || expect === undefined ? {} : { expect }, ...score })
}

/** Something that was expected did not come true. */
export class NotAsExpected extends Schema.TaggedError<NotAsExpected>()("NotAsExpected", {
  /** How many were not, of how many. */
  missed: Schema.Int,
  expected: Schema.Int,
  /** The command that shows it again. */
  again: Schema.String
}) {
  override get message() {
    return `${this.missed} of ${this.expected} expectations did not come true. This shows it again: ${this.again}`
  }
}

// What led to it is mostly not longer ago.
const before = 5000
const mostRows = 40

/** The chart before a moment at which something was not as expected: its host, and the first one, or else the second. */
export const explain = (style: Style, judged: Judged): ReadonlyArray<string> => {
  const { host } = judged.expectation
  const hosts = [...new Set([host, host === "1" ? "2" : "1"])]
  const since = millisOf(judged.expectation.at) - before
  const packets = judged.trace.filter(({ at }) => at >= since)
  const rows = Chart.chart(packets, [], hosts)
  return [
    "",
    `${momentOf(judged.at).trim()}: ${judgedInWords(style, judged)}`,
    `The packets of the 5 seconds before, between the hosts ${hosts.join(" and ")}:`,
    ...rows.length === 0 ? ["  none"] : rows.length > mostRows ? ["  ⋮", ...rows.slice(-mostRows)] : rows
  ]
}
