/** What a peer tells the world: its event stream. A subscriber that does not keep up loses the oldest ones. */
import { Effect, PubSub, type Scope, Stream } from "effect"
import type { PyrateEvent } from "../PyrateEvent.ts"

/** A peer's events. */
export interface Events {
  readonly publish: (events: ReadonlyArray<PyrateEvent>) => Effect.Effect<void>
  readonly stream: Stream.Stream<PyrateEvent>
}

/** A peer's events, held for the scope's life; the stream ends with it. */
export const make = Effect.fnUntraced(function*(buffer: number): Effect.fn.Return<Events, never, Scope.Scope> {
  const pubsub = yield* Effect.acquireRelease(PubSub.sliding<PyrateEvent>(buffer), PubSub.shutdown)
  return {
    publish: (events) => Effect.asVoid(PubSub.publishAll(pubsub, events)),
    stream: Stream.fromPubSub(pubsub)
  }
})
