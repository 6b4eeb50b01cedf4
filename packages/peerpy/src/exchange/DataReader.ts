/** The receiving half of a connection: everything that has arrived whole, decoded in one step. */
import type { ByteReader, Slices } from "@peerage/wire"
import { Result } from "effect"
import * as Header from "../codec/Header.ts"
import * as Payload from "../codec/Payload.ts"
import type { EndReason } from "../PeerPyError.ts"
import * as Batch from "./Batch.ts"
import * as Data from "./Data.ts"

/** A value that takes time to read, and how many bytes its payload has. */
export interface Reading {
  readonly work: Slices.Sliced<Result.Result<Payload.Typed, EndReason>>
  readonly size: number
}

/** What was taken. */
export interface Taken {
  readonly values: ReadonlyArray<Payload.Arrived>
  /** True when a probe came behind the header of a stream. */
  readonly probed: boolean
  /** Size of a payload that is not held in memory. Its bytes come next. */
  readonly large?: number | undefined
  /** A value that has arrived whole and takes time to read. It comes next. */
  readonly reading?: Reading | undefined
  /**
   * Why nothing more is taken: how what comes next breaks the agreement, why it cannot be read, or how the connection has
   * ended before.
   */
  readonly ended?: EndReason | undefined
}

/** How often many messages are looked for at once: before and behind a message that lies across two chunks. */
const batches = 2

/**
 * Bytes of json payloads that are read at once, about as many as arrive at once; what comes behind them waits for a turn.
 * A byte of a pickle takes as long as several of json.
 */
const bytesAtOnce = 131_072
const rawWeight = 4

/** What reading goes by, and how much a value may ask for. */
export interface Options extends Data.Agreement, Pick<Data.Arrived, "idle"> {
  readonly values?: Payload.Limits | undefined
}

const takeBatch = (reader: ByteReader.ByteReader, limit: number, limits: Payload.Limits | undefined): Batch.Batch => {
  const batch = Batch.read(reader.peek(bytesAtOnce), Math.min(limit, Payload.shortBytes), limits)
  reader.takeNow(batch.length)
  return batch
}

/** Takes all values that have arrived whole, and gives the progress that follows. `idle` as in `Data.Arrived`. */
export const takeAll = (
  reader: ByteReader.ByteReader,
  { idle, values: limits, ...agreement }: Options,
  before: Data.Progress
): readonly [Taken, Data.Progress] => {
  const values: Array<Payload.Arrived> = []
  let probed = false
  let progress = before
  let [batch, read] = [0, 0]
  if (before.ended !== undefined) return [{ values, probed, ended: before.ended }, before]
  while (true) {
    const arrived = { head: reader.peek(Header.size), available: reader.available(), idle }
    const step = Data.next(agreement, progress, arrived)
    if (Result.isFailure(step)) return [{ values, probed, ended: step.failure }, progress]
    const { arrival, skip } = step.success
    progress = step.success.progress
    if (skip > 0) reader.takeNow(skip)
    if (arrival._tag === "Nothing") return [{ values, probed }, progress]
    if (arrival._tag === "Large") return [{ values, probed, large: arrival.size }, progress]
    // A probe from before a stream began shows nothing: its sender may be waiting for a header again.
    if (arrival._tag === "Probe") probed ||= progress.received
    if (arrival._tag === "Probe" || arrival._tag === "Header") continue
    const { size, type } = arrival
    // Bytes are a value as they are; those that were a part of a chunk would keep the whole chunk in memory.
    if (type === "bytes") values.push(Payload.arrivedBytes(reader.takeOwn(size)))
    if (type === "bytes") continue
    read += type === "raw" ? rawWeight * size : size
    const payload = reader.takeNow(size)
    if (size > Payload.shortBytes || read > bytesAtOnce) {
      return [{ values, probed, reading: { work: Payload.decoding(type, payload, limits), size } }, progress]
    }
    const value = Payload.decode(type, payload, limits)
    if (Result.isFailure(value)) return [{ values, probed, ended: value.failure }, progress]
    values.push(value.success)
    if (type !== "json" || agreement.terms.stream || batch++ >= batches) continue
    const { length, values: more } = takeBatch(reader, agreement.limit, limits)
    read += length
    for (const value of more) values.push(value)
  }
}
