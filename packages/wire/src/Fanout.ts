/**
 * Sends the newest version of something to many connections, by one fiber. Each change reaches every receiver, and none
 * holds up another; a receiver that does not read is reported as lost.
 *
 * A list of all peers that goes to all peers costs the square of their number for each change. Above a rate of bytes
 * receivers are served in turn, and changes meanwhile are merged.
 */
import { OptionValue, type Pipe, Timeouts } from "@peerage/transport"
import { Clock, Duration, Effect, Latch, Queue } from "effect"
import { Unsent } from "./fanout/Unsent.ts"

/** Why a receiver was lost: its connection ended, or it took nothing of a version for too long. */
export type LossReason = "Ended" | "Unread"

/** A receiver that was lost. It gets nothing more, and is reported once at most for each time that it was added. */
export interface Loss<Receiver> {
  readonly receiver: Receiver
  readonly reason: LossReason
}

/** Makes the bytes of the newest version for one receiver. Called for each receiver, so it may cache what many get alike. */
export type Newest<Receiver> = (receiver: Receiver) => Uint8Array

/** What is sent, and how. */
export interface Options<Receiver> {
  readonly newest: Newest<Receiver>
  /** Least time between two versions to one receiver. Bytes may run ahead of their rate by as much. */
  readonly interval: Duration.Input
  /** How long a receiver with an unread version may take nothing of it. */
  readonly timeout: Duration.Input
  /** Bytes per second to all receivers together. */
  readonly rate: number
  /**
   * Bytes of all versions together that some receiver has not read. Beyond that the receivers of the oldest one are lost,
   * and reset. Default: no bound.
   */
  readonly maxUnread?: number | undefined
}

/** A receiver, and which version was sent to it last. */
interface Subscription<Receiver> {
  readonly receiver: Receiver
  readonly pipe: Pipe.Pipe
  version: number
}

/** Receivers in the order of a time: when their version was sent, or read or seen to be read where that took longer. */
type Line<Receiver> = Map<Subscription<Receiver>, number>

/** The earliest time in a line. `Infinity` where the line is empty. */
const first = (line: ReadonlyMap<unknown, number>): number => line.values().next().value ?? Infinity

/**
 * Sends versions. Call its methods on it: they use `this`.
 *
 * The receivers are in three lines. Only the first of a line is ever looked at, as the others came into it later. (One
 * that has read late may so delay those that the next change puts behind it, by less than an interval.)
 */
export class Fanout<Receiver> {
  readonly losses: Queue.Dequeue<Loss<Receiver>>
  private readonly lost: Queue.Queue<Loss<Receiver>>
  private readonly clock: Clock.Clock
  private readonly rate: number
  private readonly interval: number
  private readonly timeout: number
  private readonly newest: Newest<Receiver>
  /** Counts the versions. */
  private version = 0
  /** Receivers that have read the newest version. */
  private readonly current: Line<Receiver> = new Map()
  /** Receivers that have read an older version. */
  private readonly outdated: Line<Receiver> = new Map()
  /** Receivers that have not read their version, whichever it is. */
  private readonly unread: Line<Receiver> = new Map()
  private readonly lines = [this.current, this.outdated, this.unread]
  private readonly subscriptions = new Map<Receiver, Subscription<Receiver>>()
  /** Also of receivers that are gone, as long as their connections still send. */
  private readonly unsent: Unsent<Subscription<Receiver>>
  /** When the rate has covered the bytes sent so far. */
  private paidAt = -Infinity
  /** When the next receiver in turn may be served. */
  private turnAt = -Infinity
  /** When the fiber wakes by itself. */
  private wakesAt = Infinity
  private readonly earlier = Latch.makeUnsafe(false)

  /** Has no receivers yet. `make` is the Effect of it. */
  constructor(
    { interval, maxUnread = Infinity, newest, rate, timeout }: Options<Receiver>,
    clock: Clock.Clock,
    lost: Queue.Queue<Loss<Receiver>>
  ) {
    this.newest = newest
    this.interval = Duration.toMillis(Duration.fromInputUnsafe(interval))
    this.timeout = Duration.toMillis(Duration.fromInputUnsafe(timeout))
    this.rate = rate
    this.unsent = new Unsent(maxUnread)
    this.clock = clock
    this.lost = lost
    this.losses = lost
  }

  /** Never ends: sends what is due, and sleeps until more is due. */
  readonly run: Effect.Effect<never> = Effect.forever(Effect.suspend(() => this.sweep()), { disableYield: true })

  /**
   * Sends the newest version over `pipe` at once, and after each change, until the receiver is removed or lost. Replaces
   * the receiver where it is already there. The caller closes the pipe; what it brings is dropped.
   */
  add(receiver: Receiver, pipe: Pipe.Pipe): Effect.Effect<void> {
    return Effect.sync(() => {
      this.drop(receiver)
      const subscription = { receiver, pipe, version: 0 }
      this.subscriptions.set(receiver, subscription)
      const now = Timeouts.read(this.clock)
      const ended = () => this.lose(subscription, "Ended")
      const closed = () => (this.unsent.release(subscription), ended())
      const readable = () => {
        // What a receiver sends is dropped, so that its end is noticed behind it.
        pipe.take()
        if (pipe.ended() !== undefined) ended()
      }
      this.outdated.set(subscription, now)
      pipe.observe({ readable, drained: () => this.drained(subscription), closed })
      // The first version waits for no interval.
      if (this.outdated.delete(subscription)) this.send(subscription, now)
    })
  }

