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
import type { DataType } from "../codec/DataType.ts"
import * as Header from "../codec/Header.ts"
import * as HeaderText from "../codec/HeaderText.ts"
import * as PeerPyError from "../PeerPyError.ts"

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

/** What went over a connection so far, as far as it matters for what comes next. */
export interface Progress {
  /** The size of a stream's frames, once it is fixed. */
  readonly size: number | undefined
  /** Whether this end has sent a header, and whether the other end of a stream has. */
  readonly sent: boolean
  readonly received: boolean
  /** Why the connection is over. */
  readonly ended: PeerPyError.EndReason | undefined
}

/** Nothing was sent yet. HELLO may have fixed a stream's size. */
export const beginning = (size?: number): Progress => ({ size, sent: false, received: false, ended: undefined })

/** Ends the connection, unless it has ended before. */
export const end = (progress: Progress, reason: PeerPyError.EndReason): Progress => ({
  ...progress,
  ended: progress.ended ?? reason
})

/**
 * The text to write before each of these payloads, one behind the other: a header without its padding, or "" for a
 * bare frame of a stream. Where one of them cannot be sent, none is announced. A stream has no empty frames.
 */
export const announce = (
  { extended, stream, type }: Terms,
  progress: Progress,
  payloads: ReadonlyArray<{ readonly length: number }>
): readonly [Result.Result<ReadonlyArray<string>, PeerPyError.SendError["reason"]>, Progress] => {
  const refuse = (reason: PeerPyError.SendError["reason"]) => [Result.fail(reason), progress] as const
  if (progress.ended !== undefined) return refuse(progress.ended)
  const headers: Array<string> = []
  let { sent, size } = progress
  for (const { length } of payloads) {
    if (stream && length === 0) {
      return refuse(new PeerPyError.UnsendableValue({ type, problem: "a stream carries no empty frames" }))
    }
    if (stream && length !== (size ??= length)) {
      return refuse(new PeerPyError.WrongSize({ agreed: size, actual: length }))
    }
    const bare = stream && (sent || progress.size !== undefined && !extended)
    headers.push(bare ? "" : HeaderText.printData(type, length))
    sent ||= !bare
  }
  const unchanged = sent === progress.sent && size === progress.size
  return [Result.succeed(headers), unchanged ? progress : { ...progress, sent, size }]
}

/** A payload, as its header announces it. */
export interface Announced {
  readonly type: DataType
  readonly size: number
}

/** What has arrived. */
export type Arrival =
  /** Not enough yet. */
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Probe" }
  /** The header of a stream. */
  | { readonly _tag: "Header" }
  /** A payload that has arrived whole, or one of bytes that is not held in memory and comes next. */
  | { readonly _tag: "Payload" | "Large" } & Announced

/** What is found at the beginning of what has arrived. */
export interface Step {
  readonly arrival: Arrival
  /** Bytes to drop before the payload. */
  readonly skip: number
  readonly progress: Progress
}

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

/** Finds out what comes next. Fails with how that breaks the agreement. */
export const next = (
  agreement: Agreement,
  progress: Progress,
  arrived: Arrived
): Result.Result<Step, PeerPyError.EndReason> => {
  const { extended, stream } = agreement.terms
  const bare = stream && progress.size !== undefined && (progress.received || !extended)
  return bare ? nextFrame(agreement, progress, arrived) : nextMessage(agreement, progress, arrived)
}

const nothing = (progress: Progress): Result.Result<Step, never> =>
  Result.succeed({ arrival: { _tag: "Nothing" }, skip: 0, progress })

const bareHeader = (_tag: "Probe" | "Header", progress: Progress): Result.Result<Step, never> =>
  Result.succeed({ arrival: { _tag }, skip: Header.size, progress })

const nextMessage = (
  agreement: Agreement,
  progress: Progress,
  { available, head }: Arrived
): Result.Result<Step, PeerPyError.EndReason> => {
  const { stream, strict, type } = agreement.terms
  if (available < Header.size) return nothing(progress)
  const decoded = Header.decode(head)
  if (Result.isFailure(decoded)) return Result.fail(decoded.failure)
  const header = decoded.success
  if (header._tag === "Ping") return bareHeader("Probe", progress)
  if (header._tag !== "Data") return Result.fail(LinkError.unexpected("Data", { [header._tag]: true }))
  if (header.type !== type && strict) {
    return Result.fail(new PeerPyError.StrictViolation({ agreed: type, received: header.type }))
  }
  if (!stream) return payload(agreement.limit, header, { skip: Header.size, available, progress })
  const { size = header.size } = progress
  // Empty frames would never end, and two sizes would cut everything that follows differently at the two ends.
  return header.size === 0 || header.size !== size
    ? wrongFrameSize
    : bareHeader("Header", { ...progress, size, received: true })
}

const wrongFrameSize = Result.fail(
  new PeerPyError.MalformedHeader({ reason: "DATA with a data_size that this stream cannot have" })
)

/** A payload behind what is skipped. */
const payload = (
  limit: number,
  { size, type }: Announced,
  { available, progress, skip }: Omit<Step, "arrival"> & Pick<Arrived, "available">
): Result.Result<Step, PeerPyError.EndReason> => {
  const large = size > limit
  if (large && type !== "bytes") return Result.fail(new PeerPyError.PayloadTooLarge({ size, limit }))
  if (!large && available < skip + size) return nothing(progress)
  return Result.succeed({ arrival: { _tag: large ? "Large" : "Payload", type, size }, skip, progress })
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
): Result.Result<Step, PeerPyError.EndReason> => {
  const { extended, type } = agreement.terms
  const { size = 0 } = progress
  const whole = head.length === Header.size
  const likeProbe = !extended && Header.beginsPing(head)
  const likeHeader = !extended && !progress.received && Header.beginsData(head)
  if ((likeProbe || likeHeader) && !whole && !idle) return nothing(progress)
  if (likeProbe && whole) return bareHeader("Probe", progress)
  const after = likeHeader && whole ? { ...progress, received: true } : progress
  return likeHeader && whole && announces(head, size)
    ? bareHeader("Header", after)
    : payload(agreement.limit, { type, size }, { skip: 0, available, progress: after })
}

/** Whether bytes are the header of a payload of this size. */
const announces = (head: Uint8Array, size: number): boolean => {
  const header = Header.decode(head)
  return Result.isSuccess(header) && header.success._tag === "Data" && header.success.size === size
}
