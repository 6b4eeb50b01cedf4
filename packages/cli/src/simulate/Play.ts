/** Plays a scenario to its end: as lines or a chart for people, as JSON for programs, or before their eyes at a terminal. */
import { json as jsonOf } from "@peerage/console/Printable"
import type { Trace } from "@peerage/transport"
import { Effect } from "effect"
import { type Screen, write } from "../room/Screen.ts"
import { counted } from "../room/Style.ts"
import * as Chart from "./Chart.ts"
import * as Live from "./Live.ts"
import type * as Notes from "./Notes.ts"
import { type Ending, explain, keep, missedOf, NotAsExpected } from "./Outcome.ts"
import type { Order } from "./Reading.ts"
import type * as Run from "./Run.ts"
import { endOf } from "./ScenarioFile.ts"
import * as Seeds from "./Seeds.ts"
import * as Story from "./Story.ts"
import { throughout } from "./Throughout.ts"
import { shortly } from "./Words.ts"

/** Where it is shown. */
export interface Stage {
  readonly json: boolean
  readonly screen: Screen
  /** The command that begins it again, but for the seed. */
  readonly again: string
}

/** What a scenario is, in two lines. */
export const heading = ({ name, scenario }: Order): ReadonlyArray<string> => [
  `${name}: ${counted(scenario.hosts, "host")} of ${scenario.protocol}, seed ${scenario.seed}, ` +
  `until ${shortly(endOf(scenario))}.`,
  ...scenario.about === undefined ? [] : [`${scenario.about}.`],
  ""
]

/** Tells who knows whom where that has changed. */
const census = () => {
  let before = ""
  return Effect.fnUntraced(function*(run: Run.Run, now: number): Effect.fn.Return<ReadonlyArray<Story.Line>> {
    const known = Story.knowing(yield* run.states)
    if (known === before) return []
    before = known
    return [{ at: now, hosts: [], text: `= ${known}` }]
  })
}

const plainly = Effect.fnUntraced(function*({ scenario }: Order, { screen: { style } }: Stage) {
  const changed = census()
  return yield* throughout(
    scenario,
    Effect.fnUntraced(function*(run, entries, now) {
      const lines = [...Story.linesOf(style, entries), ...yield* changed(run, now)]
      yield* write(lines.map((line) => Story.print(style, line)))
    })
  )
})

const asChart = Effect.fnUntraced(function*({ chart: lanes = [], scenario }: Order, { screen: { style } }: Stage) {
  const changed = census()
  const packets: Array<Trace.Entry> = []
  const lines: Array<Story.Line> = []
  let looked = -1
  const ending = yield* throughout(
    scenario,
    Effect.fnUntraced(function*(run, entries, now) {
      const trace = yield* run.trace
      packets.push(...trace.filter((packet) => packet.at > looked && Chart.isBetween(lanes)(packet)))
      looked = now
      lines.push(...Story.linesOf(style, entries), ...yield* changed(run, now))
    })
  )
  const none = `No packets went between the hosts ${lanes.join(", ")}.`
  yield* write([...packets.length > 0 ? [] : [none, ""], ...Chart.chart(packets, lines, lanes)])
  return ending
})

/** An entry as one object; the moment in milliseconds from the beginning. */
const objectOf = (entry: Notes.Entry): unknown => {
  const { _tag, at } = entry
  switch (entry._tag) {
    case "Event":
      return { event: entry.event._tag, at, on: entry.on, ...entry.event, _tag: undefined }
    case "Knows":
      return { event: _tag, at, on: entry.on, knows: entry.knows }
    case "Expected":
      return {
        event: _tag,
        ...entry.expectation,
        at,
        cameTrue: entry.cameTrue,
        ...entry.cameTrue ? {} : { instead: entry.instead }
      }
    default:
      return { event: _tag, at, ...entry.fault }
  }
}

const forPrograms = ({ scenario }: Order) =>
  throughout(scenario, (_, entries) => write(entries.map((entry) => jsonOf(objectOf(entry)))))

/** Says how it ended; fails where something was not as expected. */
const conclude = Effect.fnUntraced(function*({ scenario }: Order, stage: Stage, ending: Ending) {
  if (ending.byHand === true) {
    return yield* write([
      "",
      "What you did, as a scenario. Keep it in a file, add what you expect, and run it:",
      keep(scenario, ending)
    ])
  }
  const { judged } = ending
  const { again, json, screen: { style } } = stage
  const missed = missedOf(ending)
  const later = (scenario.expect ?? []).length - judged.length
  if (json) {
    const [expected, cameTrue] = [judged.length, judged.length - missed.length]
    yield* write([jsonOf({ event: "Ended", at: endOf(scenario), seed: scenario.seed, expected, cameTrue })])
  } else {
    yield* write(missed.flatMap((judged) => explain(style, judged)))
    const open = later > 0
      ? [`The end came before ${counted(later, "expectation")}: nothing is said of ${later === 1 ? "it" : "them"}.`]
      : []
    const good = `${style.green("✓")} All that was expected came true: ${counted(judged.length, "expectation")}.`
    yield* write([...open, ...missed.length === 0 && judged.length > 0 ? ["", good] : []])
  }
  if (missed.length === 0) return
  return yield* new NotAsExpected({
    missed: missed.length,
    expected: judged.length,
    again: typeof scenario.seed === "string" ? again : `${again} --seed ${scenario.seed}`
  })
})

/** Plays it. Fails where something was not as expected. */
export const play = Effect.fnUntraced(function*(order: Order, stage: Stage) {
  const { json, screen } = stage
  if (!json) yield* write(heading(order))
  if (order.seeds !== undefined) {
    const failed = yield* Seeds.find(order.scenario, order.seeds, { json, style: screen.style })
    return failed === undefined
      ? undefined
      : yield* conclude({ ...order, scenario: failed.scenario }, stage, failed.ending)
  }
  if (json) return yield* conclude(order, stage, yield* forPrograms(order))
  if (order.chart !== undefined) return yield* conclude(order, stage, yield* asChart(order, stage))
  const ending = screen.size === undefined
    ? yield* plainly(order, stage)
    : yield* Live.watch(order.scenario, screen, order.begin)
  return yield* conclude(order, stage, ending)
})
