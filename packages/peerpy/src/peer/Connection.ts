/**
 * An established connection: values of its type in both directions, until either end closes it. It lives in a scope;
 * leaving the scope closes it politely, which towards an original takes a moment that nobody waits for.
 */
import type { PeerAddress } from "@peerage/transport"
import {
  Deferred,
  Duration,
  Effect,
  type Fiber,
  Option,
  Result,
  type Schema,
  SchemaParser,
  type Scope,
  Stream
} from "effect"
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
  /** Waits for the next value. */
  readonly receive: Effect.Effect<A, ReceiveError>
  /** All values from now on; ends when the other end closes, fails when it breaks off. */
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
export interface Surroundings {
  readonly config: PeerPyConfig
  /** Told once, before anything can arrive. */
  readonly begun: (connection: AnyConnection) => Effect.Effect<void>
  /** Takes values as they arrive. */
  readonly heard: (connection: AnyConnection, values: ReadonlyArray<Payload.Typed>) => Effect.Effect<void>
  /** Told once, when it is over. */
  readonly over: (connection: AnyConnection, reason: EndReason) => Effect.Effect<void>
  /** Given what ends the connection for the other end as well, where that takes a moment. */
  readonly parting: (ending: Fiber.Fiber<void>) => void
}

/** Keeps the connection until it ends, or the scope closes. */
export const make = Effect.fnUntraced(function*(
  established: Established,
  surroundings: Surroundings
): Effect.fn.Return<AnyConnection, never, Scope.Scope> {
  const { halves, initiated, terms } = established
  const { config } = surroundings
  const closed = yield* Deferred.make<EndReason>()
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
      if (!(yield* Deferred.succeed(closed, reason))) return
      yield* incoming.end(reason)
      yield* hangUp(established, surroundings, reason)
      yield* surroundings.over(connection, reason)
    }))
  const outgoing = Outgoing.make({
    terms,
    progress,
    outlet: halves.outlet,
    readyAt: initiated ? (yield* now) + Duration.toMillis(config.settleFor) : 0,
    probed: incoming.probed,
    finish,
    alive: Effect.flatMap(
      Deferred.poll(closed),
      Option.match({ onNone: () => Effect.void, onSome: Effect.flatMap(Effect.fail) })
    )
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
  const receive = Effect.flatMap(
    incoming.next,
    (item): Effect.Effect<Payload.Values[T], UnreadableValue> =>
      Payload.is(item, type)
        ? Effect.succeed(item.value)
        : Effect.fail(new UnreadableValue({ type, problem: `it is ${item.type} data` }))
  ).pipe(Effect.mapError(toReceiveError))
  return {
    peer,
    remote,
    initiated,
    type,
    strict: terms.strict,
    stream: terms.stream,
    send: outgoing.send,
    sendAny: outgoing.send,
    sendChunks: outgoing.sendChunks,
    receive,
    values: untilClosed(Stream.fromEffectRepeat(receive)),
    receiveChunks: incoming.nextLarge.pipe(
      Effect.map(({ chunks, size }) => ({ size, chunks: Stream.mapError(chunks, toReceiveError) })),
      Effect.mapError(toReceiveError)
    ),
    close: finish(new Closed()),
    closed: Deferred.await(closed)
  }
}

const toReceiveError = (reason: EndReason) => new ReceiveError({ reason })

/** Ends where the connection was closed in good order. */
const untilClosed = <A>(values: Stream.Stream<A, ReceiveError>): Stream.Stream<A, ReceiveError> =>
  Stream.catchIf(
    values,
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
  const decode = SchemaParser.decodeUnknownResult(schema)
  const encode = SchemaParser.encodeUnknownResult(schema)
  const problem = "it does not fit the schema"
  const receive = Effect.flatMap(connection.receive, (value) =>
    Result.match(decode(value), {
      onSuccess: (decoded) => Effect.succeed(decoded),
      onFailure: () => Effect.fail(toReceiveError(new UnreadableValue({ type: "json", problem })))
    }))
  return {
    ...connection,
    receive,
    values: untilClosed(Stream.fromEffectRepeat(receive)),
    send: (value) =>
      Result.match(encode(value), {
        onSuccess: connection.send,
        onFailure: () => Effect.fail(new SendError({ reason: new UnsendableValue({ type: "json", problem }) }))
      })
  }
}

/**
 * Frees the socket so that the other end notices.
 *
 * Quirk: an original never notices a FIN, and spins on it; it notices a reset. A reset destroys what is under way, so it
 * comes a while after the last write. Nobody waits for that.
 */
const hangUp = (
  { free, halves, terms }: Established,
  { config: { linger }, parting }: Surroundings,
  reason: EndReason
): Effect.Effect<void> =>
  Effect.gen(function*() {
    if (terms.ours || reason._tag === "PeerClosed" || reason._tag === "SocketError") return free("Fin")
    const rest = Duration.toMillis(linger) - ((yield* now) - halves.outlet.writtenAt())
    if (rest <= 0) return free("Reset")
    parting(yield* Effect.forkDetach(Effect.andThen(Effect.sleep(rest), Effect.sync(() => free("Reset")))))
  })
