/** The scenarios that there are, each with a sentence, and how to run one. */
import { Effect } from "effect"
import * as Reporter from "../room/Reporter.ts"
import { write } from "../room/Screen.ts"
import { type Style, table } from "../room/Style.ts"
import { scenarios } from "./Defaults.ts"

/** Lists them. */
export const list = (style: Style, invoked: string, json: boolean): Effect.Effect<void> => {
  const known = Object.entries(scenarios).map(([name, { make, usual }]) => ({ name, scenario: make(usual) }))
  if (json) {
    return Reporter.programs(
      known.map(({ name, scenario }) => ({ _tag: "Scenario", name, about: scenario.about, scenario }))
    )
  }
  const rows = known.map(({ name, scenario: { about = "", protocol } }) => [name, protocol, about])
  return write([
    ...table(style, ["SCENARIO", "PROTOCOL", "WHAT IT SHOWS"], rows),
    "",
    "Run one by its name, or a file of your own (--json prints these as such files):",
    `  ${invoked} simulate split-brain`,
    `  ${invoked} simulate split-brain --until 60s --chart 1,6`
  ])
}
