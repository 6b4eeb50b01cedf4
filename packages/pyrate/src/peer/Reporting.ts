/** Reports of files on their way, which come in many small pieces. */
import { Clock, Duration, Effect, Ref } from "effect"
import type { PyrateEvent } from "../PyrateEvent.ts"
import type { PeerContext } from "./PeerContext.ts"

/** Publishes an event, and no other before some time has passed. */
export const make = Effect.fnUntraced(function*({ config, events }: PeerContext) {
  const pause = Duration.toMillis(config.progressEvery)
  const reportedAt = yield* Ref.make(-Infinity)
  return Effect.fnUntraced(function*(event: PyrateEvent) {
    const now = yield* Clock.currentTimeMillis
    const isDue = yield* Ref.modify(reportedAt, (at) => now - at < pause ? [false, at] : [true, now])
    if (isDue) yield* events.publish([event])
  })
})
