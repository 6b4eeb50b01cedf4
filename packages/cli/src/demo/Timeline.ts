/** The demo's timeline: who did what and when, a column for each. */
import { json, printable } from "@peerage/console/Printable"
import { Clock, Effect, Ref } from "effect"
import { write } from "../room/Screen.ts"
import { iso, type Style } from "../room/Style.ts"

/** Something that happened. */
export interface Moment {
  readonly who: string
  readonly did: string
  /** A headline names nobody. */
  readonly kind: "Headline" | "Step"
}

/** Milliseconds as `0.42s`, right-aligned. */
export const seconds = (millis: number): string => `${(millis / 1000).toFixed(2)}s`.padStart(7)

const nameWidth = 9

/** A line of the timeline. Pure. */
export const line = (style: Style, { did, kind, who }: Moment, millis: number): string =>
  kind === "Headline"
    ? `\n${style.bold(did)}`
    : `${style.dim(seconds(millis))}  ${style.named(who, who.padEnd(nameWidth))} ${printable(did)}`

/** Begins a timeline, for people or in JSON. */
export const make = Effect.fnUntraced(function*(style: Style, asJson: boolean) {
  const start = yield* Clock.currentTimeMillis
  const count = yield* Ref.make(0)
  const elapsed = Effect.map(Clock.currentTimeMillis, (now) => now - start)
  const tell = Effect.fnUntraced(function*(moment: Moment) {
    const millis = yield* elapsed
    const { did, kind, who } = moment
    yield* write([asJson ? json({ event: kind, at: iso(start + millis), who, did }) : line(style, moment, millis)])
  })
  return {
    chapter: (title: string) => tell({ kind: "Headline", who: "", did: title }),
    step: (who: string, did: string) =>
      Effect.andThen(Ref.update(count, (steps) => steps + 1), tell({ kind: "Step", who, did })),
    steps: Ref.get(count),
    /** Milliseconds since the beginning. */
    elapsed
  }
})

/** Writes moments as they happen. */
export type Timeline = Effect.Success<ReturnType<typeof make>>
