/**
 * What a peer tells the world as it happens, whatever the protocol: published in batches, heard by whoever listens. A
 * listener that does not keep up loses the oldest events; nobody is held up by it.
 */
import { Effect, PubSub, type Scope, Stream } from "effect"
import { PreventSchedulerYield } from "effect/Scheduler"

/** A peer's events. */
export interface Events<Event> {
  readonly publish: (events: ReadonlyArray<Event>) => Effect.Effect<void>
  /** Whether what is published now is heard, kept or counted: where there are many, who does not, need not make them. */
  readonly awaited: () => boolean
  /** What happens from now on. Never fails, ends with the scope that the events were made in. */
  readonly stream: Stream.Stream<Event>
}

/** How events are kept and counted. */
export interface Options<Event> {
  /** Events held for a listener. */
  readonly buffer: number
  /** What each batch changes in metrics. */
  readonly count?: ((events: ReadonlyArray<Event>) => ReadonlyArray<Effect.Effect<void>>) | undefined
  /** Which events wait for the first listener, where there is none yet; at most as many as the buffer holds. */
  readonly awaits?: ((event: Event) => boolean) | undefined
}

/** Events, held for the scope's life. */
export const make = Effect.fnUntraced(function*<Event>(
  { awaits, buffer, count }: Options<Event>
): Effect.fn.Return<Events<Event>, never, Scope.Scope> {
  const pubsub = yield* Effect.acquireRelease(PubSub.sliding<Event>(buffer), PubSub.shutdown)
  let unheard: Array<Event> | undefined = []
  let listeners = 0
  const listening = Effect.acquireRelease(Effect.sync(() => listeners++), () => Effect.sync(() => listeners--))
  const keep = (events: ReadonlyArray<Event>) => {
    if (unheard === undefined || awaits === undefined) return
    unheard.push(...events.filter(awaits))
    unheard.splice(0, unheard.length - buffer)
  }
  const listen = Effect.map(Effect.andThen(listening, PubSub.subscribe(pubsub)), (subscription) => {
    const early = unheard ?? []
    unheard = undefined
    return Stream.concat(Stream.fromIterable(early), Stream.fromSubscription(subscription))
    // In one step, so that nothing is told twice.
  }).pipe(Effect.provideService(PreventSchedulerYield, true))
  return {
    publish: (events) =>
      Effect.suspend(() => {
        if (events.length === 0) return Effect.void
        keep(events)
        let published = Effect.asVoid(PubSub.publishAll(pubsub, events))
        for (const change of count?.(events) ?? []) published = Effect.andThen(published, change)
        return published
      }),
    awaited: () => listeners > 0 || count !== undefined || awaits !== undefined,
    stream: Stream.unwrap(listen)
  }
})
