/** Pages that look at a stage, with real time in the hand of the test. */
import type { Acts, Stage } from "@peerage/console"
import { Effect, Result, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Run from "../../../src/simulate/Run.ts"
import { decode } from "../../../src/simulate/ScenarioFile.ts"
import { Recording } from "../../../src/simulate/stage/Recording.ts"

/** What a page has been told. */
export interface Page {
  readonly acts: Array<Acts.Act>
  /** Of the acts since the last that replaced all. */
  readonly packets: () => ReadonlyArray<Acts.Packet>
  readonly notes: () => ReadonlyArray<Acts.Note>
  readonly hosts: () => ReadonlyMap<string, Acts.Host>
  readonly now: () => number
}

/** Opens a page. */
export const open = Effect.fnUntraced(function*(stage: Stage.Stage, hidden = false) {
  const acts: Array<Acts.Act> = []
  yield* Effect.forkScoped(Stream.runForEach(stage.play(hidden), (act) => Effect.sync(() => void acts.push(act))))
  const latest = () => acts.slice(acts.findLastIndex(({ first }) => first))
  const page: Page = {
    acts,
    packets: () => latest().flatMap(({ packets }) => packets),
    notes: () => latest().flatMap(({ notes }) => notes),
    hosts: () => new Map(latest().flatMap(({ hosts }) => hosts.map((host) => [host.name, host] as const))),
    now: () => acts.at(-1)?.now ?? -1
  }
  return page
})

/** Lets real time pass, in steps, until a page has been told what is asked for. */
export const until = Effect.fnUntraced(function*(isTrue: () => boolean, step: number) {
  for (let steps = 0; !isTrue(); steps++) {
    if (steps > 50_000) return yield* Effect.die(new Error("the page is not told of it"))
    yield* TestClock.adjust(step)
    yield* Effect.yieldNow
  }
})

/** Lets real time pass until a page has been told all up to a moment. */
export const reach = (page: Page, moment: number, step = 20) => until(() => page.now() >= moment, step)

/** The packets up to a moment, as text. */
export const packetsUntil = (packets: ReadonlyArray<Acts.Packet>, moment: number): ReadonlyArray<string> =>
  packets.filter(({ at }) => at <= moment).map((packet) => JSON.stringify(packet))

/** The packets of a scenario file up to a moment, without a page. */
export const played = Effect.fnUntraced(function*(text: string, moment: number) {
  const file = yield* Effect.fromResult(Result.mapError(decode(JSON.parse(text)), (mistakes) => mistakes.join("; ")))
  const recording = new Recording(file.protocol)
  const run = yield* Run.make(file, (packets) => recording.packets.add(packets))
  recording.observe(yield* run.advance(moment), yield* run.states, moment)
  return recording.packets.from(0, Infinity).map((entry, n) => recording.packetOf(entry, n))
})
