/**
 * Lists from a host to all its members, by one fiber: each change reaches everybody, and nobody holds up another.
 *
 * Quirk: an original reads a list with one recv and silently drops two at once, so each list is one write, and two to
 * one member are an interval apart at least.
 */
import type { Pipe } from "@peerage/transport"
import { Duration, Effect, Latch } from "effect"
import { DistributionLost, SlowReader } from "../PyileError.ts"
import * as Deadline from "./Deadline.ts"

/** Somebody who gets lists. */
export interface Subscriber {
  readonly pipe: Pipe.Pipe
  /** The current list as this member should see it, encoded. */
  readonly list: () => Uint8Array
  /** Called when the member has not read what it was sent for too long, or has ended the connection. */
  readonly ended: (reason: SlowReader | DistributionLost) => Effect.Effect<void>
}

/** Who sends them. */
export interface Distributor {
  /** Takes a subscriber over, its pipe included, and sends it the list at once. */
  readonly admit: (subscriber: Subscriber) => void
  readonly release: (subscriber: Subscriber) => void
  /** The list has changed: every member gets it, changes merged, as soon as its interval allows. */
  readonly changed: () => void
  /** Never ends. */
  readonly run: Effect.Effect<never>
}

interface Line {
  sentAt: number
  /** Since when what was sent waits to be read, `undefined` when it does not. */
  blockedSince: number | undefined
  outdated: boolean
}

const lost = (pipe: Pipe.Pipe): boolean => pipe.ended() !== undefined || pipe.broken() !== undefined

/** `interval`: least time between two lists to one member. `timeout`: how long a list may stay unread. */
export const make = (
  options: { readonly interval: Duration.Input; readonly timeout: Duration.Input }
): Distributor => {
  const interval = Duration.toMillis(Duration.fromInputUnsafe(options.interval))
  const timeout = Duration.toMillis(Duration.fromInputUnsafe(options.timeout))
  const lines = new Map<Subscriber, Line>()
  /** Those that wait for something: a list, or to be given up. */
  const waiting = new Set<Subscriber>()
  const wake = Latch.makeUnsafe(false)

  const attend = (subscriber: Subscriber) => {
    waiting.add(subscriber)
    wake.openUnsafe()
  }

  const dueAt = ({ pipe }: Subscriber, { blockedSince, outdated, sentAt }: Line): number => {
    if (lost(pipe)) return -Infinity
    if (blockedSince !== undefined) return blockedSince + timeout
    return outdated ? sentAt + interval : Infinity
  }

  const serve = (subscriber: Subscriber, line: Line, now: number): Effect.Effect<void> => {
    if (lost(subscriber.pipe) || line.blockedSince !== undefined) {
      waiting.delete(subscriber)
      return subscriber.ended(lost(subscriber.pipe) ? new DistributionLost() : new SlowReader())
    }
    line.sentAt = now
    line.outdated = false
    if (!subscriber.pipe.write([subscriber.list()])) line.blockedSince = now
    return Effect.void
  }

  const sweep = Effect.fnUntraced(function*(now: number) {
    let earliest = Infinity
    for (const subscriber of [...waiting]) {
      const line = lines.get(subscriber)
      if (line !== undefined && dueAt(subscriber, line) <= now) yield* serve(subscriber, line, now)
      const due = line !== undefined && waiting.has(subscriber) ? dueAt(subscriber, line) : Infinity
      if (due === Infinity) waiting.delete(subscriber)
      earliest = Math.min(earliest, due)
    }
    return earliest
  })

  const run = Effect.gen(function*() {
    while (true) {
      wake.closeUnsafe()
      const now = yield* Deadline.now
      yield* Deadline.wait(yield* sweep(now), now, wake)
    }
  })

  return {
    admit: (subscriber) => {
      const { pipe } = subscriber
      const line: Line = { sentAt: -Infinity, blockedSince: undefined, outdated: true }
      lines.set(subscriber, line)
      const drained = () => {
        line.blockedSince = undefined
        if (line.outdated) wake.openUnsafe()
      }
      const readable = () => {
        // Nothing is expected from a member here; what comes is dropped, so that its window never fills.
        pipe.take()
        if (lost(pipe)) attend(subscriber)
      }
      pipe.observe({ readable, drained, closed: () => attend(subscriber) })
      attend(subscriber)
    },
    release: (subscriber) => {
      lines.delete(subscriber)
      waiting.delete(subscriber)
    },
    changed: () => {
      for (const [subscriber, line] of lines) {
        line.outdated = true
        waiting.add(subscriber)
      }
      wake.openUnsafe()
    },
    run
  }
}
