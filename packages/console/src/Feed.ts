/**
 * What a panel's events bring, shared by all pages. It listens while a page is open, and only then: for an event it keeps a
 * reference and which parts it touches, and the pages make frames of the latest.
 */
import { Clock, Effect, RcRef, type Scope, Stream } from "effect"
import { bounds } from "./api/Frame.ts"
import type { Panel, Part, Tagged } from "./Panel.ts"
import { type Numbered, Recent } from "./Recent.ts"

/** What came while pages were open. */
export interface Feed {
  /** How many events have come: the serial of the next one. */
  readonly total: () => number
  /** The latest events from a serial on. */
  readonly events: (from: number) => ReadonlyArray<Numbered<Tagged>>
  /** Whether a part was touched by an event of this serial or a later one. */
  readonly isTouched: (part: Part, from: number) => boolean
}

// A fiber that is woken for each event costs more than all the rest: events wait a moment, to be taken together. Measured with
// chat of Pyile, 10,000 messages a second: 13 us each, where all that a page is told takes less than 2.
const rest = Effect.sleep("20 millis")

/** As many at once are taken as they come: they must not outgrow what a peer holds for a listener. */
const few = 64

/** The events of another kind than the one before: most of what a busy peer reports is of one kind. */
const changes = (batch: ReadonlyArray<Tagged>): ReadonlyArray<Tagged> =>
  batch.filter((event, index) => event._tag !== batch[index - 1]?._tag)

/** Gives the feed to a page for the scope's life. The first page has it listen, and it stops with the last one. */
export const make = (panel: Panel): Effect.Effect<Effect.Effect<Feed, never, Scope.Scope>, never, Scope.Scope> => {
  const events = new Recent<Tagged>(bounds.news)
  const touched = new Map<Part, number>()
  const feed: Feed = {
    total: () => events.total,
    events: (from) => events.from(from),
    isTouched: (part, from) => (touched.get(part) ?? -1) >= from
  }
  const note = (batch: ReadonlyArray<Tagged>, at: number) => {
    events.push(batch, at)
    for (const event of batch.length < few ? batch : changes(batch)) {
      for (const part of panel.touches(event)) touched.set(part, events.total - 1)
    }
  }
  const listen = Effect.gen(function*() {
    const clock = yield* Clock.Clock
    yield* Effect.addFinalizer(() => Effect.sync(() => events.forget()))
    const take = (batch: ReadonlyArray<Tagged>) =>
      Effect.suspend(() => {
        note(batch, clock.currentTimeMillisUnsafe())
        return batch.length < few ? rest : Effect.void
      })
    yield* Effect.forkScoped(Stream.runForEachArray(panel.events, take), { startImmediately: true })
    return feed
  })
  return Effect.map(RcRef.make({ acquire: listen }), RcRef.get)
}
