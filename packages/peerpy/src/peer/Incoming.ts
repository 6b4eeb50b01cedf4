/**
 * The receiving half of an established connection: reads all the time, so that an end is noticed at once, and holds what
 * has arrived until the application takes it. When it holds enough, the other end has to wait.
 */
import { type Cause, Effect, Latch, Queue, Result, Stream } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Payload from "../codec/Payload.ts"
import * as Batch from "../exchange/Batch.ts"
import * as Data from "../exchange/Data.ts"
import type { Intake } from "../exchange/Intake.ts"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import { type EndReason, PayloadTooLarge, UnreadableValue } from "../PeerPyError.ts"
import { Inbox } from "./Inbox.ts"

/** A payload whose bytes come one after the other, and can be taken once. */
export interface Large {
  readonly size: number
  readonly chunks: Stream.Stream<Uint8Array, EndReason>
}

type Chunks = Queue.Queue<Uint8Array, EndReason | Cause.Done>

interface Arriving {
  readonly type: "large"
  readonly size: number
  readonly chunks: Chunks
}

type Item = Payload.Typed | Arriving

/** What reading goes by. */
export interface Reading {
  readonly intake: Intake
  readonly agreement: Data.Agreement
  readonly config: PeerPyConfig
  /** Called when nothing came for a while. */
  readonly probe: Effect.Effect<void>
  /** Takes values as they arrive. */
  readonly heard: (values: ReadonlyArray<Payload.Typed>) => Effect.Effect<void>
}

/** What has arrived. */
export interface Incoming {
  /** Never succeeds: reads until the end, then fails with why. */
  readonly run: Effect.Effect<never, EndReason>
  /** Takes the next value. One that is too large is passed over and fails with `PayloadTooLarge`. */
  readonly next: Effect.Effect<Payload.Typed, EndReason>
  /** Takes all values there are, at least one, as `read` has them; one that it refuses ends them and fails the next. */
  readonly nextAll: <B, F>(
    read: (value: Payload.Typed) => Result.Result<B, F>
  ) => Effect.Effect<NonEmptyReadonlyArray<B>, EndReason | F>
  /** Takes the next payload of bytes, however large. */
  readonly nextLarge: Effect.Effect<Large, EndReason>
  /** Says that nothing more will come: what has arrived can still be taken. */
  readonly end: (reason: EndReason) => Effect.Effect<void>
  /** Open once the other end has shown that its reader goes round, or nothing more will come. */
  readonly probed: Latch.Latch
}

// Chunks of a large payload between the network and the application.
const chunksHeld = 8
const chunkBytes = 65_536

