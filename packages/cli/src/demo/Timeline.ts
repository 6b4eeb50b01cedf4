/** The demo's timeline: who did what and when, a column for each, and whether it was what should happen. */
import { Clock, DateTime, Effect, Ref } from "effect"
import { json, printable } from "../Printable.ts"
import { write } from "../room/Screen.ts"
import type { Style } from "../room/Style.ts"

/** Something that happened. */
export interface Moment {
  readonly who: string
  readonly did: string
  /** A headline has no actor. */
  readonly kind: "Headline" | "Step"
}

/** Milliseconds as `0.42s`, right-aligned. */
export const seconds = (millis: number): string => `${(millis / 1000).toFixed(2)}s`.padStart(7)

const actorWidth = 9

/** A line of the timeline. Pure. */
export const line = (style: Style, { did, kind, who }: Moment, millis: number): string =>
  kind === "Headline"
    ? `\n${style.bold(did)}`
    : `${style.dim(seconds(millis))}  ${style.named(who, who.padEnd(actorWidth))} ${printable(did)}`

/** Takes moments as they happen. */
export interface Timeline {
  readonly chapter: (title: string) => Effect.Effect<void>
  readonly step: (who: string, did: string) => Effect.Effect<void>
  readonly steps: Effect.Effect<number>
  /** Milliseconds since the beginning. */
  readonly elapsed: Effect.Effect<number>
}

/** Begins a timeline, for people or in JSON. */
export const make = Effect.fnUntraced(function*(style: Style, asJson: boolean): Effect.fn.Return<Timeline> {
  const start = yield* Clock.currentTimeMillis
  const count = yield* Ref.make(0)
  const elapsed = Effect.map(Clock.currentTimeMillis, (now) => now - start)
  const tell = (moment: Moment) =>
    Effect.flatMap(elapsed, (millis) =>
      write([
        asJson
          ? json({
            event: moment.kind,
            at: DateTime.formatIso(DateTime.makeUnsafe(start + millis)),
            who: moment.who,
            did: moment.did
          })
          : line(style, moment, millis)
      ]))
  return {
    chapter: (title) => tell({ kind: "Headline", who: "", did: title }),
    step: (who, did) => Effect.andThen(Ref.update(count, (steps) => steps + 1), tell({ kind: "Step", who, did })),
    steps: Ref.get(count),
    elapsed
  }
})
