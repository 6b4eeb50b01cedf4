/**
 * What pages are told of a peer: not events but frames, at most ten a second to each page, four while more happens than frames
 * can show, and to a page that is hidden one. A page that is slow to acknowledge gets fewer, each with more in it, and never
 * more than the bounds. Nothing runs while no page is open.
 *
 *     events ---> feed (shared, bounded) --\
 *     lists, messages, lines (asked for) ----> frame ---> page ---> acknowledged ---> the next frame
 */
import { Clock, Effect, Latch, Option, type Scope, Stream, SubscriptionRef } from "effect"
import { bounds, type Frame, type Said } from "./api/Frame.ts"
import * as Cut from "./Cut.ts"
import * as Feed from "./Feed.ts"
import { fit } from "./Fit.ts"
import type { Panel } from "./Panel.ts"
import * as Parts from "./Parts.ts"
import * as Shown from "./Shown.ts"

/** What a page looks at. */
export interface Watching {
  /** The conversation that is open. */
  readonly conversation: string
  readonly hidden: boolean
}

/** The frames of one panel. */
export interface Frames {
  /** The first frame says all. Ends when the peer leaves. */
  readonly watch: (watching: Watching) => Stream.Stream<Frame>
  /** Tells all pages that the peer has left, with why, and ends what they watch. Waits for them, but not for long. */
  readonly leave: Effect.Effect<void>
  /** The latest messages of a conversation before a serial, oldest first. */
  readonly history: (conversation: string, before?: number) => Effect.Effect<ReadonlyArray<Said>>
}

/** Milliseconds between what changes without an event, and between counts. */
const second = 1000

/** What a page has been told. */
interface Told {
  /** When. */
  readonly at: number
  /** More happened since the time before than frames could show, had there been ten a second. */
  readonly isLoud: boolean
  readonly events: number
  readonly said: number
  readonly lines: number
  /** When the meters were. */
  readonly meters: number
  /** What changes as a whole, as text. */
  readonly wholes: ReadonlyMap<string, string>
}

const nothing: Told = {
  at: -Infinity,
  isLoud: false,
  events: 0,
  said: -1,
  lines: -1,
  meters: -Infinity,
  wholes: new Map()
}

/**
 * Milliseconds from when a page has taken a frame until the next one is made. Full frames cost both ends the most, and nobody
 * reads ten of them a second.
 */
const paces = { usual: 100, loud: 250, hidden: second } as const

const paceOf = ({ hidden }: Watching, { isLoud }: Told): number => paces[hidden ? "hidden" : isLoud ? "loud" : "usual"]

const lastOf = (items: ReadonlyArray<{ readonly n: number }>, before: number): number => items.at(-1)?.n ?? before

/** What a page is shown for the first time, and what is new for it afterwards. */
const newsOf = Effect.fnUntraced(function*({ log, talk }: Panel, told: Told, conversation: string) {
  const first = told === nothing
  const since = first ? Math.max(...(yield* latest(talk)), -1) : told.said
  const said = first
    ? (yield* talk?.history(conversation) ?? Effect.succeed([])).slice(-bounds.messages)
    : yield* talk?.since(since, bounds.news) ?? Effect.succeed([])
  const lines = (yield* log?.since(told.lines) ?? Effect.succeed([])).slice(first ? -bounds.lines : -bounds.news)
  return { said, lines, reached: { said: Math.max(since, lastOf(said, -1)), lines: lastOf(lines, told.lines) } }
})

const latest = (talk: Panel["talk"]) =>
  Effect.map(talk?.since(-1, 1) ?? Effect.succeed([]), (messages) => messages.map(({ n }) => n))

/** Lists that are due, as far as they have changed. */
const listsOf = Effect.fnUntraced(function*(
  sources: ReadonlyArray<Parts.Source>,
  told: Told,
  isDue: (part: Parts.Name) => boolean
) {
  const wholes = new Map(told.wholes)
  let lists: Parts.Lists = {}
  for (const { part, read } of sources) {
    if (!isDue(part)) continue
    const list = yield* read
    const text = JSON.stringify(list)
    if (wholes.get(part) === text) continue
    wholes.set(part, text)
    lists = Parts.merge(lists, list)
  }
  return { lists, wholes }
})

