/** The life of one established connection: its two halves, its events, and its end. */
import { Endpoint, Timeouts } from "@peerage/transport"
import { Budget, type ByteLink, LinkError } from "@peerage/wire"
import { Deferred, Duration, Effect, FiberSet, MutableRef, Result, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { DataType } from "../codec/DataType.ts"
import * as Payload from "../codec/Payload.ts"
import * as Data from "../exchange/Data.ts"
import * as MessageWriter from "../exchange/MessageWriter.ts"
import { Closed, type EndReason, UnreadableValue } from "../PeerPyError.ts"
import type { AnyConnection, Connection } from "./Connection.ts"
import type { Agreed, PeerContext, SessionContext } from "./PeerContext.ts"
import * as Receiving from "./Receiving.ts"
import * as Sending from "./Sending.ts"

/** Keeps a connection, in the place that is reserved for it, until it ends or the scope closes. Owns the link. */
export const open = Effect.fnUntraced(function*(
  context: PeerContext,
  link: ByteLink.ByteLink,
  agreed: Agreed
): Effect.fn.Return<AnyConnection, never, Scope.Scope> {
  const { budget, config, connections, events, paced, slices } = context
  const { initiated, peer, place, terms: { extended, stream, strict, type } } = agreed
  const closed = yield* Deferred.make<EndReason>()
  const progress = MutableRef.make(Data.beginning(agreed.frameSize))
  const finish = (reason: EndReason): Effect.Effect<void> =>
    Effect.uninterruptible(Effect.suspend(() => {
      if (MutableRef.get(progress).ended !== undefined) return Effect.void
      MutableRef.update(progress, (before) => Data.end(before, reason))
      return end(reason)
    }))
  const writer = yield* MessageWriter.make(link, { config, paced: paced && !extended, end: finish })
  const address = NetAddress.formatHost(link.remote)
  const share = yield* Budget.share(budget, address, (excess) => finish(new LinkError.TooMuchHeld(excess)))
  const session: SessionContext = { config, events, slices, ...agreed, link, share, writer, progress }
  const receiving = yield* Receiving.make(session)
  const sending = yield* Sending.make(session, receiving.probed)
  const close = finish(new Closed())
  const connection = ofType[type]({ session, receiving, sending, close, closed: Deferred.await(closed) })

  const end = Effect.fnUntraced(function*(reason: EndReason): Effect.fn.Return<void> {
    yield* Deferred.succeed(closed, reason)
    yield* receiving.end(reason)
    yield* writer.handOver
    yield* closeLink(context, session, reason)
    yield* connections.leave(connection, place)
    const problem = reason._tag === "UnreadableValue" ? { problem: reason.problem } : {}
    yield* events.publish([{ _tag: "Closed", peer, reason: Endpoint.reasonOf(reason), ...problem }])
  })

  yield* connections.enter(connection)
  yield* events.publish([{ _tag: "Connected", peer, type, strict, stream, initiated }])
  yield* Effect.addFinalizer(() => close)
  yield* Effect.forkScoped(Effect.catch(receiving.run, finish))
  if (!initiated) yield* Effect.forkScoped(Effect.catch(place.lost, finish))
  return connection
})

/**
 * Quirk: an original never notices a FIN, and spins on it; it notices a reset. A reset destroys what is under way, so it
 * comes a while after the last write, in a fiber of `PeerContext.closing`.
 */
const closeLink = (
  { closing, config: { linger } }: PeerContext,
  { link, terms, writer }: SessionContext,
  { _tag }: EndReason
): Effect.Effect<void> =>
  Effect.gen(function*() {
    if (terms.extended || _tag === "PeerClosed" || _tag === "SocketError") return yield* link.close
    const rest = Duration.toMillis(linger) - ((yield* Timeouts.now) - writer.writtenAt())
    if (rest <= 0) return yield* link.reset
    yield* FiberSet.run(closing, Effect.andThen(Timeouts.pause(rest), link.reset))
  })

interface Parts extends Pick<AnyConnection, "close" | "closed"> {
  readonly session: SessionContext
  readonly receiving: Receiving.Receiving
  readonly sending: Sending.Sending
}

const ofType: { readonly [T in DataType]: (parts: Parts) => Connection<T> } = {
  json: (parts) => carrying(parts, "json"),
  bytes: (parts) => carrying(parts, "bytes"),
  raw: (parts) => carrying(parts, "raw")
}

const carrying = <T extends DataType>(
  { close, closed, receiving, sending, session: { initiated, link, peer, terms } }: Parts,
  type: T
): Connection<T> => {
  const take = <B>(count: number, read: (value: Payload.Values[T]) => Result.Result<B, UnreadableValue>) =>
    receiving.take(count, (item): Result.Result<B, UnreadableValue> =>
      Payload.is(item, type)
        ? read(item.value)
        : Result.fail(new UnreadableValue({ type, problem: `it is ${item.type} data` })))
  return {
    peer,
    remote: link.remote,
    initiated,
    type,
    strict: terms.strict,
    stream: terms.stream,
    ...sending,
    sendAny: sending.send,
    receive: Effect.map(take(1, Result.succeed), ([value]) => value),
    receiveAll: (read) => take(Infinity, read),
    values: Receiving.streamOf(take(Infinity, Result.succeed)),
    receiveChunks: receiving.takeLarge,
    close,
    closed
  }
}
