/**
 * From a bare connection to an established one, in both roles. Whatever fails before that ends the connection with FIN,
 * as a reset kills an original listener; what is established ends as `Session` has it.
 */
import { Endpoint, OptionValue, PeerAddress, type Pipe, Places } from "@peerage/transport"
import { ByteLink, type ByteReader } from "@peerage/wire"
import { Effect, Exit, Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { DataType } from "../codec/DataType.ts"
import type * as Data from "../exchange/Data.ts"
import * as Hello from "../exchange/Hello.ts"
import { ConnectError, Denied, OwnAddress, type TooMany } from "../PeerPyError.ts"
import type { AnyConnection, Connection, ConnectOptions } from "./Connection.ts"
import type { Agreed, PeerContext } from "./PeerContext.ts"
import * as Session from "./Session.ts"

/** Why a connection that another peer opened was not established. */
export type RejectReason = Hello.HelloError | Denied | TooMany

const carries = <T extends DataType>(connection: AnyConnection, type: T): connection is AnyConnection & Connection<T> =>
  connection.type === type

/** A peer that dialed may have given itself any name: it has this one only when it comes from there. */
const isFromThere = ({ initiated, peer, remote }: AnyConnection): boolean =>
  initiated || NetAddress.formatHost(remote) === PeerAddress.host(peer)

const checkOptions = OptionValue.checkAll("Peer.connect", {
  type: OptionValue.oneOf(...DataType.literals),
  strict: OptionValue.flag,
  stream: OptionValue.flag
})

/** Opens a connection, or finds the one that there is. */
export const connect = Effect.fn("Peer.connect")(
  function*<T extends DataType>(
    context: PeerContext,
    to: string | NetAddress.InetAddress,
    options: ConnectOptions<T>
  ): Effect.fn.Return<Connection<T>, ConnectError["reason"], Scope.Scope> {
    checkOptions(options)
    const { stream = false, strict = true, type } = options
    const address = yield* Effect.fromResult(Endpoint.address(to))
    const name = NetAddress.formatInet(address)
    const own = PeerAddress.fromInet(address)
    if (own !== undefined && (yield* context.naming.isSelf)(own)) return yield* new OwnAddress({ address: name })
    for (const known of yield* SubscriptionRef.get(context.connections.open)) {
      if (known.peer !== name || !isFromThere(known)) continue
      if (carries(known, type)) return known
      yield* known.close
    }
    const connection = yield* initiate(context, address, { type, strict, stream })
    return carries(connection, type) ? connection : yield* Effect.die(new Error(`not a connection for ${type}`))
  },
  Effect.mapError((reason) => new ConnectError({ reason }))
)

/** Dials a peer and sends HELLO. */
const initiate = Effect.fnUntraced(function*(
  context: PeerContext,
  address: NetAddress.InetAddressV4,
  terms: Omit<Data.Terms, "extended">
): Effect.fn.Return<AnyConnection, ConnectError["reason"], Scope.Scope> {
  const { config, connections, naming, transport } = context
  const dialed = { address: NetAddress.formatInet(address), within: config.timeout }
  const dial = Effect.mapError(
    ByteLink.dial(transport, address, {
      connectTimeout: config.timeout,
      keepAlive: config.keepAlive,
      noDelay: true
    }),
    Endpoint.unreachable(address)
  )
  const host = NetAddress.formatHost(address)
  // What this peer has opened itself does not make way for others.
  const reserve = connections.reserve({ host, silentSince: () => undefined })
  return yield* establish(
    context,
    Effect.gen(function*() {
      const place = yield* reserve
      const link = yield* dial
      const extended = yield* Hello.initiate(link, { peer: naming.over(link.local), ...terms }, dialed)
      const agreed = { peer: PeerAddress.at(host, address.port), initiated: true, place, terms: { ...terms, extended } }
      return { agreed, link }
    })
  )
})

/** Waits for the HELLO of a peer that has dialed, decides, and answers. */
export const respond = (
  context: PeerContext,
  pipe: Pipe.Pipe
): Effect.Effect<AnyConnection, RejectReason, Scope.Scope> =>
  establish(
    context,
    Effect.flatMap(ByteLink.make(pipe), (link) => Effect.map(answer(context, link), (agreed) => ({ agreed, link })))
  )

/** Lets the two ends agree, and keeps the connection in its place for the scope's life. */
const establish = <E>(
  context: PeerContext,
  agreeing: Effect.Effect<{ readonly agreed: Agreed; readonly link: ByteLink.ByteLink }, E, Scope.Scope>
): Effect.Effect<AnyConnection, E, Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      // Not the caller's scope: the link is closed when the session has ended, which may be later.
      const scope = yield* Scope.make()
      const { agreed, link } = yield* restore(Scope.provide(agreeing, scope)).pipe(
        Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))
      )
      return yield* Session.open(context, link, agreed)
    })
  )

const answer = Effect.fnUntraced(function*(
  { config, connections, events, handshakes, offer }: PeerContext,
  link: ByteLink.ByteLink
): Effect.fn.Return<Agreed, RejectReason, Scope.Scope> {
  const within = config.timeout
  const visitor = Places.visitor(link)
  const hello = yield* Places.hold(handshakes, visitor, Hello.respond(link, within))
  const { peer, stream, strict, type } = hello
  const deny = Hello.deny(link, within)
  const place = yield* Effect.tapError(connections.reserve(visitor), () => deny)
  const offered = { peer, remote: NetAddress.formatInet(link.remote), type, strict, stream }
  yield* events.publish([{ _tag: "Offer", ...offered }])
  // A peer that has gone in the meantime is not waited for.
  const decided = Effect.raceFirst(offer(offered), Effect.raceFirst(gone(link.reader), place.lost))
  if (!(yield* Effect.tapErrorTag(decided, "TooMany", () => deny))) {
    yield* deny
    return yield* new Denied({ address: peer })
  }
  yield* Hello.accept(link, hello, within)
  return {
    peer,
    initiated: false,
    place,
    terms: { type, strict, stream, extended: hello.extension !== undefined },
    frameSize: stream ? hello.dataSize : undefined
  }
})

/** Fails when the other end goes away. Keeps what comes in the meantime for later. */
const gone = Effect.fnUntraced(function*(
  reader: ByteReader.ByteReader
): Effect.fn.Return<never, ByteReader.ReadEnd> {
  while (true) {
    const ended = reader.ended()
    if (ended !== undefined) return yield* ended
    yield* reader.available() > mostHeld ? Effect.never : reader.more()
  }
})

// Bytes that are taken from a peer that may yet be denied.
const mostHeld = 65_536
