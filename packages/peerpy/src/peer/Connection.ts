/**
 * An established connection: values of its type in both directions, until either end closes it. It lives in a scope;
 * leaving the scope closes it politely, which towards an original takes a moment that nobody waits for.
 */
import type { PeerAddress } from "@peerage/transport"
import { Deferred, Duration, Effect, Result, type Schema, SchemaParser, type Scope, Stream } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import type { DataType } from "../codec/DataType.ts"
import * as Payload from "../codec/Payload.ts"
import * as Data from "../exchange/Data.ts"
import type { Halves } from "../exchange/Hello.ts"
import { type Chunked, now } from "../exchange/Outlet.ts"
import * as Probe from "../exchange/Probe.ts"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import { Closed, type EndReason, ReceiveError, SendError, UnreadableValue, UnsendableValue } from "../PeerPyError.ts"
import * as Incoming from "./Incoming.ts"
import * as Outgoing from "./Outgoing.ts"
import * as Parting from "./Parting.ts"

/** A live connection for data of type `T`, whose values are `A`. */
export interface Connection<T extends DataType = DataType, A = Payload.Values[T]> {
  /** The other peer: its listening address as it says, or where it was dialed. */
  readonly peer: PeerAddress.PeerAddress
  /** Where the other end really is. */
  readonly remote: NetAddress.InetAddress
  readonly type: T
  readonly strict: boolean
  readonly stream: boolean
  /** True when this peer opened it. */
  readonly initiated: boolean
  /** Sends a value. It is on its way; nothing acknowledges its arrival. */
  readonly send: (value: A) => Effect.Effect<void, SendError>
  /** Sends a value of whatever type; `UnsendableValue` where the connection does not carry it. */
  readonly sendAny: (value: Payload.Value) => Effect.Effect<void, SendError>
  /** Sends values, in one write where they are small and the other end is no original. None where one does not fit. */
  readonly sendAll: (values: ReadonlyArray<A>) => Effect.Effect<void, SendError>
  /** Waits for the next value. */
  readonly receive: Effect.Effect<A, ReceiveError>
  /**
   * Waits for at least one value and takes all that have arrived, as `read` has them. One that `read` refuses ends what
   * is taken before it, and fails the next.
   */
  readonly receiveAll: <B>(
    read: (value: A) => Result.Result<B, UnreadableValue>
  ) => Effect.Effect<NonEmptyReadonlyArray<B>, ReceiveError>
  /**
   * All values from now on, in chunks of what has arrived: who takes a few values of a chunk has taken it all. Ends when
   * the other end closes, fails when it breaks off.
   */
  readonly values: Stream.Stream<A, ReceiveError>
  /** Sends bytes that are not held in memory. Only on a connection of type bytes that is no stream. */
  readonly sendChunks: <E>(payload: Chunked<E>) => Effect.Effect<void, SendError | E>
  /** Waits for the next payload of bytes, however large it is; its chunks are there once. */
  readonly receiveChunks: Effect.Effect<Chunked<ReceiveError>, ReceiveError>
  /** Closes the connection; what has arrived can still be received. */
  readonly close: Effect.Effect<void>
  /** Waits until the connection is over and tells why. */
  readonly closed: Effect.Effect<EndReason>
}

/** A connection that was just agreed on. */
export interface Established {
  readonly peer: PeerAddress.PeerAddress
  readonly remote: NetAddress.InetAddress
  readonly initiated: boolean
  readonly terms: Data.Terms
  /** The size of a stream's frames, where HELLO fixed it. */
  readonly frameSize: number | undefined
  readonly halves: Halves
  /** Frees the socket, with FIN after what was written, or with RST. */
  readonly free: (how: "Fin" | "Reset") => void
}

/** A connection for data of any type: its `type` says which. */
export type AnyConnection = { readonly [T in DataType]: Connection<T> }[DataType]

/** What a connection is told to do besides. */
export interface Surroundings extends Parting.Surroundings {
  readonly config: PeerPyConfig
  /** Told once, before anything can arrive. */
  readonly begun: (connection: AnyConnection) => Effect.Effect<void>
  /** Takes values as they arrive. */
  readonly heard: (connection: AnyConnection, values: ReadonlyArray<Payload.Typed>) => Effect.Effect<void>
  /** Told once, when it is over. */
  readonly over: (connection: AnyConnection, reason: EndReason) => Effect.Effect<void>
}

