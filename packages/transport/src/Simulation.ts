/**
 * Time in a simulated network. A program under `TestClock` stands still until its test moves the clock; moving it before
 * everybody has come to rest would leave those behind who had not yet fallen asleep. `elapse` does both in order.
 */
import { Clock, Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { MemoryNetwork } from "./MemoryNetwork.ts"

// Turns of the event loop in which no packet moves, after which programs are taken to be at rest.
const quietTurns = 50
// A network in which packets fly for ever without time passing is not waited for.
const patience = 1000

/** Lets everything happen that needs no time. */
export const settle: Effect.Effect<void, never, MemoryNetwork> = Effect.gen(function*() {
  const network = yield* MemoryNetwork
  for (let round = 0; round < patience; round++) {
    const before = yield* network.events
    yield* Effect.repeat(Effect.yieldNow, { times: quietTurns })
    if (before === (yield* network.events)) return
  }
})

/**
 * Lets everything happen that needs no time, lets `duration` pass, at once under `TestClock`, else by waiting, and lets
 * everything happen that follows from it at that moment.
 */
export const elapse = (duration: Duration.Input): Effect.Effect<void, never, MemoryNetwork> => {
  const pass = Clock.clockWith((clock) => "adjust" in clock ? TestClock.adjust(duration) : Effect.sleep(duration))
  return settle.pipe(Effect.andThen(pass), Effect.andThen(settle))
}

/**
 * Gives an effect's result after `duration` has passed, in which it had its time: for everything that waits for the
 * network, as a link with latency makes it. Dies when the effect has not ended by then.
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
