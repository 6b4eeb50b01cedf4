/**
 * Data over an established connection, both ways at once: a header that says how much of what follows, and the payload.
 *
 *     either end                                          either end
 *       DATA|data_size=23&data_type=json|||..., payload  <->
 *
 * On a stream only the first message has a header, which fixes the size of all that follow, in both directions. Between
 * two extended peers the first message of each direction has one. (docs/wire/peerpy.md, sections 3 and 4.)
 *
 * Pure: `announce` is the sender's half, `next` the receiver's. Both go by the progress of the connection and give the
 * progress that follows.
 */
import { LinkError } from "@peerage/wire"
import { Result } from "effect"
import * as DataHeader from "../codec/DataHeader.ts"
import type { DataType } from "../codec/DataType.ts"
import * as Header from "../codec/Header.ts"
import {
  type EndReason,
  MalformedHeader,
  PayloadTooLarge,
  StrictViolation,
  UnsendableValue,
  WrongSize
} from "../PeerPyError.ts"

/** What two peers agreed on with HELLO and ACCEPT. */
export interface Terms {
  readonly type: DataType
  /** True when data of another type is a violation. */
  readonly strict: boolean
  /** True when all payloads have the size of the first. */
  readonly stream: boolean
  /** True when both ends are this package's peers; false when the other end is an original. */
  readonly extended: boolean
}

/** A payload that a header announced. */
export interface Announced {
  readonly type: DataType
  readonly size: number
}

/** What went over a connection so far, as far as it matters for what comes next. */
export interface Progress {
  /** The size of a stream's frames, once it is fixed. */
  readonly size: number | undefined
  /** Whether this end has sent a header, and on a stream whether the other end has. */
  readonly sent: boolean
  readonly received: boolean
  /** A payload whose header was taken and which has not arrived whole. */
  readonly pending: Announced | undefined
  /** Why the connection is over. */
  readonly ended: EndReason | undefined
}

/** Nothing was sent yet. HELLO may have fixed a stream's size. */
export const beginning = (size?: number): Progress => ({
  size,
  sent: false,
  received: false,
  pending: undefined,
  ended: undefined
})

/** Ends the connection. False where it has ended before. */
export const end = (reason: EndReason) => (progress: Progress): readonly [boolean, Progress] =>
  progress.ended === undefined ? [true, { ...progress, ended: reason }] : [false, progress]

/** Why payloads were not announced. */
export type Unannounced = WrongSize | UnsendableValue | EndReason

/**
 * The text to write before each of these payloads, one behind the other: a header without its padding, or "" for a
 * bare frame of a stream. Where one of them cannot be sent, none is announced. A stream has no empty frames.
 */
export const announce =
  (terms: Terms, payloads: ReadonlyArray<{ readonly length: number }>) =>
  (progress: Progress): readonly [Result.Result<ReadonlyArray<string>, Unannounced>, Progress] => {
    if (progress.ended !== undefined) return [Result.fail(progress.ended), progress]
    const headers: Array<string> = []
    let { sent, size: agreed } = progress
    for (const { length: size } of payloads) {
      if (terms.stream && size === 0) return [noEmptyFrames(terms), progress]
      if (terms.stream && agreed !== undefined && size !== agreed) {
        return [Result.fail(new WrongSize({ agreed, actual: size })), progress]
      }
      const bare = terms.stream && agreed !== undefined && (sent || !terms.extended)
      headers.push(bare ? "" : DataHeader.print(terms.type, size))
      if (bare) continue
      sent = true
      if (terms.stream) agreed = size
    }
    const unchanged = sent === progress.sent && agreed === progress.size
    return [Result.succeed(headers), unchanged ? progress : { ...progress, sent, size: agreed }]
  }

const noEmptyFrames = ({ type }: Terms): Result.Result<never, UnsendableValue> =>
  Result.fail(new UnsendableValue({ type, problem: "a stream carries no empty frames" }))

/** What has arrived. */
export type Arrival =
  /** Not enough yet. */
  | { readonly _tag: "Nothing" }
  /** A probe, or a header that is no news. */
  | { readonly _tag: "Probe" }
  /** A payload that has arrived whole. */
  | { readonly _tag: "Payload" } & Announced
  /** A payload of bytes that is not held in memory: they come next. */
  | { readonly _tag: "Large" } & Announced

/** What `next` has found at the beginning of what has arrived. */
export interface Step {
  /** Bytes to drop before the arrival's payload. */
  readonly skip: number
  readonly arrival: Arrival
  readonly progress: Progress
}

/** How what arrives breaks the agreement. */
export type Violation = MalformedHeader | StrictViolation | PayloadTooLarge | LinkError.UnexpectedMessage

