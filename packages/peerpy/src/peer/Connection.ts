/**
 * An established connection: values of its type in both directions, until either end closes it. It lives in a scope;
 * leaving the scope closes it politely. Towards an original that takes a moment, for which the scope does not wait.
 */
import type { PeerAddress } from "@peerage/transport"
import { Effect, Result, type Schema, SchemaParser, Stream } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import type { DataType } from "../codec/DataType.ts"
import type * as Payload from "../codec/Payload.ts"
import type { Chunked } from "../exchange/PieceWriter.ts"
import { type EndReason, ReceiveError, SendError, UnreadableValue, UnsendableValue } from "../PeerPyError.ts"
import { streamOf } from "./Receiving.ts"

export type { Chunked } from "../exchange/PieceWriter.ts"

/** What a connection is to be like. */
export interface ConnectOptions<T extends DataType> {
  /** What the connection carries. */
  readonly type: T
  /** Whether data of another type breaks it. Default true. */
  readonly strict?: boolean | undefined
  /** Whether all payloads have the size of the first. Default false. */
  readonly stream?: boolean | undefined
}

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
  /** Sends a value. The protocol does not acknowledge its arrival. */
  readonly send: (value: A) => Effect.Effect<void, SendError>
  /** Sends a value of any type. Fails with `UnsendableValue` where the connection does not carry it. */
  readonly sendAny: (value: Payload.Value) => Effect.Effect<void, SendError>
  /** Sends values, small ones in one write unless the other end is an original. Sends none when one does not fit. */
  readonly sendAll: (values: ReadonlyArray<A>) => Effect.Effect<void, SendError>
  /** Waits for the next value. */
  readonly receive: Effect.Effect<A, ReceiveError>
  /**
   * Waits for at least one value and takes all that have arrived, as `read` converts them. A value that `read` refuses
   * ends the batch, and the next `receiveAll` fails with it.
   */
  readonly receiveAll: <B>(
    read: (value: A) => Result.Result<B, UnreadableValue>
  ) => Effect.Effect<NonEmptyReadonlyArray<B>, ReceiveError>
  /**
   * All values from now on, in chunks of what has arrived. Taking a few values of a chunk takes the whole chunk. Ends when
   * either end closes, fails when the connection breaks.
   */
  readonly values: Stream.Stream<A, ReceiveError>
  /** Sends bytes that are not held in memory. Only on a connection of type bytes that is no stream. */
  readonly sendChunks: <E>(payload: Chunked<E>) => Effect.Effect<void, SendError | E>
  /** Waits for the next payload of bytes, however large it is. Its chunks can be read once. */
  readonly receiveChunks: Effect.Effect<Chunked<ReceiveError>, ReceiveError>
  /** Closes the connection; what has arrived can still be received. */
  readonly close: Effect.Effect<void>
  /** Waits until the connection is over. Succeeds with why. */
  readonly closed: Effect.Effect<EndReason>
}

/** A connection for data of any type: its `type` says which. */
export type AnyConnection = { readonly [T in DataType]: Connection<T> }[DataType]

/** Works with a connection that another peer opened. The connection closes when this ends. */
export type Serve = (connection: AnyConnection) => Effect.Effect<void>

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
  const received = (value: Payload.Values["json"]) =>
    Effect.fromResult(Result.mapError(decode(value), (reason) => new ReceiveError({ reason })))
  const onFailure = () => Effect.fail(new SendError({ reason: new UnsendableValue({ type: "json", problem }) }))
  return {
    ...connection,
    receive: Effect.flatMap(connection.receive, received),
    receiveAll: (read) => connection.receiveAll((value) => Result.flatMap(decode(value), read)),
    values: streamOf(connection.receiveAll(decode)),
    send: (value) => Result.match(print(value), { onFailure, onSuccess: connection.send }),
    sendAll: (values) =>
      Result.match(Result.all(values.map((value) => print(value))), { onFailure, onSuccess: connection.sendAll })
  }
}