const frameOf = (panel: Panel, feed: Feed.Feed, sources: ReadonlyArray<Parts.Source>) =>
  Effect.fnUntraced(function*(told: Told, conversation: string) {
    const at = yield* Clock.currentTimeMillis
    const first = told === nothing
    const isTime = at - told.meters >= second
    const total = feed.total()
    const events = feed.events(told.events)
    const { lines, reached, said } = yield* newsOf(panel, told, conversation)
    const { lists, wholes } = yield* listsOf(
      sources,
      told,
      (part) => isTime || part === "status" || feed.isTouched(part, told.events)
    )
    const frame: Frame = {
      at,
      first,
      ...lists,
      said: said.map(Shown.said),
      lines: lines.map(Shown.line),
      happenings: events.map(Shown.happening(panel)),
      counted: first ? 0 : total - told.events,
      skipped: first ? 0 : total - told.events - events.length,
      ...(isTime ? { meters: (yield* panel.meters).map(Shown.meter) } : {})
    }
    const isNews = isTime || total > told.events || said.length + lines.length > 0
      || Object.keys(lists).length > 0
    return {
      frame: isNews ? fit(frame) : undefined,
      told: {
        at,
        isLoud: (total - told.events) * paces.usual > bounds.news * (at - told.at),
        events: total,
        ...reached,
        meters: isTime ? at : told.meters,
        wholes
      }
    }
  })

/** The last frame: what became of the peer, in its own words where it has some. */
const farewell = ({ status }: Panel): Effect.Effect<Frame> =>
  Effect.zipWith(Clock.currentTimeMillis, status, (at, status) => ({
    at,
    first: false,
    status: status.tone === "bad"
      ? Shown.status(status)
      : { tone: "bad", word: "left", sentence: "This peer has left. Start it again to go on." },
    said: [],
    lines: [],
    happenings: [],
    counted: 0,
    skipped: 0
  }))

// A page on this machine takes a frame in a few milliseconds.
const patience = "250 millis"

/** Frames of a panel, for the scope's life. */
export const make = Effect.fnUntraced(function*(panel: Panel): Effect.fn.Return<Frames, never, Scope.Scope> {
  const listen = yield* Feed.make(panel)
  const sources = Parts.sources(panel)
  const leaving = yield* Latch.make()
  const open = yield* SubscriptionRef.make(0)
  const counted = Effect.acquireRelease(
    SubscriptionRef.update(open, (count) => count + 1),
    () => SubscriptionRef.update(open, (count) => count - 1)
  )
  const frames = Effect.fnUntraced(function*(watching: Watching) {
    const next = frameOf(panel, yield* listen, sources)
    const last = Effect.map(farewell(panel), (frame) => [[frame], Option.none<Told>()] as const)
    return Stream.paginate(nothing, (told) => {
      const made = Effect.map(
        next(told, watching.conversation),
        ({ frame, told }) => [frame === undefined ? [] : [frame], Option.some(told)] as const
      )
      return told === nothing
        ? made
        : Effect.raceFirst(Effect.delay(made, paceOf(watching, told)), Effect.andThen(leaving.await, last))
    })
  })
  return {
    watch: (watching) => Stream.unwrap(Effect.andThen(counted, frames(watching))),
    leave: Effect.gen(function*() {
      yield* leaving.open
      const gone = Stream.takeUntil(SubscriptionRef.changes(open), (count) => count === 0)
      yield* Effect.timeoutOption(Stream.runDrain(gone), patience)
    }),
    history: (conversation, before = Infinity) =>
      Effect.map(panel.talk?.history(conversation) ?? Effect.succeed([]), (all) => {
        const shown = all.filter(({ n }) => n < before).slice(-bounds.messages).map(Shown.said)
        return Cut.fitting(shown, bounds.frame, "last")
      })
  }
})
