/**
 * Proof of life, from the host to each joiner and back, for as long as the connection lives.
 *
 *   joiner                    host
 *     | <--- {"<3": true} ----- |      at once after joining, then 2 s after each answer
 *     | ---- {"<3": true} ----> |
 *
 * Source: the wire document, section 6.
 */
import { type Link, LinkError } from "@peerage/wire"
import { Clock, Duration, Effect, Latch } from "effect"
import { Heartbeat } from "../codec/Message.ts"
import * as Deadline from "./Deadline.ts"

/** Never succeeds: answers beats until none came for `silence`, then fails with `PeerUnresponsive`. */
export const respond = (link: Link.Link, silence: Duration.Input) =>
  link.receive(Heartbeat, silence).pipe(
    Effect.andThen(link.send(Heartbeat, { "<3": true })),
    Effect.forever({ disableYield: true })
  )

/** Somebody whose heart is watched. */
export interface Heart {
  /** Sends one beat. An error means that the connection is ending, which its reader will notice. */
  readonly beat: Effect.Effect<void>
  /** Called when no answer came in time. */
  readonly stopped: (reason: LinkError.PeerUnresponsive) => Effect.Effect<void>
}

/** The host's side: the hearts of all members, beaten by one fiber. */
export interface Ward {
  /** Begins with a beat at once. */
  readonly admit: (heart: Heart) => Effect.Effect<void>
  /** Notes an answer: the next beat is due one interval from now. Unasked answers change nothing. */
  readonly answered: (heart: Heart) => Effect.Effect<void>
  /** Stops watching. */
  readonly release: (heart: Heart) => Effect.Effect<void>
  /** Never ends: beats and waits. */
  readonly run: Effect.Effect<never>
}

/**
 * One sweeper for all hearts. Both deadlines are a fixed time after an event, so each of the two waiting lines is
 * ordered by itself: only their heads are ever looked at.
 */
export const ward = (options: { readonly interval: Duration.Input; readonly timeout: Duration.Input }): Ward => {
  const interval = Duration.toMillis(Duration.fromInputUnsafe(options.interval))
  const timeout = Duration.toMillis(Duration.fromInputUnsafe(options.timeout))
  const resting = new Map<Heart, number>()
  const asked = new Map<Heart, number>()
  const earlier = Latch.makeUnsafe(false)
  let wakesAt = Infinity

  const expect = (line: Map<Heart, number>, heart: Heart, due: number) => {
    line.set(heart, due)
    if (due < wakesAt) earlier.openUnsafe()
  }

  const beat = (heart: Heart, now: number) => {
    expect(asked, heart, now + timeout)
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
      yield* heart.stopped(new LinkError.PeerUnresponsive({ awaited: "Heartbeat", within: Duration.millis(timeout) }))
    }
  })

  const earliest = (): number => {
    const next = resting.values().next().value ?? Infinity
    const last = asked.values().next().value ?? Infinity
    return Math.min(next, last)
  }

  const run = Effect.gen(function*() {
    while (true) {
      const now = yield* Clock.currentTimeMillis
      yield* sweep(now)
      wakesAt = earliest()
      earlier.closeUnsafe()
      yield* Deadline.wait(wakesAt, now, earlier)
    }
  })

  return {
    admit: (heart) => Effect.flatMap(Clock.currentTimeMillis, (now) => beat(heart, now)),
    answered: (heart) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        if (asked.delete(heart)) expect(resting, heart, now + interval)
      }),
    release: (heart) =>
      Effect.sync(() => {
        resting.delete(heart)
        asked.delete(heart)
      }),
    run
  }
}
