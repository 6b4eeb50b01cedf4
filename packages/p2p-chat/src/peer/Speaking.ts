/** Saying to a neighbour what waits for it, as it comes. */
import { Timeouts } from "@peerage/transport"
import { Callback, type PipeLink } from "@peerage/wire"
import { Duration, Effect, Fiber } from "effect"
import type { SessionFailure } from "../ChatError.ts"
import * as Conversation from "../exchange/Conversation.ts"
import type { Neighbour } from "./Neighbour.ts"
import type { Router } from "./Router.ts"

/** Never succeeds: says what there is to say, until it cannot be said. */
export const speak = (
  router: Router,
  link: PipeLink.PipeLink,
  neighbour: Neighbour
): Effect.Effect<never, SessionFailure> =>
  neighbour.ours ? speakAtOnce(router, link, neighbour) : speakInBursts(router, link, neighbour, router.config.burst)

/** Says what there is to say, without waiting for a neighbour that does not read, and without pauses. */
export const lastWords = (router: Router, link: PipeLink.PipeLink, neighbour: Neighbour): Effect.Effect<void> =>
  Effect.gen(function*() {
    const saying = neighbour.ours
      ? speakAtOnce(router, link, neighbour)
      : speakInBursts(router, link, neighbour, Infinity)
    yield* Fiber.interrupt(yield* Effect.forkDetach(Effect.ignore(saying), { startImmediately: true }))
  })

const speakAtOnce = (
  router: Router,
  link: PipeLink.PipeLink,
  neighbour: Neighbour
): Effect.Effect<never, SessionFailure> => {
  const { outbox } = neighbour
  const step = () => {
    while (!outbox.isEmpty) {
      const unsaid = Conversation.sayTogether(link, router.turn(neighbour, Infinity), router.config)
      if (unsaid !== undefined) return unsaid
    }
    return undefined
  }
  return Callback.forever(step, (again) => outbox.whenFilled(again))
}

/**
 * Quirk: an original closes the connection when a frame that it reads is not all there, so in a long burst it has pauses
 * to keep up in, longer ones after large frames: its window is as full of a few of those as of many small ones. What is to
 * be said meanwhile stays in the outbox, where it is kept should the connection end.
 */
const speakInBursts = (
  router: Router,
  link: PipeLink.PipeLink,
  neighbour: Neighbour,
  burst: number
): Effect.Effect<never, SessionFailure> =>
  Effect.gen(function*() {
    const { config } = router
    let said = 0
    let saidAt = yield* Timeouts.now
    while (true) {
      if (neighbour.outbox.isEmpty) yield* neighbour.outbox.filled
      if ((yield* Timeouts.now) - saidAt >= Duration.toMillis(config.burstPause)) said = 0
      said += yield* Conversation.sayOneByOne(link, router.turn(neighbour, burst - said), config)
      saidAt = yield* Timeouts.now
      if (said < burst) continue
      yield* Effect.sleep(Duration.times(config.burstPause, said / burst))
      said = 0
    }
  })
