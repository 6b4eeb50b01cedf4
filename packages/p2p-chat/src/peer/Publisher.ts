/**
 * Publishes the list of peers when it changed. A list takes time with its length, so after each one there is a pause, the
 * longer the longer the list: a neighbour whose peers come and go without end costs a small part of the time. The first
 * change is published at once, the last one always.
 */
import { Timeouts } from "@peerage/transport"
import { Effect, type Latch, SubscriptionRef } from "effect"
import type { Peer } from "../ChatEvent.ts"
import type { Events } from "./Events.ts"

// A list of 10,000 takes some milliseconds and is made every 100 at most; one below 100 has no pause.
const peersPerMillisecond = 100

/** What is published, and where. */
export interface Options {
  /** The list as it is now. */
  readonly list: Effect.Effect<ReadonlyArray<Peer>>
  /** Opened when the list changed. */
  readonly changed: Latch.Latch
  readonly events: Events
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<Peer>>
}

/** Publishes the list now. Gives its length. */
export const publish = Effect.fnUntraced(function*({ changed, events, list, peers }: Options) {
  // Closed first: what changes from now on opens it again.
  yield* changed.close
  const all = yield* list
  yield* SubscriptionRef.set(peers, all)
  yield* events.publish([{ _tag: "Peers", peers: all }])
  return all.length
})

/** Never ends: publishes each list that changed. */
export const run = (options: Options): Effect.Effect<never> =>
  Effect.gen(function*() {
    while (true) {
      yield* options.changed.await
      const pause = Math.floor((yield* publish(options)) / peersPerMillisecond)
      if (pause > 0) yield* Timeouts.pause(pause)
    }
  })
