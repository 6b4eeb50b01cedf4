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

/** Sends versions. Call its methods on it: they use `this`. */
export class Fanout<Receiver> {
  readonly losses: Queue.Dequeue<Loss<Receiver>>
  private readonly lost: Queue.Queue<Loss<Receiver>>
  private readonly clock: Clock.Clock
  private readonly rate: number
  private readonly interval: number
  private readonly timeout: number
  private readonly lines = new Lines<Receiver>()
  private readonly sweeper = Sweeper.make((now) => this.sweep(now), () => Math.min(this.nextSend(), this.nextLoss()))
  private newest: Newest<Receiver>
  /** When the rate has covered the bytes sent so far. */
  private paidAt = -Infinity
  /** When the next receiver in turn may be served. */
  private turnAt = -Infinity

  /** Has no receivers yet. `make` is the Effect of it. */
  constructor(
    { interval, newest, rate, timeout }: Options<Receiver>,
    clock: Clock.Clock,
    lost: Queue.Queue<Loss<Receiver>>
  ) {
    this.newest = newest
    this.interval = Duration.toMillis(Duration.fromInputUnsafe(interval))
    this.timeout = Duration.toMillis(Duration.fromInputUnsafe(timeout))
    this.rate = rate
    this.clock = clock
    this.lost = lost
    this.losses = lost
  }

  /** Never ends: sends what is due. */
  get run(): Effect.Effect<never> {
    return this.sweeper.run
  }

  /**
   * Sends the newest version over `pipe` at once, and after each change, until the receiver is removed or lost. Replaces
   * the receiver where it is already there. The caller closes the pipe; what it brings is dropped.
   */
  add(receiver: Receiver, pipe: Pipe.Pipe): Effect.Effect<void> {
    return Effect.sync(() => {
      this.drop(receiver)
      const subscription = { receiver, pipe }
      const now = Timeouts.read(this.clock)
      const ended = () => this.lose(subscription, "Ended")
      const readable = () => {
        // What a receiver sends is dropped, so that its end is noticed behind it.
        pipe.take()
        if (pipe.ended() !== undefined) ended()
      }
      this.lines.outdated.set(subscription, now)
      pipe.observe({ readable, drained: () => this.drained(subscription), closed: ended })
      // The first version waits for no interval.
      if (this.lines.outdated.delete(subscription)) this.send(subscription, now)
    })
  }

  /** Sends nothing more to this receiver. */
  remove(receiver: Receiver): Effect.Effect<void> {
    return Effect.sync(() => this.drop(receiver))
  }

  /** There is a newer version. Every receiver gets it as soon as its interval allows. */
  update(newest: Newest<Receiver>): Effect.Effect<void> {
    return Effect.sync(() => {
      this.newest = newest
      this.lines.change()
      this.sweeper.expect(this.nextSend())
    })
  }

  private drop(receiver: Receiver): void {
    const subscription = this.lines.find(receiver)
    if (subscription !== undefined) this.lines.remove(subscription)
  }

  private lose(subscription: Subscription<Receiver>, reason: LossReason): void {
    if (this.lines.remove(subscription)) Queue.offerUnsafe(this.lost, { receiver: subscription.receiver, reason })
  }

  private send(subscription: Subscription<Receiver>, now: number): void {
    const { current, unread } = this.lines
    const bytes = this.newest(subscription.receiver)
    this.paidAt = Math.max(this.paidAt, now) + bytes.length / this.rate * 1000
    // The next in turn waits until the rate has covered all bytes, so that the fiber wakes rarely.
    if (this.paidAt - now > this.interval) this.turnAt = this.paidAt
    // Before the write: a pipe may drain or end during it.
    unread.set(subscription, now)
    if (!subscription.pipe.write([bytes])) this.sweeper.expect(now + this.timeout)
    else if (unread.delete(subscription)) current.set(subscription, now)
  }

  /** The receiver has read everything. Its next version comes a whole interval later. */
  private drained(subscription: Subscription<Receiver>): void {
    const { current, missed, outdated, unread } = this.lines
    if (!unread.delete(subscription)) return
    const now = Timeouts.read(this.clock)
    if (!missed.delete(subscription)) return void current.set(subscription, now)
    outdated.set(subscription, now)
    this.sweeper.expect(this.nextSend())
  }

  private nextSend(): number {
    return Math.max(Sweeper.first(this.lines.outdated) + this.interval, this.turnAt)
  }

  private nextLoss(): number {
    return Sweeper.first(this.lines.unread) + this.timeout
  }

  private sweep(now: number): void {
    const { outdated, unread } = this.lines
    for (const subscription of outdated.keys()) {
      if (this.nextSend() > now) break
      outdated.delete(subscription)
      this.send(subscription, now)
    }
    for (const subscription of unread.keys()) {
      if (this.nextLoss() > now) break
      this.lose(subscription, "Unread")
    }
  }
}

/** Has no receivers yet. */
export const make = Effect.fnUntraced(function*<Receiver>(options: Options<Receiver>) {
  return new Fanout(options, yield* Clock.Clock, yield* Queue.unbounded<Loss<Receiver>>())
})
