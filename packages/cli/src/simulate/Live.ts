/**
 * A simulation before the eyes of a person at a terminal: what happens goes by above, and below it stand the hosts, who
 * knows whom, and the keys.
 */
import { Cause, Effect, Option, Queue, Terminal } from "effect"
import type { Screen } from "../room/Screen.ts"
import type { Style } from "../room/Style.ts"
import * as Controls from "./Controls.ts"
import type * as Notes from "./Notes.ts"
import type { Ending } from "./Outcome.ts"
import * as Run from "./Run.ts"
import { endOf, type ScenarioFile } from "./ScenarioFile.ts"
import * as Story from "./Story.ts"
import { momentOf, shortly } from "./Words.ts"

// Ten pictures a second.
const frame = 100
// What happens within half a second is told together.
const window = 500
const step = 1000
const mostRows = 6
// For a terminal that does not say how wide it is.
const narrow = 80

const marks: { readonly [status in Run.State["status"]]: (known: number) => string } = {
  Running: String,
  Paused: () => "frozen",
  Killed: () => "dead",
  Stopped: () => "stopped"
}

/** The hosts, each with how many it knows, in rows of this width. */
const cells = (states: ReadonlyArray<Run.State>, chosen: number, columns: number): ReadonlyArray<string> => {
  const rows: Array<string> = [""]
  states.forEach(({ knows, name, status }, index) => {
    const text = `${name}:${marks[status](knows.length)}`
    const cell = index === chosen ? `[${text}]` : ` ${text} `
    const row = rows.at(-1) ?? ""
    if (row.length + cell.length > columns) rows.push(cell)
    else rows[rows.length - 1] = row + cell
  })
  return rows.length > mostRows ? [...rows.slice(0, mostRows - 1), " .."] : rows
}

/** What a picture shows. */
interface Picture {
  readonly controls: Controls.Controls
  readonly states: ReadonlyArray<Run.State>
  readonly now: number
  readonly end: number
}

/** The lines that stand below, each shorter than there are columns. */
export const panel = (
  style: Style,
  { controls, end, now, states }: Picture,
  columns: number
): ReadonlyArray<string> => {
  const fit = (text: string) => text.length < columns ? text : `${text.slice(0, columns - 3)}..`
  const pace = controls.paused ? "paused" : `${controls.speed}x`
  const cut = controls.cut.length > 0 ? ` · cut off by you: ${controls.cut.join(", ")}` : ""
  return [
    style.bold(fit(`-- ${momentOf(now).trim()} of ${shortly(end)} · ${pace}${cut} --`)),
    ...cells(states, controls.chosen, columns - 1).map((row) => row.replace(/\[.*\]/, style.bold)),
    fit(`= ${Story.knowing(states)}`),
    style.dim(fit(Controls.help))
  ]
}

const hideCursor = "\u001B[?25l"
const showCursor = "\u001B[?25h"

/** Writes lines above a panel that stays. */
const drawing = Effect.fnUntraced(function*(terminal: Terminal.Terminal) {
  let drawn = 0
  let before = ""
  const show = (text: string) => Effect.ignore(terminal.display(text))
  const erase = () => drawn > 0 ? `\u001B[${drawn}A\r\u001B[J` : ""
  yield* Effect.acquireRelease(show(hideCursor), () => Effect.suspend(() => show(`${erase()}${showCursor}`)))
  return (lines: ReadonlyArray<string>, panel: ReadonlyArray<string>) =>
    Effect.suspend(() => {
      const below = panel.join("\n")
      if (lines.length === 0 && below === before) return Effect.void
      before = below
      const text = `${erase()}${[...lines, ...panel].map((line) => `${line}\n`).join("")}`
      drawn = panel.length
      return show(text)
    })
})

const isInterrupt = ({ key }: Terminal.UserInput): boolean => key.ctrl && (key.name === "c" || key.name === "d")

/** The next key; none when the time of a picture is over; the end of keys quits. */
const nextKey = (keys: Queue.Dequeue<Terminal.UserInput, Cause.Done>) =>
  Effect.timeoutOption(Queue.take(keys), frame).pipe(
    Effect.map(Option.map((input) => isInterrupt(input) ? "q" : Option.getOrElse(input.input, () => input.key.name))),
    Effect.map(Option.map((text) => text.startsWith("\u001B") ? arrowOf(text) : text)),
    Effect.orElseSucceed(() => Option.some("q"))
  )

const arrowOf = (sequence: string): string => {
  if (sequence.endsWith("D")) return "left"
  return sequence.endsWith("C") ? "right" : "q"
}

/** What a view keeps from one picture to the next. */
class View {
  controls: Controls.Controls
  byHand = false
  readonly judged: Array<Notes.Judged> = []
  private waiting: Array<Notes.Entry> = []
  private told = 0

  constructor(begin: Controls.Begin) {
    this.controls = { ...Controls.begin, ...begin }
  }

  heard(entries: ReadonlyArray<Notes.Entry>): void {
    this.waiting.push(...entries)
    this.judged.push(...entries.filter((entry) => entry._tag === "Expected"))
  }

  /** What is to be told now: all that waits, when enough time has passed. */
  tells(now: number, isDue: boolean): ReadonlyArray<Notes.Entry> {
    if (!isDue && now - this.told < window) return []
    this.told = now
    return this.waiting.splice(0)
  }
}

/** Does what a key asks, and lets the time of one picture pass. Gives true when it is over. */
const proceed = Effect.fnUntraced(function*(view: View, run: Run.Run, key: Option.Option<string>, end: number) {
  const states = yield* run.states
  const [controls, consequence] = Controls.press(view.controls, Option.getOrElse(key, () => ""), states)
  view.controls = controls
  if (consequence._tag === "Quit") return true
  if (consequence._tag === "Perform") {
    view.byHand = true
    yield* run.perform(consequence.fault)
  }
  const passes = Option.isNone(key) && !controls.paused ? frame * controls.speed : 0
  const left = end - (yield* run.now)
  view.heard(yield* run.advance(Math.min(consequence._tag === "Step" ? step : passes, left)))
  return (yield* run.now) >= end
})

/** Shows a run until its end, or until somebody quits. */
export const watch = Effect.fnUntraced(function*(
  scenario: ScenarioFile,
  { style }: Screen,
  begin: Controls.Begin = Controls.begin
) {
  const terminal = yield* Terminal.Terminal
  const run = yield* Run.make(scenario)
  const end = endOf(scenario)
  const view = new View(begin)
  yield* Effect.scoped(Effect.gen(function*() {
    const keys = yield* terminal.readInput
    const draw = yield* drawing(terminal)
    for (let over = false; !over;) {
      const key = yield* nextKey(keys)
      over = yield* proceed(view, run, key, end)
      const now = yield* run.now
      const lines = Story.linesOf(style, view.tells(now, over || Option.isSome(key)))
      const picture = { controls: view.controls, end, now, states: yield* run.states }
      const below = panel(style, picture, (yield* terminal.columns) || narrow)
      yield* draw(lines.map((line) => Story.print(style, line)), below)
    }
  }))
  const ending: Ending = { judged: view.judged, score: yield* run.score, byHand: view.byHand }
  return ending
})