/** Keeps the connection until it ends, or the scope closes. */
export const make = Effect.fnUntraced(function*(
  established: Established,
  surroundings: Surroundings
): Effect.fn.Return<AnyConnection, never, Scope.Scope> {
  const { halves, initiated, terms } = established
  const { config } = surroundings
  const closed = yield* Deferred.make<EndReason>()
  let ended: EndReason | undefined
  const progress = Data.beginning(established.frameSize)
  const incoming = yield* Incoming.make({
    intake: halves.intake,
    agreement: { terms, progress, limit: config.maxPayloadBytes },
    config,
    probe: Effect.ignore(Probe.send(halves.outlet)),
    heard: (values) => surroundings.heard(connection, values)
  })
  const finish = (reason: EndReason): Effect.Effect<void> =>
    Effect.uninterruptible(Effect.gen(function*() {
      if (ended !== undefined) return
      ended = reason
      yield* Deferred.succeed(closed, reason)
      yield* incoming.end(reason)
      yield* halves.outlet.handOver
      yield* Parting.hangUp({ free: established.free, outlet: halves.outlet, ours: terms.ours }, surroundings, reason)
      yield* surroundings.over(connection, reason)
    }))
  const outgoing = Outgoing.make({
    terms,
    progress,
    outlet: halves.outlet,
    readyAt: initiated ? (yield* now) + Duration.toMillis(config.settleFor) : 0,
    probed: incoming.probed,
    finish,
    ended: () => ended,
    alive: Effect.suspend(() => ended === undefined ? Effect.void : Effect.fail(ended)),
    scope: yield* Effect.scope
  })
  const connection = ofType({ established, incoming, outgoing, closed, finish })

  yield* surroundings.begun(connection)
  yield* Effect.addFinalizer(() => finish(new Closed()))
  // Told that it is over, it stops reading, be it in the middle of a payload.
  const reading = Effect.raceFirst(incoming.run, Effect.flatMap(Deferred.await(closed), Effect.fail))
  yield* Effect.forkScoped(Effect.catch(reading, finish))
  return connection
})

interface Parts {
  readonly established: Established
  readonly incoming: Incoming.Incoming
  readonly outgoing: Outgoing.Outgoing
  readonly closed: Deferred.Deferred<EndReason>
  readonly finish: (reason: EndReason) => Effect.Effect<void>
}

const ofType = (parts: Parts): AnyConnection => {
  const { type } = parts.established.terms
  switch (type) {
    case "json":
      return carrying(parts, type)
    case "bytes":
      return carrying(parts, type)
    case "raw":
      return carrying(parts, type)
  }
}

const carrying = <T extends DataType>(
  { closed, established, finish, incoming, outgoing }: Parts,
  type: T
): Connection<T> => {
  const { initiated, peer, remote, terms } = established
  type Read<B> = (value: Payload.Values[T]) => Result.Result<B, UnreadableValue>
  const check = <B>(item: Payload.Typed, read: Read<B>): Result.Result<B, UnreadableValue> =>
    Payload.is(item, type)
      ? read(item.value)
      : Result.fail(new UnreadableValue({ type, problem: `it is ${item.type} data` }))
  const receive = Effect.mapError(
    Effect.flatMap(incoming.next, (item) => Effect.fromResult(check(item, Result.succeed))),
    toReceiveError
  )
  const receiveAll = <B>(read: Read<B>) =>
    Effect.mapError(incoming.nextAll((item) => check(item, read)), toReceiveError)
  return {
    peer,
    remote,
    initiated,
    type,
    strict: terms.strict,
    stream: terms.stream,
    send: outgoing.send,
    sendAny: outgoing.send,
    sendAll: outgoing.sendAll,
    sendChunks: outgoing.sendChunks,
    receive,
    receiveAll,
    values: chunksOf(receiveAll(Result.succeed)),
    receiveChunks: incoming.nextLarge.pipe(
      Effect.map(({ chunks, size }) => ({ size, chunks: Stream.mapError(chunks, toReceiveError) })),
      Effect.mapError(toReceiveError)
    ),
    close: finish(new Closed()),
    closed: Deferred.await(closed)
  }
}

const toReceiveError = (reason: EndReason) => new ReceiveError({ reason })

/** Chunk after chunk. Ends where the connection was closed in good order. */
const chunksOf = <A>(chunk: Effect.Effect<NonEmptyReadonlyArray<A>, ReceiveError>): Stream.Stream<A, ReceiveError> =>
  Stream.catchIf(
    Stream.fromPull(Effect.succeed(chunk)),
    ({ reason }) => reason._tag === "PeerClosed" || reason._tag === "Closed",
    () => Stream.empty
  )

/**
 * A json connection that carries an application's own values. What does not fit the schema fails its `receive` with
 * `UnreadableValue` and its `send` with `UnsendableValue`; the connection stays.
 */
export const withSchema = <A, I extends Payload.Values["json"]>(
  connection: Connection<"json">,
  schema: Schema.Codec<A, I>
): Connection<"json", A> => {
  const parse = SchemaParser.decodeUnknownResult(schema)
  const print = SchemaParser.encodeUnknownResult(schema)
  const problem = "it does not fit the schema"
  const decode = (value: Payload.Values["json"]) =>
    Result.mapError(parse(value), () => new UnreadableValue({ type: "json", problem }))
  const unsendable = Effect.fail(new SendError({ reason: new UnsendableValue({ type: "json", problem }) }))
  return {
    ...connection,
    receive: Effect.flatMap(
      connection.receive,
      (value) => Effect.mapError(Effect.fromResult(decode(value)), toReceiveError)
    ),
    receiveAll: (read) => connection.receiveAll((value) => Result.flatMap(decode(value), read)),
    values: chunksOf(connection.receiveAll(decode)),
    send: (value) => {
      const printed = print(value)
      return Result.isFailure(printed) ? unsendable : connection.send(printed.success)
    },
    sendAll: (values) => {
      const printed: Array<I> = []
      for (const value of values) {
        const one = print(value)
        if (Result.isFailure(one)) return unsendable
        printed.push(one.success)
      }
      return connection.sendAll(printed)
    }
  }
}