/** What reading goes by. */
export interface Agreement {
  readonly terms: Terms
  /** Bytes of a payload that is held in memory. */
  readonly limit: number
}

/** What has arrived and was not taken. */
export interface Arrived {
  /** The first bytes, as many as a header has where there are as many. */
  readonly head: Uint8Array
  /** How many bytes there are in all. */
  readonly available: number
  /** True when nothing more came for a while. */
  readonly idle: boolean
}

/** Finds out what comes next. */
export const next = (
  agreement: Agreement,
  progress: Progress,
  arrived: Arrived
): Result.Result<Step, Violation> => {
  const { terms } = agreement
  if (progress.pending !== undefined) return payload(agreement, { progress, skip: 0, available: arrived.available })
  const bare = terms.stream && progress.size !== undefined && (progress.received || !terms.extended)
  return bare ? nextFrame(agreement, progress, arrived) : nextMessage(agreement, progress, arrived)
}

const nothing = (progress: Progress, skip = 0): Result.Result<Step, never> =>
  Result.succeed({ skip, arrival: { _tag: "Nothing" }, progress })

const probe = (progress: Progress): Result.Result<Step, never> =>
  Result.succeed({ skip: Header.size, arrival: { _tag: "Probe" }, progress })

const nextMessage = (
  agreement: Agreement,
  progress: Progress,
  { available, head }: Arrived
): Result.Result<Step, Violation> => {
  const { terms } = agreement
  if (available < Header.size) return nothing(progress)
  const decoded = Header.decode(head)
  if (Result.isFailure(decoded)) return Result.fail(decoded.failure)
  const header = decoded.success
  if (header._tag === "Ping") return probe(progress)
  if (header._tag !== "Data") return Result.fail(LinkError.unexpected("Data", { [header._tag]: true }))
  if (header.type !== terms.type && terms.strict) {
    return Result.fail(new StrictViolation({ agreed: terms.type, received: header.type }))
  }
  const size = terms.stream ? progress.size ?? header.size : undefined
  // Empty frames would never end, and two sizes would cut everything that follows differently at the two ends.
  if (terms.stream && (header.size === 0 || header.size !== size)) return wrongFrameSize
  const after = { ...progress, size, received: true, pending: header }
  return payload(agreement, { progress: after, skip: Header.size, available: available - Header.size })
}

const wrongFrameSize = Result.fail(
  new MalformedHeader({ reason: "DATA with a data_size that this stream cannot have" })
)

/** The payload that is pending, behind what is skipped. */
const payload = (
  { limit }: Agreement,
  { available, progress, skip }: { readonly progress: Progress; readonly skip: number; readonly available: number }
): Result.Result<Step, Violation> => {
  if (progress.pending === undefined) return nothing(progress, skip)
  const { size, type } = progress.pending
  const after = { ...progress, pending: undefined }
  if (size > limit && type !== "bytes") return Result.fail(new PayloadTooLarge({ size, limit }))
  if (size > limit) return Result.succeed({ skip, arrival: { _tag: "Large", type, size }, progress: after })
  return available < size
    ? nothing(progress, skip)
    : Result.succeed({ skip, arrival: { _tag: "Payload", type, size }, progress: after })
}

/**
 * A bare payload of a stream.
 *
 * Quirk: an original sends its probe into a stream as well, whenever nothing has come for a while, and two that begin at
 * the same moment both send a header. Neither is a payload. A payload that begins like one of them is a payload when
 * nothing more comes.
 */
const nextFrame = (
  agreement: Agreement,
  progress: Progress,
  { available, head, idle }: Arrived
): Result.Result<Step, Violation> => {
  const { extended, type } = agreement.terms
  if (head.length === 0) return nothing(progress)
  const whole = head.length === Header.size
  const likeProbe = !extended && Header.beginsPing(head)
  const likeHeader = !extended && !progress.received && Header.beginsData(head)
  if ((likeProbe || likeHeader) && !whole && !idle) return nothing(progress)
  if (likeProbe && whole) return probe(progress)
  const received = progress.received || likeHeader && whole
  if (likeHeader && whole && announces(head, progress.size)) return probe({ ...progress, received })
  const pending = { type, size: progress.size ?? 0 }
  return payload(agreement, { progress: { ...progress, received, pending }, skip: 0, available })
}

/** Whether bytes are the header of a payload of this size. */
const announces = (head: Uint8Array, size: number | undefined): boolean => {
  const header = Header.decode(head)
  return Result.isSuccess(header) && header.success._tag === "Data" && header.success.size === size
}
