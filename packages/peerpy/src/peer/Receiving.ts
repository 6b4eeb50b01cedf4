/**
 * The receiving half of an established connection: reads all the time, so that an end is noticed at once, and holds what
 * has arrived until the application takes it. When it holds enough, the other end has to wait.
 */
import { LinkError } from "@peerage/wire"
import { type Cause, Deferred, Duration, Effect, MutableRef, Queue, Ref, Result, Stream } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Payload from "../codec/Payload.ts"
import * as DataReader from "../exchange/DataReader.ts"
import type { Chunked } from "../exchange/PieceWriter.ts"
import { type EndReason, PayloadTooLarge, ReceiveError, UnreadableValue } from "../PeerPyError.ts"
import * as Inbox from "./Inbox.ts"
import type { SessionContext } from "./PeerContext.ts"

type Chunks = Queue.Queue<Uint8Array, EndReason | Cause.Done>

/** A large payload that is arriving. */
interface Large {
  readonly type: "large"
  readonly size: number
  readonly chunks: Chunks
  readonly memory: number
}

// A little json is not worth a look.
const sizesOf = (values: ReadonlyArray<Payload.Arrived>): ReadonlyArray<number> | undefined =>
  values.some(({ memory }) => memory !== undefined) ? values.map(({ memory = 0 }) => memory) : undefined

/** What a connection waits for that was given up. */
const awaited = "rest of a payload"

// Chunks of a large payload between the network and the application.
const chunksHeld = 8
const chunkBytes = 65_536

