/** The receiving half of a connection: everything that has arrived whole, decoded in one step. */
import type { ByteReader } from "@peerage/wire"
import { Result } from "effect"
import * as Header from "../codec/Header.ts"
import * as Payload from "../codec/Payload.ts"
import type { EndReason } from "../PeerPyError.ts"
import * as Batch from "./Batch.ts"
import * as Data from "./Data.ts"

/** What was taken. */
export interface Taken {
  readonly values: ReadonlyArray<Payload.Typed>
  /** True when a probe came behind the header of a stream. */
  readonly probed: boolean
  /** Size of a payload that is not held in memory. Its bytes come next. */
  readonly large?: number | undefined
  /**
   * Why nothing more is taken: how what comes next breaks the agreement, why it cannot be read, or how the connection has
   * ended before.
   */
  readonly ended?: EndReason | undefined
}

/** How often many messages are looked for at once: before and behind a message that lies across two chunks. */
const batches = 2

/** Takes all values that have arrived whole, and gives the progress that follows. `idle` as in `Data.Arrived`. */
export const takeAll = (
  reader: ByteReader.ByteReader,
  { idle, ...agreement }: Data.Agreement & Pick<Data.Arrived, "idle">,
  before: Data.Progress
): readonly [Taken, Data.Progress] => {
  const values: Array<Payload.Typed> = []
  let probed = false
  let progress = before
  let batch = 0
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
    const value = type === "bytes"
      ? Result.succeed({ type, value: reader.takeOwn(size) })
      : Payload.decode(type, reader.takeNow(size))
    if (Result.isFailure(value)) return [{ values, probed, ended: value.failure }, progress]
    values.push(value.success)
    if (type !== "json" || agreement.terms.stream || batch++ >= batches) continue
    const { length, values: more } = Batch.read(reader.peek(reader.available()), agreement.limit)
    reader.takeNow(length)
    for (const value of more) values.push(value)
  }
}
