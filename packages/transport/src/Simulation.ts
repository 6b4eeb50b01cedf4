/**
 * Time in a simulated network. A program under `TestClock` stands still until its test moves the clock; moving it before
 * everybody has come to rest would leave those behind who had not yet fallen asleep. `elapse` does both in order.
 */
import { Clock, type Duration, Effect } from "effect"
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