/** Nothing has arrived yet. */
export const make = Effect.fnUntraced(function*(reading: Reading): Effect.fn.Return<Incoming> {
  const { agreement, config, intake } = reading
  const inbox = new Inbox<Item, EndReason>(config.maxWaiting)
  const probed = Latch.makeUnsafe(false)
  let arriving: Chunks | undefined

  /** Hands over all that has arrived whole. Fails with how it breaks the agreement. */
  const deliver = Effect.fnUntraced(function*(idle: boolean): Effect.fn.Return<void, EndReason> {
    while (true) {
      const { large, values, violation } = takeArrived(reading, idle, probed)
      if (values.length > 0) {
        yield* reading.heard(values)
        inbox.offer(values)
        yield* inbox.room
      }
      if (violation !== undefined) return yield* violation
      if (large === undefined) return
      yield* pump(large)
    }
  })

  /** Hands a large payload over, chunk by chunk, or drops it where nobody wants it. */
  const pump = Effect.fnUntraced(function*(size: number): Effect.fn.Return<void, EndReason> {
    const chunks = yield* Queue.bounded<Uint8Array, EndReason | Cause.Done>(chunksHeld)
    arriving = chunks
    inbox.offer([{ type: "large", size, chunks }])
    let remaining = size
    while (remaining > 0) {
      const chunk = yield* intake.takeSome(Math.min(remaining, chunkBytes))
      remaining -= chunk.length
      yield* Queue.offer(chunks, chunk)
    }
    yield* Queue.end(chunks)
  })

  const run = Effect.gen(function*() {
    let idle = false
    while (true) {
      yield* deliver(idle)
      if (intake.over !== undefined) return yield* intake.over
      // Reading does not wait for writing: the other end may be doing the same. Two of ours leave it to TCP's keep-alive,
      // which finds a dead host only where nothing is under way to it.
      if (agreement.terms.ours) yield* intake.more
      else {
        idle = !(yield* intake.moreWithin(config.timeout))
        if (idle && !agreement.terms.stream) yield* Effect.forkChild(reading.probe)
      }
    }
  })

  const passOver = ({ chunks, size }: Arriving) =>
    Effect.andThen(
      Queue.shutdown(chunks),
      Effect.fail(new PayloadTooLarge({ size, limit: config.maxPayloadBytes }))
    )
  const next = Effect.flatMap(inbox.take, (item) => item.type === "large" ? passOver(item) : Effect.succeed(item))

  const nextAll = <B, F>(read: (value: Payload.Typed) => Result.Result<B, F>) => {
    const taking = inbox.takeAll((item): Result.Result<B, F | Arriving> =>
      item.type === "large" ? Result.fail(item) : read(item)
    )
    return Effect.catchIf(taking, isArriving, passOver)
  }

  const nextLarge = Effect.flatMap(inbox.take, (item): Effect.Effect<Large, EndReason> =>
    item.type === "large"
      // What is left when the application has had enough is passed over.
      ? Effect.succeed({
        size: item.size,
        chunks: Stream.ensuring(Stream.fromQueue(item.chunks), Queue.shutdown(item.chunks))
      })
      : whole(item))

  const end = (reason: EndReason) =>
    Effect.suspend(() => {
      probed.openUnsafe()
      inbox.end(reason)
      return arriving === undefined ? Effect.void : Effect.asVoid(Queue.fail(arriving, reason))
    })

  return { run, next, nextAll, nextLarge, end, probed }
})

const isArriving = (item: unknown): item is Arriving => typeof item === "object" && item !== null && "chunks" in item

const whole = ({ type, value }: Payload.Typed): Effect.Effect<Large, EndReason> =>
  type === "bytes"
    ? Effect.succeed({ size: value.length, chunks: Stream.make(value) })
    : Effect.fail(new UnreadableValue({ type, problem: "only bytes come in chunks" }))

/** How often many messages are looked for at once: before and behind one that lies across two chunks. */
const batches = 2

/** Everything that can be taken at once: values, and what comes behind them. */
const takeArrived = ({ agreement, intake }: Reading, idle: boolean, probed: Latch.Latch) => {
  const values: Array<Payload.Typed> = []
  for (let round = 0;; round++) {
    if (round < batches) { for (const value of Batch.take(intake, agreement)) values.push(value) }
    const arrival = Data.next(intake, agreement, idle)
    if (Result.isFailure(arrival)) return { values, large: undefined, violation: arrival.failure }
    const { success } = arrival
    if (success._tag === "Nothing") return { values, large: undefined, violation: undefined }
    if (success._tag === "Large") return { values, large: success.size, violation: undefined }
    if (success._tag === "Probe") {
      // One from before the stream began shows nothing: its sender may be waiting for a header again.
      if (agreement.progress.received) probed.openUnsafe()
      continue
    }
    const value = valueOf(success)
    if (Result.isFailure(value)) return { values, large: undefined, violation: value.failure }
    values.push(value.success)
  }
}

// Bytes are a value as they came: nobody else has their memory.
const valueOf = ({ bytes, type }: Data.Payload): Result.Result<Payload.Typed, UnreadableValue> =>
  type === "bytes" ? Result.succeed({ type, value: bytes }) : Payload.decode(type, bytes)
