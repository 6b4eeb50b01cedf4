/**
 * Sends the newest version of something to many connections, by one fiber. Each change reaches every receiver, and none
 * holds up another; a receiver that does not read is reported as lost.
 *
 * A list of all peers that goes to all peers costs the square of their number for each change. Above a rate of bytes
 * receivers are served in turn, and changes meanwhile are merged.
 */
import { type Pipe, Timeouts } from "@peerage/transport"
import { Clock, Duration, Effect, Queue, type Scope } from "effect"
import * as Sweeper from "./link/Sweeper.ts"

/** Why a receiver gets nothing any more: its connection ended, or it left a version unread for too long. */
export type LossReason = "Ended" | "Unread"

/** A receiver that was lost. It gets nothing more, and is reported once at most for each time that it was added. */
export interface Loss<Receiver> {
  readonly receiver: Receiver
  readonly reason: LossReason
}

/** Sends versions. */
export interface Fanout<Receiver> {
  /**
   * Sends the newest version over `pipe` at once, and after each change, until the scope closes. The pipe stays the
   * caller's to close; what it brings is dropped.
   */
  readonly add: (receiver: Receiver, pipe: Pipe.Pipe) => Effect.Effect<void, never, Scope.Scope>
  /** There is a newer version: every receiver gets it as soon as its interval allows. */
  readonly changed: Effect.Effect<void>
  readonly losses: Queue.Dequeue<Loss<Receiver>>
  /** Never ends: sends what is due. */
  readonly run: Effect.Effect<never>
}

/** What is sent, and how. */
export interface Options<Receiver> {
  /** The newest version as this receiver is to see it. */
  readonly newest: (receiver: Receiver) => Uint8Array
  /** Least time between two versions to one receiver, and how far bytes may run ahead of their rate. */
  readonly interval: Duration.Input
  /** How long a version may stay unread. */
  readonly timeout: Duration.Input
  /** Bytes a second to all receivers together. */
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
  /** Have the newest version, with the time at which it was sent. */
  readonly current = new Map<Subscription<Receiver>, number>()
  /** Have an older version, with the time at which it was sent. */
  readonly outdated = new Map<Subscription<Receiver>, number>()
  /** Have not read what they were sent, with the time at which it was sent. */
  readonly unread = new Map<Subscription<Receiver>, number>()
  /** Those of the unread for which there is a newer version. */
  readonly missed = new Set<Subscription<Receiver>>()

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
  /** When the bytes sent so far are paid for, at the rate. */
  let paidAt = -Infinity
  /** When the next in turn may be served. */
  let turnAt = -Infinity

  const lose = (subscription: Subscription<Receiver>, reason: LossReason) => {
    if (lines.remove(subscription)) Queue.offerUnsafe(losses, { receiver: subscription.receiver, reason })
  }

  const send = (subscription: Subscription<Receiver>, now: number) => {
    const bytes = options.newest(subscription.receiver)
    paidAt = Math.max(paidAt, now) + bytes.length / options.rate * 1000
    // The next in turn waits until all is paid for, so that the fiber wakes rarely.
    if (paidAt - now > interval) turnAt = paidAt
    // Before the write: a pipe that drains or ends during it must not be taken for an unread one.
    lines.unread.set(subscription, now)
    if (!subscription.pipe.write([bytes])) sweeper.expect(now + timeout)
    else if (lines.unread.delete(subscription)) lines.current.set(subscription, now)
  }

  /** It has read everything; its next version is a whole interval away again. */
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

  const subscribe = (receiver: Receiver, pipe: Pipe.Pipe): Subscription<Receiver> => {
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
    return subscription
  }

  return {
    add: (receiver, pipe) =>
      Effect.asVoid(Effect.acquireRelease(
        Effect.sync(() => subscribe(receiver, pipe)),
        (subscription) => Effect.sync(() => lines.remove(subscription))
      )),
    changed: Effect.sync(() => {
      lines.change()
      sweeper.expect(nextSend())
    }),
    losses,
    run: sweeper.run
  }
})
