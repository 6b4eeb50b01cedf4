/**
 * Sends the newest version of something to many connections, by one fiber. Each change reaches every receiver, and none
 * holds up another; a receiver that does not read is reported as lost.
 *
 * A list of all peers that goes to all peers costs the square of their number for each change. Above a rate of bytes
 * receivers are served in turn, and changes meanwhile are merged.
 */
import { type Pipe, Timeouts } from "@peerage/transport"
import { Clock, Duration, Effect, Queue } from "effect"
import * as Sweeper from "./link/Sweeper.ts"

/** Why a receiver was lost: its connection ended, or it did not read a version in time. */
export type LossReason = "Ended" | "Unread"

/** A receiver that was lost. It gets nothing more, and is reported once at most for each time that it was added. */
export interface Loss<Receiver> {
  readonly receiver: Receiver
  readonly reason: LossReason
}

/** Makes the bytes of a version for one receiver. Called for each receiver, so it may cache what many get alike. */
export type Newest<Receiver> = (receiver: Receiver) => Uint8Array

/** Sends versions. */
export interface Fanout<Receiver> {
  /**
   * Sends the newest version over `pipe` at once, and after each change, until the receiver is removed or lost. Replaces
   * the receiver where it is already there. The caller closes the pipe; what it brings is dropped.
   */
  readonly add: (receiver: Receiver, pipe: Pipe.Pipe) => Effect.Effect<void>
  /** Sends nothing more to this receiver. */
  readonly remove: (receiver: Receiver) => Effect.Effect<void>
  /** There is a newer version. Every receiver gets it as soon as its interval allows. */
  readonly update: (newest: Newest<Receiver>) => Effect.Effect<void>
  readonly losses: Queue.Dequeue<Loss<Receiver>>
  /** Never ends: sends what is due. */
  readonly run: Effect.Effect<never>
}

/** What is sent, and how. */
export interface Options<Receiver> {
  /** The first version. */
  readonly newest: Newest<Receiver>
  /** Least time between two versions to one receiver. Bytes may run ahead of their rate by as much. */
  readonly interval: Duration.Input
  /** How long a version may stay unread. */
  readonly timeout: Duration.Input
  /** Bytes per second to all receivers together. */
  readonly rate: number
}

interface Subscription<Receiver> {
  readonly receiver: Receiver
  readonly pipe: Pipe.Pipe
}

/**
 * The receivers in three lines. Only the first of a line is ever looked at, as the others came into it later. (One that
 * has read late may so delay those that the next change puts behind it, by less than an interval.)
 */
class Lines<Receiver> {
  /** Receivers of the newest version, with the time at which it was sent. */
  readonly current = new Map<Subscription<Receiver>, number>()
  /** Receivers of an older version, with the time at which it was sent. */
  readonly outdated = new Map<Subscription<Receiver>, number>()
  /** Receivers that have not read their version, with the time at which it was sent. */
  readonly unread = new Map<Subscription<Receiver>, number>()
  /** Those of `unread` for which there is a newer version. */
  readonly missed = new Set<Subscription<Receiver>>()

  find(receiver: Receiver): Subscription<Receiver> | undefined {
    for (const line of [this.current, this.outdated, this.unread]) {
      for (const subscription of line.keys()) if (subscription.receiver === receiver) return subscription
    }
    return undefined
  }

  /** False where it is in no line. */
  remove(subscription: Subscription<Receiver>): boolean {
    this.missed.delete(subscription)
    return [this.current, this.outdated, this.unread].some((line) => line.delete(subscription))
  }

  /** All have an older version now. */
  change(): void {
    for (const [subscription, sentAt] of this.current) this.outdated.set(subscription, sentAt)
    for (const subscription of this.unread.keys()) this.missed.add(subscription)
    this.current.clear()
  }
}

/** Has no receivers yet. */
export const make = Effect.fnUntraced(function*<Receiver>(
  options: Options<Receiver>
): Effect.fn.Return<Fanout<Receiver>> {
  const clock = yield* Clock.Clock
  const losses = yield* Queue.unbounded<Loss<Receiver>>()
  const interval = Duration.toMillis(Duration.fromInputUnsafe(options.interval))
  const timeout = Duration.toMillis(Duration.fromInputUnsafe(options.timeout))
  const lines = new Lines<Receiver>()
  let newest = options.newest
  /** When the rate has covered the bytes sent so far. */
  let paidAt = -Infinity
  /** When the next receiver in turn may be served. */
  let turnAt = -Infinity

  const remove = (receiver: Receiver) => {
    const subscription = lines.find(receiver)
    if (subscription !== undefined) lines.remove(subscription)
  }

  const lose = (subscription: Subscription<Receiver>, reason: LossReason) => {
    if (lines.remove(subscription)) Queue.offerUnsafe(losses, { receiver: subscription.receiver, reason })
  }

  const send = (subscription: Subscription<Receiver>, now: number) => {
    const bytes = newest(subscription.receiver)
    paidAt = Math.max(paidAt, now) + bytes.length / options.rate * 1000
    // The next in turn waits until the rate has covered all bytes, so that the fiber wakes rarely.
    if (paidAt - now > interval) turnAt = paidAt
    // Before the write: a pipe may drain or end during it.
    lines.unread.set(subscription, now)
    if (!subscription.pipe.write([bytes])) sweeper.expect(now + timeout)
    else if (lines.unread.delete(subscription)) lines.current.set(subscription, now)
  }

  /** The receiver has read everything. Its next version comes a whole interval later. */
  const drained = (subscription: Subscription<Receiver>) => {
    if (!lines.unread.delete(subscription)) return
    const now = Timeouts.read(clock)
    if (!lines.missed.delete(subscription)) return void lines.current.set(subscription, now)
    lines.outdated.set(subscription, now)
    sweeper.expect(nextSend())
  }

  const nextSend = (): number => Math.max(Sweeper.first(lines.outdated) + interval, turnAt)
  const nextLoss = (): number => Sweeper.first(lines.unread) + timeout

  const sweep = (now: number) => {
    for (const subscription of lines.outdated.keys()) {
      if (nextSend() > now) break
      lines.outdated.delete(subscription)
      send(subscription, now)
    }
    for (const subscription of lines.unread.keys()) {
      if (nextLoss() > now) break
      lose(subscription, "Unread")
    }
  }

  const sweeper = Sweeper.make(sweep, () => Math.min(nextSend(), nextLoss()))

  const subscribe = (receiver: Receiver, pipe: Pipe.Pipe): void => {
    remove(receiver)
    const subscription = { receiver, pipe }
    const now = Timeouts.read(clock)
    const ended = () => lose(subscription, "Ended")
    const readable = () => {
      // What a receiver sends is dropped, so that its end is noticed behind it.
      pipe.take()
      if (pipe.ended() !== undefined) ended()
    }
    lines.outdated.set(subscription, now)
    pipe.observe({ readable, drained: () => drained(subscription), closed: ended })
    // The first version waits for no interval.
    if (lines.outdated.delete(subscription)) send(subscription, now)
  }

  return {
    add: (receiver, pipe) => Effect.sync(() => subscribe(receiver, pipe)),
    remove: (receiver) => Effect.sync(() => remove(receiver)),
    update: (version) =>
      Effect.sync(() => {
        newest = version
        lines.change()
        sweeper.expect(nextSend())
      }),
    losses,
    run: sweeper.run
  }
})
