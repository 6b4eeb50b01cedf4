/**
 * Data over an established connection, both ways at once: a header that says how much of what follows, and the payload.
 *
 *     either end                                          either end
 *       DATA|data_size=23&data_type=json|||..., payload  <->
 *
 * On a stream only the first message has a header, which fixes the size of all that follow, in both directions. Between
 * two of ours the first message of each direction has one. (PEERPY.md, sections 3 and 4.)
 */
import { LinkError } from "@peerage/wire"
import { Result } from "effect"
import * as DataHeader from "../codec/DataHeader.ts"
import type { DataType } from "../codec/DataType.ts"
import * as Header from "../codec/Header.ts"
import { MalformedHeader, PayloadTooLarge, StrictViolation, UnsendableValue, WrongSize } from "../PeerPyError.ts"
import type { Intake } from "./Intake.ts"

/** What two peers agreed on with HELLO and ACCEPT. */
export interface Terms {
  readonly type: DataType
  /** True when data of another type is a violation. */
  readonly strict: boolean
  /** True when all payloads have the size of the first. */
  readonly stream: boolean
  /** Whether the other end is one of ours. */
  readonly ours: boolean
}

/** What has been said on a connection so far, as far as it matters for what comes next. Changed by its two halves. */
export interface Progress {
  /** The size of a stream's frames, once it is fixed. */
  size: number | undefined
  /** Whether this end, and the other, has sent a header on the stream. */
  sent: boolean
  received: boolean
  /** A header whose payload has not arrived whole. */
  pending: { readonly size: number; readonly type: DataType } | undefined
}

/** Nothing was said yet. A stream's size may have been fixed with HELLO. */
export const beginning = (size?: number): Progress => ({ size, sent: false, received: false, pending: undefined })

/**
 * What is to be written before a payload: a header as text without its padding, or "" in the midst of a stream, which has
 * no empty frames.
 */
export const announce = (
  terms: Terms,
  progress: Progress,
  size: number
): Result.Result<string, WrongSize | UnsendableValue> => {
  if (terms.stream && size === 0) {
    return Result.fail(new UnsendableValue({ type: terms.type, problem: "a stream carries no empty frames" }))
  }
  if (terms.stream && progress.size !== undefined) {
    if (size !== progress.size) return Result.fail(new WrongSize({ agreed: progress.size, actual: size }))
    if (progress.sent || !terms.ours) return Result.succeed("")
  }
  progress.sent = true
  progress.size ??= size
  return Result.succeed(DataHeader.print(terms.type, size))
}

/** The same for several payloads, one behind the other. Where one of them cannot be sent, nothing was said. */
export const announceAll = (
  terms: Terms,
  progress: Progress,
  payloads: ReadonlyArray<{ readonly length: number }>
): Result.Result<ReadonlyArray<string>, WrongSize | UnsendableValue> => {
  const [first] = payloads
  if (!terms.stream && first !== undefined) {
    // Any size will do.
    progress.sent = true
    progress.size ??= first.length
    return Result.succeed(payloads.map(({ length }) => DataHeader.print(terms.type, length)))
  }
  const later = { ...progress }
  const headers: Array<string> = []
  for (const { length } of payloads) {
    const header = announce(terms, later, length)
    if (Result.isFailure(header)) return Result.fail(header.failure)
    headers.push(header.success)
  }
  Object.assign(progress, later)
  return Result.succeed(headers)
}

/** A payload that has arrived whole. The memory of one of type bytes is nobody else's. */
export interface Payload {
  readonly _tag: "Payload"
  readonly type: DataType
  readonly bytes: Uint8Array
}

/** What has arrived. */
export type Arrival =
  /** Not enough yet. */
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Probe" }
  | Payload
  /** A payload that is not held in memory: its bytes come next. */
  | { readonly _tag: "Large"; readonly type: DataType; readonly size: number }

/** How what arrives breaks the agreement. */
export type Violation = MalformedHeader | StrictViolation | PayloadTooLarge | LinkError.UnexpectedMessage

/** What reading goes by. */
export interface Agreement {
  readonly terms: Terms
  readonly progress: Progress
  /** Bytes of a payload that is held in memory. */
  readonly limit: number
}