/** Nothing has arrived yet. */
export const make = Effect.fnUntraced(function*(
  { config, events, link: { reader }, peer, progress, share, slices, terms, writer }: SessionContext
) {
  const agreement = {
    terms,
    limit: config.maxPayloadBytes,
    values: { depth: config.maxDepth, values: config.maxValues }
  }
  const inbox = Inbox.make<Payload.Arrived | Large, EndReason>(config.maxWaiting)
  const probed = yield* Deferred.make<void>()
  const told = ({ type, value }: Payload.Typed) => ({ _tag: "Data" as const, peer, type, data: value })
  const arriving = yield* Ref.make<Chunks | undefined>(undefined)

  /** Hands a large payload over, chunk by chunk, or drops it where the application does not want it. */
  const pump = Effect.fnUntraced(function*(size: number): Effect.fn.Return<void, EndReason> {
    const chunks = yield* Queue.bounded<Uint8Array, EndReason | Cause.Done>(chunksHeld)
    yield* Ref.set(arriving, chunks)
    yield* inbox.offer([{ type: "large", size, chunks, memory: chunksHeld * chunkBytes }])
    let remaining = size
    while (remaining > 0) {
      const chunk = yield* reader.takeSome(Math.min(remaining, chunkBytes), { awaited, within: config.payloadTimeout })
      remaining -= chunk.length
      yield* Queue.offer(chunks, chunk)
    }
    yield* Queue.end(chunks)
  })

  /** Takes what has arrived whole. */
  const take = (idle: boolean): DataReader.Taken => {
    const [taken, after] = DataReader.takeAll(reader, { ...agreement, idle }, MutableRef.get(progress))
    MutableRef.set(progress, after)
    return taken
  }

  /** Counts what is held: bytes of a payload that is not whole, and large values that wait. */
  const count = (more = 0): Effect.Effect<void> =>
    Effect.suspend(() => {
      const held = reader.available() + Payload.memoryOf(inbox.waiting()) + more
      share.hold(held)
      return Effect.void
    })

  const handOver = Effect.fnUntraced(function*(values: ReadonlyArray<Payload.Arrived>) {
    if (events.awaited()) yield* events.publish(values.map(told), sizesOf(values))
    yield* writer.gather(inbox.offer(values))
    yield* count()
    if (inbox.isFull()) yield* inbox.room
  })

  const whileOpen = Effect.suspend(() => {
    const { ended } = MutableRef.get(progress)
    return ended === undefined ? Effect.void : Effect.fail(ended)
  })

  /** Reads a large payload in slices, and hands its value over. */
  const read = Effect.fnUntraced(function*({ size, work }: DataReader.Reading): Effect.fn.Return<void, EndReason> {
    let memory = size
    const took = (bytes: number) => Effect.andThen(count(memory += bytes), whileOpen)
    const value = yield* Effect.fromResult(yield* slices(work, took))
    // The last slice had to wait for its turn as well.
    yield* whileOpen
    yield* handOver([{ ...value, memory }])
  })

  const run = Effect.gen(function*() {
    let idle = false
    let silence = Duration.zero
    while (true) {
      const { ended, large, probed: isProbed, reading, values } = take(idle)
      if (isProbed) yield* Deferred.succeed(probed, undefined)
      if (values.length > 0) yield* handOver(values)
      if (reading !== undefined) yield* read(reading)
      if (large !== undefined) yield* pump(large)
      if (reading !== undefined || large !== undefined) continue
      const over = ended ?? reader.ended()
      if (over !== undefined) return yield* over
      yield* count()
      // Reading does not wait for writing: the other end may be doing the same.
      if (idle && !terms.stream && !terms.extended) yield* Effect.forkChild(Effect.ignore(writer.probe))
      // Two extended peers leave it to TCP's keep-alive, which finds a dead host only where nothing is under way to it.
      const unfinished = reader.available() > 0
      const within = terms.extended ? unfinished ? config.payloadTimeout : undefined : config.timeout
      idle = !(yield* reader.more(within))
      silence = idle && within !== undefined ? Duration.sum(silence, within) : Duration.zero
      if (unfinished && Duration.isGreaterThanOrEqualTo(silence, config.payloadTimeout)) {
        return yield* new LinkError.PeerUnresponsive({ awaited, within: config.payloadTimeout })
      }
    }
  })

  const passOver = ({ chunks, size }: Large) =>
    Effect.andThen(
      Queue.shutdown(chunks),
      failed(new PayloadTooLarge({ size, limit: config.maxPayloadBytes }))
    )

  const counted = () => share.held() === 0 ? Effect.void : count()

  return {
    /** Never succeeds: reads until the end, then fails with why. */
    run,
    /** Done once a probe has shown that the other end's reader has come round, or nothing more will come. */
    probed,
    /**
     * Waits for values, and takes at most `count` of those that are there, as `read` converts them. A value that `read`
     * refuses, or one that is too large, ends the batch and is dropped by the next `take`, which fails with it.
     */
    take: <B>(count: number, read: (value: Payload.Typed) => Result.Result<B, UnreadableValue>) => {
      const taking = inbox.take(
        count,
        (item): Result.Result<B, UnreadableValue | Large> => item.type === "large" ? Result.fail(item) : read(item)
      )
      return Effect.tap(
        Effect.catch(taking, (reason) => "chunks" in reason ? passOver(reason) : failed(reason)),
        counted
      )
    },
    /** Takes the next payload of bytes, however large. Its chunks can be read once. */
    takeLarge: Effect.flatMap(
      Effect.tap(Effect.mapError(inbox.take(1, Result.succeed), failed), counted),
      ([item]) => item.type === "large" ? Effect.succeed(chunked(item)) : whole(item)
    ),
    /** Says that nothing more will come. What has arrived can still be taken. */
    end: Effect.fnUntraced(function*(reason: EndReason) {
      yield* Deferred.succeed(probed, undefined)
      reader.drop()
      if (reason._tag === "TooMuchHeld") yield* inbox.drop
      yield* inbox.end(reason)
      yield* counted()
      const chunks = yield* Ref.get(arriving)
      if (chunks !== undefined) yield* Queue.fail(chunks, reason)
    })
  }
})

/** The receiving half of one connection. */
export type Receiving = Effect.Success<ReturnType<typeof make>>

const failed = (reason: EndReason) => new ReceiveError({ reason })

// What is left when the application has had enough is passed over.
const chunked = ({ chunks, size }: Large): Chunked<ReceiveError> => ({
  size,
  chunks: Stream.mapError(Stream.ensuring(Stream.fromQueue(chunks), Queue.shutdown(chunks)), failed)
})

const whole = ({ type, value }: Payload.Typed): Effect.Effect<Chunked, ReceiveError> =>
  type === "bytes"
    ? Effect.succeed({ size: value.length, chunks: Stream.make(value) })
    : failed(new UnreadableValue({ type, problem: "only bytes come in chunks" }))

/** All that is received from now on, batch after batch. Ends where the connection was closed in good order. */
export const streamOf = <A>(
  receiveAll: Effect.Effect<NonEmptyReadonlyArray<A>, ReceiveError>
): Stream.Stream<A, ReceiveError> =>
  Stream.catchIf(
    Stream.fromPull(Effect.succeed(receiveAll)),
    ({ reason }) => reason._tag === "PeerClosed" || reason._tag === "Closed",
    () => Stream.empty
  )
