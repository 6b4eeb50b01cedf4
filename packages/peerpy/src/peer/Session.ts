/** The life of one established connection: both its halves, what the peer tells of it, and its end. */
import { Endpoint, type PeerAddress, Timeouts } from "@peerage/transport"
import type { ByteLink } from "@peerage/wire"
import { Deferred, Duration, Effect, Ref, Result, type Scope } from "effect"
import type { DataType } from "../codec/DataType.ts"
import * as Payload from "../codec/Payload.ts"
import * as Data from "../exchange/Data.ts"
import * as MessageWriter from "../exchange/MessageWriter.ts"
import * as Probe from "../exchange/Probe.ts"
import { Closed, type EndReason, UnreadableValue } from "../PeerPyError.ts"
import * as Closing from "./Closing.ts"
import type { AnyConnection, Connection } from "./Connection.ts"
import type { PeerContext } from "./PeerContext.ts"
import * as Receiving from "./Receiving.ts"
import * as Sending from "./Sending.ts"

/** A connection that was just agreed on. */
export interface Agreed {
  readonly peer: PeerAddress.PeerAddress
  readonly initiated: boolean
  readonly terms: Data.Terms
  /** The size of a stream's frames, where HELLO fixed it. */
  readonly frameSize?: number | undefined
}

/** Keeps the connection, in the place that is reserved for it, until it ends or the scope closes. Owns the link. */
export const open = Effect.fnUntraced(function*(
  context: PeerContext,
  link: ByteLink.ByteLink,
  agreed: Agreed
): Effect.fn.Return<AnyConnection, never, Scope.Scope> {
  const { config, connections, events } = context
  const { initiated, peer, terms } = agreed
  const closed = yield* Deferred.make<EndReason>()
  const progress = yield* Ref.make(Data.beginning(agreed.frameSize))
  const finish = (reason: EndReason): Effect.Effect<void> =>
    Effect.uninterruptible(
      Effect.flatMap(Ref.modify(progress, Data.end(reason)), (first) => first ? end(reason) : Effect.void)
    )
  const writer = yield* MessageWriter.make(link, { config, paced: context.paced && !terms.extended, end: finish })
  const receiving = yield* Receiving.make({
    reader: link.reader,
    terms,
    progress,
    config,
    gather: writer.gather,
    probe: Effect.ignore(Probe.send(writer)),
    events,
    peer
  })
  const sending = Sending.make({
    terms,
    progress,
    writer,
    readyAt: initiated ? (yield* Timeouts.now) + Duration.toMillis(config.settleFor) : 0,
    probed: receiving.probed
  })
  const connection = ofType({ agreed, link, receiving, sending, closed, finish })
  const end = Effect.fnUntraced(function*(reason: EndReason): Effect.fn.Return<void> {
    yield* Deferred.succeed(closed, reason)
    yield* receiving.end(reason)
    yield* writer.handOver
    yield* Closing.close(context, { link, extended: terms.extended, reason, writtenAt: writer.writtenAt() })
    yield* connections.leave(connection)
    yield* events.publish([{ _tag: "Closed", peer, reason: Endpoint.reasonOf(reason) }])
  })

  yield* connections.enter(connection)
  const { stream, strict, type } = terms
  yield* events.publish([{ _tag: "Connected", peer, type, strict, stream, initiated }])
  yield* Effect.addFinalizer(() => finish(new Closed()))
  yield* Effect.forkScoped(Effect.catch(receiving.run, finish))
  return connection
})

interface Parts {
  readonly agreed: Agreed
  readonly link: ByteLink.ByteLink
  readonly receiving: Receiving.Receiving
  readonly sending: Sending.Sending
  readonly closed: Deferred.Deferred<EndReason>
  readonly finish: (reason: EndReason) => Effect.Effect<void>
}

const ofType = (parts: Parts): AnyConnection => {
  const { type } = parts.agreed.terms
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
  { agreed, closed, finish, link, receiving, sending }: Parts,
  type: T
): Connection<T> => {
  const take = <B>(count: number, read: (value: Payload.Values[T]) => Result.Result<B, UnreadableValue>) =>
    receiving.take(count, (item): Result.Result<B, UnreadableValue> =>
      Payload.is(item, type)
        ? read(item.value)
        : Result.fail(new UnreadableValue({ type, problem: `it is ${item.type} data` })))
  const { initiated, peer, terms: { stream, strict } } = agreed
  return {
    peer,
    remote: link.remote,
    initiated,
    type,
    strict,
    stream,
    send: sending.send,
    sendAny: sending.send,
    sendAll: sending.sendAll,
    sendChunks: sending.sendChunks,
    receive: Effect.map(take(1, Result.succeed), ([value]) => value),
    receiveAll: (read) => take(Infinity, read),
    values: Receiving.streamOf(take(Infinity, Result.succeed)),
    receiveChunks: receiving.takeLarge,
    close: finish(new Closed()),
    closed: Deferred.await(closed)
  }
}
