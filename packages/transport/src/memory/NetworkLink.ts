/**
 * One direction of the link between two hosts: delay, bandwidth and loss.
 *
 * A packet with n bytes of content waits until the link is free, occupies it for n / bandwidth seconds, and arrives
 * latency plus jitter later. Only content counts: SYN, ACK, FIN and RST take no bandwidth.
 */
import { Duration } from "effect"
import * as OptionValue from "../OptionValue.ts"
import type { Chance } from "./Chance.ts"

/** The properties of a link in one direction. `setLink` leaves omitted fields as they are. */
export interface LinkOptions {
  /** Time from one host to the other. Default zero: packets arrive without moving the clock. */
  readonly latency?: Duration.Input | undefined
  /**
   * Random delay added to the latency of each packet, uniform from zero to this. Reorders datagrams, never the segments
   * of a connection. Default zero.
   */
  readonly jitter?: Duration.Input | undefined
  /** Bytes per second. Default unlimited. */
  readonly bandwidth?: number | undefined
  /** Probability, 0 to 1, that a segment or datagram is lost. TCP sends it again, UDP does not. Default 0. */
  readonly loss?: number | undefined
  /** Probability, 0 to 1, that a datagram arrives twice. Default 0. */
  readonly duplication?: number | undefined
  /** Probability, 0 to 1, that a datagram is delayed by `reorderDelay`, so that later ones overtake it. Default 0. */
  readonly reordering?: number | undefined
  /** How long `reordering` delays a datagram. Default 10 milliseconds. */
  readonly reorderDelay?: Duration.Input | undefined
}

/** Dies for properties that no link has. */
export const check = OptionValue.checkAll("a simulated link", {
  latency: OptionValue.time,
  jitter: OptionValue.time,
  bandwidth: OptionValue.rate,
  loss: OptionValue.probability,
  duplication: OptionValue.probability,
  reordering: OptionValue.probability,
  reorderDelay: OptionValue.time
})

const millisOr = (input: Duration.Input | undefined, otherwise: number): number =>
  input === undefined ? otherwise : Duration.toMillis(Duration.fromInputUnsafe(input))

/** One direction between two hosts. */
export class NetworkLink {
  /** True while a partition blocks this direction. */
  blocked = false
  latency = 0
  private readonly chance: Chance
  private jitter = 0
  private bandwidth = Infinity
  private loss = 0
  private duplication = 0
  private reordering = 0
  private reorderDelay = 10
  private freeAt = 0

  constructor(chance: Chance, options: LinkOptions) {
    this.chance = chance
    this.set(options)
  }

  set(options: LinkOptions): void {
    check(options)
    this.latency = millisOr(options.latency, this.latency)
    this.jitter = millisOr(options.jitter, this.jitter)
    this.bandwidth = options.bandwidth ?? this.bandwidth
    this.loss = options.loss ?? this.loss
    this.duplication = options.duplication ?? this.duplication
    this.reordering = options.reordering ?? this.reordering
    this.reorderDelay = millisOr(options.reorderDelay, this.reorderDelay)
  }

  /** The properties as they are now. */
  options(): LinkOptions {
    const { bandwidth, duplication, jitter, latency, loss, reorderDelay, reordering } = this
    return { bandwidth, duplication, jitter, latency, loss, reorderDelay, reordering }
  }

  // Draws no random number when the probability is zero, so that a fault changes nothing before it.
  private happens(probability: number): boolean {
    return probability > 0 && this.chance.next() < probability
  }

  readonly loses = (): boolean => this.happens(this.loss)
  readonly duplicates = (): boolean => this.happens(this.duplication)

  /** Occupies the link with `length` bytes from `now` on. Returns when they arrive, in milliseconds. */
  arrival(now: number, length: number): number {
    const start = Math.max(now, this.freeAt)
    this.freeAt = start + length / this.bandwidth * 1000
    const jitter = this.jitter > 0 ? this.chance.next() * this.jitter : 0
    return this.freeAt + this.latency + jitter
  }

  /** `arrival` of a datagram, which `reordering` may delay. */
  datagramArrival(now: number, length: number): number {
    return this.arrival(now, length) + (this.happens(this.reordering) ? this.reorderDelay : 0)
  }
}