/** Takes the next thing that has arrived whole. `idle` says that nothing more came for a while. */
export const next = (
  intake: Intake,
  agreement: Agreement,
  idle: boolean
): Result.Result<Arrival, Violation> => {
  const { progress, terms } = agreement
  const inMidst = terms.stream && progress.size !== undefined && (progress.received || !terms.ours)
  return inMidst && progress.pending === undefined
    ? nextFrame(intake, agreement, idle)
    : nextMessage(intake, agreement)
}

const nothing: Result.Result<Arrival, never> = Result.succeed({ _tag: "Nothing" })
const probe: Result.Result<Arrival, never> = Result.succeed({ _tag: "Probe" })

const nextMessage = (intake: Intake, agreement: Agreement): Result.Result<Arrival, Violation> => {
  const { progress, terms } = agreement
  if (progress.pending !== undefined) return payload(intake, agreement, progress.pending)
  if (intake.available < Header.size) return nothing
  const decoded = Header.decode(intake.takeNow(Header.size))
  if (Result.isFailure(decoded)) return Result.fail(decoded.failure)
  const header = decoded.success
  if (header._tag === "Ping") return probe
  if (header._tag !== "Data") return Result.fail(LinkError.unexpected("Data", { [header._tag]: true }))
  if (header.type !== terms.type && terms.strict) {
    return Result.fail(new StrictViolation({ agreed: terms.type, received: header.type }))
  }
  progress.received = true
  if (terms.stream) {
    // Empty frames would never end, and two sizes would cut everything that follows differently at the two ends.
    progress.size ??= header.size
    if (header.size === 0 || header.size !== progress.size) return wrongFrameSize
  }
  return payload(intake, agreement, header)
}

const wrongFrameSize = Result.fail(
  new MalformedHeader({ reason: "DATA with a data_size that this stream cannot have" })
)

/** The payload behind a header. */
const payload = (
  intake: Intake,
  { limit, progress }: Agreement,
  { size, type }: { readonly size: number; readonly type: DataType }
): Result.Result<Arrival, Violation> => {
  if (size > limit) {
    progress.pending = undefined
    return type === "bytes"
      ? Result.succeed({ _tag: "Large", type, size })
      : Result.fail(new PayloadTooLarge({ size, limit }))
  }
  if (intake.available < size) {
    progress.pending = { size, type }
    return nothing
  }
  progress.pending = undefined
  // Bytes are a value as they are; one that was a part of a chunk would keep the chunk alive.
  const bytes = type === "bytes" ? intake.takeCopy(size) : intake.takeNow(size)
  return Result.succeed({ _tag: "Payload", type, bytes })
}

/** A bare payload in the midst of a stream. */
const nextFrame = (intake: Intake, agreement: Agreement, idle: boolean): Result.Result<Arrival, Violation> => {
  const { progress, terms } = agreement
  if (!terms.ours) {
    const between = headerBetween(intake, agreement, idle)
    if (between !== undefined) return between
  }
  return payload(intake, agreement, { size: progress.size ?? 0, type: terms.type })
}

/**
 * Quirk: an original sends its probe into a stream as well, whenever nothing has come for a while, and two that begin at
 * the same moment both send a header. Neither is a payload. Payloads can begin like a probe: then it is one when nothing
 * more comes.
 */
const headerBetween = (
  intake: Intake,
  { progress }: Agreement,
  idle: boolean
): Result.Result<Arrival, Violation> | undefined => {
  const border = intake.peek(Header.size)
  if (border.length === 0) return nothing
  if (Header.beginsPing(border)) {
    if (border.length === Header.size) {
      intake.takeNow(Header.size)
      return probe
    }
    if (!idle) return nothing
  }
  if (progress.received || !Header.beginsData(border)) return undefined
  if (border.length < Header.size) return idle ? undefined : nothing
  progress.received = true
  const header = Header.decode(border)
  if (Result.isFailure(header) || header.success._tag !== "Data" || header.success.size !== progress.size) {
    return undefined
  }
  intake.takeNow(Header.size)
  return probe
}
