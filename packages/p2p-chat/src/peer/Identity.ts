/**
 * Ids that a peer makes up for itself, from the time, from a random number, and from the count of ids in the same tick. So
 * peers that never met hardly ever choose the same id (docs/wire/p2p-chat.md, section 6).
 *
 *     62                            25 24               9 8         0
 *     | hundredths of a second since  | folded SHA-256   | sequence |
 *     | 2024-01-01 00:00 local time   | of a random      | in that  |
 *     |                               | number           | tick     |
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { Clock, DateTime, Effect, Option, Random, Ref } from "effect"
import { PeerId } from "../codec/PeerId.ts"

/** What an id is made of. */
export interface Parts {
  /** Hundredths of a second since the origin; negative before it. */
  readonly ticks: number
  /** The folded hash of the assigner, 16 bits; see `fold`. */
  readonly hash: number
  /** The number of ids that were made before in the same tick, 9 bits. */
  readonly sequence: number
}

/** The id made of these parts. */
export const derive = ({ hash, sequence, ticks }: Parts): PeerId =>
  PeerId.make((BigInt(ticks) << 25n) | (BigInt(hash) << 9n) | BigInt(sequence))

/**
 * The ticks at a moment in milliseconds since 1970.
 *
 * Quirk: the original multiplies seconds in floating point before it cuts, so that from 2038 on some ticks begin late.
 */
export const ticksAt = (millis: number): number => Math.trunc(millis / 1000 * 100)

/** The ticks at the beginning of 2024 in a time zone. Peers in different zones count from different moments. */
export const originIn = (timeZone: DateTime.TimeZone): number => {
  const origin = DateTime.makeZonedUnsafe({ year: 2024, month: 1, day: 1 }, { timeZone, adjustForTimeZone: true })
  return ticksAt(DateTime.toEpochMillis(origin))
}

/**
 * The SHA-256 of a number in 16 bytes, with its 16 pairs of bytes combined by exclusive or. Computed here and not by the
 * platform, whose asynchronous hash takes real time, which a simulation does not wait for.
 */
export const fold = (assigner: number): number => {
  const bytes = new DataView(new ArrayBuffer(16))
  bytes.setBigUint64(8, BigInt(assigner))
  return sha256(new Uint8Array(bytes.buffer)).reduce((folded, byte, at) => folded ^ (byte << (at % 2 === 0 ? 8 : 0)), 0)
}

/** A tick, and the number of the latest id made in it. */
export interface Instant {
  readonly ticks: number
  readonly sequence: number
}

/** The instant that an original begins with: the first id in the very tick of the origin has number 1. */
export const beginning: Instant = { ticks: 0, sequence: 0 }

/** Counts one more id. The 513th of a tick has the number of the first one again. */
export const count = (latest: Instant, ticks: number): Instant => ({
  ticks,
  sequence: latest.ticks === ticks ? (latest.sequence + 1) % 512 : 0
})

/** Makes ids. */
export interface Generator {
  /** Another id, usable by a peer. */
  readonly next: Effect.Effect<PeerId>
}

// The time has 38 bits. Before 2024 and after 2111 it wraps around; an original overflows there.
const span = 2 ** 38
const wrap = (ticks: number): number => ((ticks % span) + span) % span

/** Makes ids in the `DateTime.CurrentTimeZone` when there is one, else in the local time zone. */
export const generator: Effect.Effect<Generator> = Effect.gen(function*() {
  const zone = yield* Effect.serviceOption(DateTime.CurrentTimeZone)
  const origin = originIn(Option.getOrElse(zone, DateTime.zoneMakeLocal))
  const latest = yield* Ref.make(beginning)
  const next = Effect.gen(function*() {
    const hash = fold(yield* Random.nextIntBetween(0, 2 ** 32))
    const ticks = wrap(ticksAt(yield* Clock.currentTimeMillis) - origin)
    const { sequence } = yield* Ref.updateAndGet(latest, (instant) => count(instant, ticks))
    return derive({ ticks, hash, sequence })
  })
  return { next }
})
