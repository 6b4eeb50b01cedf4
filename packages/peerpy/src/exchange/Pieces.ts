/**
 * How a message is cut into writes. Pure.
 *
 * Quirk: an original reads a large payload in chunks of 8192 bytes and does not ask twice for what is missing of one.
 * Chunks that arrive one by one are read whole, as far as the network leaves them whole.
 */
import { Bytes, Stream } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"

/** How an original reads a payload: in chunks of this many bytes. */
const chunkBytes = 8192

/** A message that an original reads whole, however it arrives. */
const smallBytes = 60_000

/** Bytes of one write. */
const pieceBytes = 262_144

/** Chunks that go out in one write. */
export type Write = NonEmptyReadonlyArray<Uint8Array>

/** Whether a payload to an original has to go in chunks with pauses. */
export const needsPauses = (size: number): boolean => size > smallBytes

/** Cuts bytes into those of one write each, for an original into chunks. */
export const cut = (bytes: Uint8Array, pausing: boolean): ReadonlyArray<Write> => {
  const size = pausing ? chunkBytes : pieceBytes
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => [
    bytes.subarray(index * size, (index + 1) * size)
  ])
}

/**
 * The writes of a header, which may be empty, and a payload. Both are in one write where they are small: the second of
 * two would wait for the ACK of the first.
 */
export const ofMessage = (header: Uint8Array, payload: Uint8Array, pausing: boolean): ReadonlyArray<Write> => {
  const size = header.length + payload.length
  if (size <= smallBytes) return [[Bytes.concat([header, payload])]]
  if (header.length === 0) return cut(payload, pausing)
  return pausing || size > pieceBytes ? [[header], ...cut(payload, pausing)] : [[header, payload]]
}

/** Cuts a payload that comes in chunks of any size anew, into those that an original reads. */
export const recut = <E>(chunks: Stream.Stream<Uint8Array, E>): Stream.Stream<Uint8Array, E> =>
  Stream.mapAccum(
    chunks,
    () => new Uint8Array(0),
    (rest, chunk) => {
      const joined = Bytes.concat([rest, chunk])
      const whole = joined.length - joined.length % chunkBytes
      return [joined.slice(whole), cut(joined.subarray(0, whole), true).map(([piece]) => piece)]
    },
    { onHalt: (rest) => rest.length === 0 ? [] : [rest] }
  )
