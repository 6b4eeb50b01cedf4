/** The hearts of all members of a host, beaten by one fiber: a beat at once, and then one after each answer. */
import { Sweeper, Timeouts } from "@peerage/transport"
import { LinkError } from "@peerage/wire"
import { Duration, Effect } from "effect"

/** Somebody whose heart is watched. */
export interface Heart {
  /** Sends one beat without waiting for anybody. */
  readonly beat: Effect.Effect<void>
  /** Called when no answer came in time. */
  readonly stopped: (reason: LinkError.PeerUnresponsive) => Effect.Effect<void>
}

/** Who watches them. */
export interface Ward {
  /** Begins with a beat at once. */
  readonly admit: (heart: Heart) => Effect.Effect<void>
  /** Notes an answer: the next beat is due one interval from now. Unasked answers change nothing. */
  readonly answered: (heart: Heart) => Effect.Effect<void>
  /** Stops watching. */
  readonly release: (heart: Heart) => void
  /** Never ends: beats and waits. */
  readonly run: Effect.Effect<never>
}

/**
 * One sweeper for all hearts. Both deadlines are a fixed time after an event, so each of the two waiting lines is
 * ordered by itself: only their heads are ever looked at.
 */
export const make = (options: { readonly interval: Duration.Input; readonly timeout: Duration.Input }): Ward => {
  const interval = Duration.toMillis(Duration.fromInputUnsafe(options.interval))
  const timeout = Duration.fromInputUnsafe(options.timeout)
  const patience = Duration.toMillis(timeout)
  const resting = new Map<Heart, number>()
  const asked = new Map<Heart, number>()

  const expect = (line: Map<Heart, number>, heart: Heart, due: number) => {
    line.set(heart, due)
    sweeper.expect(due)
  }

  const beat = (heart: Heart, now: number) => {
    expect(asked, heart, now + patience)
    return heart.beat
  }

  const sweep = Effect.fnUntraced(function*(now: number) {
    for (const [heart, due] of resting) {
      if (due > now) break
      resting.delete(heart)
      yield* beat(heart, now)
    }
    for (const [heart, due] of asked) {
      if (due > now) break
      asked.delete(heart)
      yield* heart.stopped(new LinkError.PeerUnresponsive({ awaited: "Heartbeat", within: timeout }))
    }
  })

  const sweeper = Sweeper.sweeper(sweep, () => Math.min(Sweeper.first(resting), Sweeper.first(asked)))

  return {
    admit: (heart) => Effect.flatMap(Timeouts.now, (now) => beat(heart, now)),
    answered: (heart) =>
      Effect.map(Timeouts.now, (now) => {
        if (asked.delete(heart)) expect(resting, heart, now + interval)
      }),
    release: (heart) => {
      resting.delete(heart)
      asked.delete(heart)
    },
    run: sweeper.run
  }
}
