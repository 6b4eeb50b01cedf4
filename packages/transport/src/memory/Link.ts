/**
 * One direction of the way between two hosts, and what it does to what passes.
 *
 * A segment of n bytes leaves when the link is free, occupies it for n / bandwidth seconds, and arrives latency plus
 * jitter later. Only payload is counted: SYN, ACK, FIN and RST take no bandwidth.
 */
import { Duration, type Random } from "effect"

/** What may be said about a link. Fields left out keep their present value. */
export interface LinkOptions {
  /** Time on the way. Default zero: everything arrives at once, and a test need not move its clock. */
  readonly latency?: Duration.Input | undefined
  /** Up to this much is added to the latency, uniformly. Reorders datagrams, never the segments of a connection. Default zero. */
  readonly jitter?: Duration.Input | undefined
  /** Bytes per second. Default unlimited. */
  readonly bandwidth?: number | undefined
  /** Probability from 0 to 1 that a segment or datagram is lost. TCP sends it again, UDP does not. Default 0. */
  readonly loss?: number | undefined
  /** Probability that a datagram arrives twice. Default 0. */
  readonly duplication?: number | undefined
  /** Probability that a datagram is held back by `reorderDelay`, so that later ones overtake it. Default 0. */
  readonly reordering?: number | undefined
  /** See `reordering`. Default 10 milliseconds. */
  readonly reorderDelay?: Duration.Input | undefined
}

const millis = (input: Duration.Input | undefined, otherwise: number): number =>
  input === undefined ? otherwise : Duration.toMillis(Duration.fromInputUnsafe(input))

/** One direction between two hosts. */
export class Link {
  /** True while a partition blocks this direction. */
  blocked = false
  latency = 0
  private readonly random: Random.Random
  private jitter = 0
  private bandwidth = Infinity
  private loss = 0
  private duplication = 0
  private reordering = 0
  private reorderDelay = 10
  private freeAt = 0

  constructor(random: Random.Random, options: LinkOptions) {
    this.random = random
    this.set(options)
  }

  set(options: LinkOptions): void {
    this.latency = millis(options.latency, this.latency)
    this.jitter = millis(options.jitter, this.jitter)
    this.bandwidth = options.bandwidth ?? this.bandwidth
    this.loss = options.loss ?? this.loss
    this.duplication = options.duplication ?? this.duplication
    this.reordering = options.reordering ?? this.reordering
    this.reorderDelay = millis(options.reorderDelay, this.reorderDelay)
  }

  // No chance is taken, and no random number used, where there is nothing to decide.
  private happens(probability: number): boolean {
    return probability > 0 && this.random.nextDoubleUnsafe() < probability
  }

  readonly loses = (): boolean => this.happens(this.loss)
  readonly duplicates = (): boolean => this.happens(this.duplication)

  /** Occupies the link with `length` bytes from `now` on and returns when they arrive. */
  arrival(now: number, length: number): number {
    const start = Math.max(now, this.freeAt)
    this.freeAt = start + length / this.bandwidth * 1000
    const jitter = this.jitter > 0 ? this.random.nextDoubleUnsafe() * this.jitter : 0
    return this.freeAt + this.latency + jitter
  }

  /** As `arrival`, for a datagram, which may be held back. */
  arrivalOfDatagram(now: number, length: number): number {
    return this.arrival(now, length) + (this.happens(this.reordering) ? this.reorderDelay : 0)
  }
}
