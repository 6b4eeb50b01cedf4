/**
 * Moves time in a simulated network. Under `TestClock` only a test moves the clock, and it must not do so before all
 * programs wait: one that has not reached its sleep yet would sleep too long. `elapse` does both in order.
 */
import { Clock, Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { MemoryNetwork } from "./MemoryNetwork.ts"
import * as OptionValue from "./OptionValue.ts"

// After this many turns of the event loop without a network event, all programs count as waiting.
const quietTurns = 50
// Gives up on a network whose packets never stop although no time passes.
const maxRounds = 1000

/** Runs everything that needs no time to pass, until all programs wait. */
export const settle: Effect.Effect<void, never, MemoryNetwork> = Effect.gen(function*() {
  const network = yield* MemoryNetwork
  for (let round = 0; round < maxRounds; round++) {
    const before = yield* network.events
    yield* Effect.repeat(Effect.yieldNow, { times: quietTurns })
    if (before === (yield* network.events)) return
  }
})

/**
 * Settles, lets `duration` pass, and settles again. Under `TestClock` it moves the clock, so this returns at once;
 * under another clock it sleeps.
 */
export const elapse = (duration: Duration.Input): Effect.Effect<void, never, MemoryNetwork> => {
  const pass = Clock.clockWith((clock) => {
    OptionValue.check("duration of Simulation.elapse", duration, OptionValue.time)
    return "adjust" in clock ? TestClock.adjust(duration) : Effect.sleep(duration)
  })
  return settle.pipe(Effect.andThen(pass), Effect.andThen(settle))
}

/**
 * Runs an effect that waits for the network, lets `duration` pass, and returns the effect's result. Dies when the
 * effect has not ended by then.
 */
export const during = <A, E, R>(
  duration: Duration.Input,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | MemoryNetwork> =>
  Effect.gen(function*() {
    const running = yield* Effect.forkChild(effect)
    yield* elapse(duration)
    const exit = running.pollUnsafe()
    return exit === undefined
      ? yield* Effect.die(new Error(`still running after ${Duration.format(Duration.fromInputUnsafe(duration))}`))
      : yield* exit
  })
