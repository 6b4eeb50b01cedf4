/**
 * Waiting for a callback, but not for ever, at the price of one fiber: the deadline's. Effect's own timeouts race two,
 * which is more than all the rest of a connection that carries one message.
 */
import { type Duration, Effect, Exit } from "effect"

/**
 * Waits for `resume`, or for `within`, and then gives `late()`. Whichever comes first counts; interruption leaves no
 * timer behind. `register` is called once, synchronously.
 */
export const wait = <A, E>(
  within: Duration.Duration,
  register: (resume: (result: Effect.Effect<A, E>) => void) => void,
  late: () => Effect.Effect<A, E>
): Effect.Effect<A, E> =>
  Effect.withFiber((fiber) =>
    Effect.callback((resume) => {
      const deadline = Effect.runForkWith(fiber.context)(Effect.sleep(within))
      deadline.addObserver((exit) => {
        if (Exit.isSuccess(exit)) resume(late())
      })
      register((result) => {
        deadline.interruptUnsafe()
        resume(result)
      })
      return Effect.sync(() => deadline.interruptUnsafe())
    })
  )
