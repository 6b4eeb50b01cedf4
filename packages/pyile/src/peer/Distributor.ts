/**
 * Lists from a host to all its members, by one fiber: each change reaches everybody, and nobody holds up another.
 *
 * A list grows with the network and goes to everybody in it, so what one change costs grows with the square of it.
 * Above a rate of bytes members get their lists in turn, and in what the turn takes further changes are merged.
 *
 * Quirk: an original reads a list with one recv and silently drops two at once, so each list is one write, and two to
 * one member are an interval apart at least.
 */
import { type Pipe, Sweeper, Timeouts } from "@peerage/transport"
import { Clock, Duration, Effect } from "effect"
import { DistributionLost, SlowReader } from "../PyileError.ts"

/** Somebody who gets lists. */
export interface Subscriber {
  readonly pipe: Pipe.Pipe
  /** The current list as this member should see it, encoded. */
  readonly list: () => Uint8Array
  /** Called when the member has not read what it was sent for too long, or has ended the connection. More than once. */
  readonly ended: (reason: SlowReader | DistributionLost) => void
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

// Every member that leaves loses this connection too: made once.
const distributionLost = new DistributionLost()

/** How lists are sent. */
export interface Options {
  /** Least time between two lists to one member, and in which bytes may run ahead of their rate. */
  readonly interval: Duration.Input
  /** How long a list may stay unread. */
  readonly timeout: Duration.Input
  /** Bytes a second to all members together. */
  readonly rate: number
}

/**
 * Nobody is in the network yet.
 *
 * A member is in one of three lines, ordered by when it came there, so that only their heads are ever looked at.
 */
export const make = Effect.fnUntraced(function*(options: Options): Effect.fn.Return<Distributor> {
  const clock = yield* Clock.Clock
  const now = () => Timeouts.read(clock)
  const interval = Duration.toMillis(Duration.fromInputUnsafe(options.interval))
  const timeout = Duration.toMillis(Duration.fromInputUnsafe(options.timeout))
  /** Have the current list, and when it was sent. */
  const fresh = new Map<Subscriber, number>()
  /** Have an older one, and when it was sent. */
  const outdated = new Map<Subscriber, number>()
  /** Have not read what they were sent, and when that was; and those of them whose list has changed since. */
  const blocked = new Map<Subscriber, number>()
  const missed = new Set<Subscriber>()
  /** When what has been sent is paid for, at the rate. */
  let paidAt = -Infinity
  /** When the next in turn may get its list. */
  let turnAt = -Infinity

  const release = (subscriber: Subscriber) => {
    for (const line of [fresh, outdated, blocked, missed]) line.delete(subscriber)
  }

  const send = (subscriber: Subscriber, now: number) => {
    const list = subscriber.list()
    paidAt = Math.max(paidAt, now) + list.length / options.rate * 1000
    // Whoever comes after what may run ahead waits until all of it is paid for, so that the fiber wakes rarely.
    if (paidAt - now > interval) turnAt = paidAt
    if (subscriber.pipe.write([list])) {
      fresh.set(subscriber, now)
      return
    }
    blocked.set(subscriber, now)
    sweeper.expect(now + timeout)
  }

  /** It has read everything; what comes next is an interval away again. */
  const drained = (subscriber: Subscriber) => {
    if (!blocked.delete(subscriber)) return
    if (!missed.delete(subscriber)) return void fresh.set(subscriber, now())
    outdated.set(subscriber, now())
    sweeper.expect(nextList())
  }

  /** When the first in line for a list may get it. */
  const nextList = (): number => Math.max(Sweeper.first(outdated) + interval, turnAt)

  const nextLoss = (): number => Sweeper.first(blocked) + timeout

  const sweep = (now: number) =>
    Effect.sync(() => {
      for (const subscriber of outdated.keys()) {
        if (nextList() > now) break
        outdated.delete(subscriber)
        send(subscriber, now)
      }
      for (const subscriber of blocked.keys()) {
        if (nextLoss() > now) break
        release(subscriber)
        subscriber.ended(new SlowReader())
      }
    })

  const sweeper = Sweeper.sweeper(sweep, () => Math.min(nextList(), nextLoss()))

  return {
    admit: (subscriber) => {
      const { pipe } = subscriber
      const lost = () => subscriber.ended(distributionLost)
      const readable = () => {
        // Nothing is expected from a member here; what comes is dropped, so that its window never fills.
        pipe.take()
        if (pipe.ended() !== undefined) lost()
      }
      // A newcomer's list is part of its joining and waits for nothing.
      send(subscriber, now())
      pipe.observe({ readable, drained: () => drained(subscriber), closed: lost })
    },
    release,
    changed: () => {
      for (const [subscriber, sentAt] of fresh) outdated.set(subscriber, sentAt)
      for (const subscriber of blocked.keys()) missed.add(subscriber)
      fresh.clear()
      sweeper.expect(nextList())
    },
    run: sweeper.run
  }
})
