/**
 * Lists from a host to all its members, by one fiber: each change reaches everybody, and nobody holds up another.
 *
 * A list grows with the network and goes to everybody in it, so what one change costs grows with the square of it.
 * Above a rate of bytes members get their lists in turn, and in what the turn takes further changes are merged.
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

// Every member that leaves loses this connection too: made once.
const distributionLost = new DistributionLost()

const lost = (pipe: Pipe.Pipe): boolean => pipe.ended() !== undefined || pipe.broken() !== undefined

/** How lists are sent. */
export interface Options {
  /** Least time between two lists to one member, and in which bytes may run ahead of their rate. */
  readonly interval: Duration.Input
  /** How long a list may stay unread. */
  readonly timeout: Duration.Input
  /** Bytes a second to all members together. */
  readonly rate: number
}

/** Nobody is in the network yet. */
export const make = (options: Options): Distributor => {
  const interval = Duration.toMillis(Duration.fromInputUnsafe(options.interval))
  const timeout = Duration.toMillis(Duration.fromInputUnsafe(options.timeout))
  /** When what has been sent is paid for, at the rate. */
  let paidAt = -Infinity
  /** When the next in turn may get its list. */
  let turnAt = -Infinity
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
    if (!outdated) return Infinity
    // A newcomer's list is part of its joining and waits for nothing.
    return sentAt === -Infinity ? sentAt : Math.max(sentAt + interval, turnAt)
  }

  const serve = (subscriber: Subscriber, line: Line, now: number): Effect.Effect<void> => {
    if (lost(subscriber.pipe) || line.blockedSince !== undefined) {
      waiting.delete(subscriber)
      return subscriber.ended(lost(subscriber.pipe) ? distributionLost : new SlowReader())
    }
    line.sentAt = now
    line.outdated = false
    const list = subscriber.list()
    paidAt = Math.max(paidAt, now) + list.length / options.rate * 1000
    // Whoever comes after what may run ahead waits until all of it is paid for, so that the fiber wakes rarely.
    if (paidAt - now > interval) turnAt = paidAt
    if (!subscriber.pipe.write([list])) line.blockedSince = now
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