  /** Sends nothing more to this receiver. */
  remove(receiver: Receiver): Effect.Effect<void> {
    return Effect.sync(() => this.drop(receiver))
  }

  /** There is a newer version. Every receiver gets it as soon as its interval allows. */
  readonly update: Effect.Effect<void> = Effect.sync(() => {
    this.version++
    for (const [subscription, sentAt] of this.current) this.outdated.set(subscription, sentAt)
    this.current.clear()
    this.expect(this.nextSend())
  })

  private drop(receiver: Receiver): void {
    const subscription = this.subscriptions.get(receiver)
    if (subscription !== undefined) this.forget(subscription)
  }

  /** False where it is in no line any more. */
  private forget(subscription: Subscription<Receiver>): boolean {
    if (!this.lines.some((line) => line.delete(subscription))) return false
    return this.subscriptions.delete(subscription.receiver)
  }

  private lose(subscription: Subscription<Receiver>, reason: LossReason): void {
    if (!this.forget(subscription)) return
    Queue.offerUnsafe(this.lost, { receiver: subscription.receiver, reason })
  }

  private send(subscription: Subscription<Receiver>, now: number): void {
    const bytes = this.newest(subscription.receiver)
    subscription.version = this.version
    this.paidAt = Math.max(this.paidAt, now) + bytes.length / this.rate * 1000
    // The next in turn waits until the rate has covered all bytes, so that the fiber wakes rarely.
    if (this.paidAt - now > this.interval) this.turnAt = this.paidAt
    // Before the write: a pipe may drain or end during it.
    this.unread.set(subscription, now)
    if (!subscription.pipe.write([bytes])) {
      // The first look, with which the next one is compared.
      subscription.pipe.stalledFor()
      this.expect(now + this.timeout)
      this.unsent.keep(subscription, bytes)
      this.shrink()
    } else if (this.unread.delete(subscription)) this.current.set(subscription, now)
  }

  /** Loses the receivers of old versions until the rest is within its bound. */
  private shrink(): void {
    for (let slow = this.unsent.excess(); slow.length > 0; slow = this.unsent.excess()) {
      for (const subscription of slow) {
        this.unsent.release(subscription)
        this.lose(subscription, "Unread")
        // What is not sent yet is dropped, where a connection that is closed would still send it.
        subscription.pipe.reset()
      }
    }
  }

  /** The receiver has read everything. Its next version comes a whole interval later. */
  private drained(subscription: Subscription<Receiver>): void {
    // A pipe that is closed here says so too, and still sends.
    if (subscription.pipe.broken() === undefined) this.unsent.release(subscription)
    if (!this.unread.delete(subscription)) return
    const line = subscription.version === this.version ? this.current : this.outdated
    line.set(subscription, Timeouts.read(this.clock))
    this.expect(this.nextSend())
  }

  private nextSend(): number {
    return Math.max(first(this.outdated) + this.interval, this.turnAt)
  }

  private nextLoss(): number {
    return first(this.unread) + this.timeout
  }

  /** Something is due at that time. Wakes the fiber where it sleeps longer. */
  private expect(due: number): void {
    if (due < this.wakesAt) this.earlier.openUnsafe()
  }

  private sweep(): Effect.Effect<void> {
    const now = Timeouts.read(this.clock)
    for (const subscription of this.outdated.keys()) {
      if (this.nextSend() > now) break
      this.outdated.delete(subscription)
      this.send(subscription, now)
    }
    for (const subscription of this.unread.keys()) {
      if (this.nextLoss() > now) break
      const stalled = subscription.pipe.stalledFor()
      if (stalled < this.timeout) {
        this.unread.delete(subscription)
        this.unread.set(subscription, now - stalled)
      } else this.lose(subscription, "Unread")
    }
    this.wakesAt = Math.min(this.nextSend(), this.nextLoss())
    this.earlier.closeUnsafe()
    const woken = this.earlier.await
    return this.wakesAt === Infinity ? woken : Effect.raceFirst(woken, Timeouts.pause(this.wakesAt - now))
  }
}

const checkOptions = OptionValue.checkAll("Fanout.make", {
  interval: OptionValue.time,
  timeout: OptionValue.time,
  rate: OptionValue.positive,
  maxUnread: OptionValue.positive
})

/** Has no receivers yet. */
export const make = Effect.fnUntraced(function*<Receiver>(options: Options<Receiver>) {
  checkOptions(options)
  return new Fanout(options, yield* Clock.Clock, yield* Queue.unbounded<Loss<Receiver>>())
})
