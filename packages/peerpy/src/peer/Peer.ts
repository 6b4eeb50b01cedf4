/**
 * A peer: it takes connections, opens connections, finds others on the local network and is found by them. Its scope is
 * its life: leaving the scope closes all its connections politely, without waiting for anybody.
 */
import { Endpoint, HandshakeLimit, PeerAddress, Transport } from "@peerage/transport"
import { Context, Effect, Layer, Result, type Scope, type Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type * as Payload from "../codec/Payload.ts"
import * as Discovery from "../exchange/Discovery.ts"
import * as PeerPyConfig from "../PeerPyConfig.ts"
import { DiscoverError, NoAddress, PeerError, type SendError } from "../PeerPyError.ts"
import type { Offer, PeerPyEvent } from "../PeerPyEvent.ts"
import * as Connecting from "./Connecting.ts"
import type { AnyConnection } from "./Connection.ts"
import type * as Establishing from "./Establishing.ts"
import * as Events from "./Events.ts"
import * as Offers from "./Offers.ts"
import * as Roster from "./Roster.ts"
import * as Visibility from "./Visibility.ts"

/** How to take part. */
export interface PeerOptions {
  /** Where connections come in, as 192.0.2.1:20000; without a port, or with 0, at a free one. */
  readonly listen: string
  /** The IPv4 address by which others know this peer. Default: the one it listens at; needed where that is 0.0.0.0. */
  readonly advertise?: string | undefined
  /** Whether a connection is wanted. Default: any is. An original waits for the answer for 2 seconds. */
  readonly offer?: ((offer: Offer) => Effect.Effect<boolean>) | undefined
  /** Lives with a connection that another peer opened, which closes when this ends. Default: lets its data be events. */
  readonly serve?: Offers.Serve | undefined
  /** True for one that does not answer who looks for peers. Default false; can be switched while it runs. */
  readonly invisible?: boolean | undefined
  /** UDP port of the discovery. Default 1024, as all originals. */
  readonly discoveryPort?: number | undefined
  /** Large payloads to originals, which lose parts of them, go in chunks with pauses. Default true. */
  readonly paced?: boolean | undefined
  /**
   * Whether leaving the scope waits until originals have noticed, for `linger` at most. An application that ends its
   * process then wants it: the system would end those connections in a way that an original never notices. Default false.
   */
  readonly waitForOriginals?: boolean | undefined
  readonly config?: Partial<PeerPyConfig.PeerPyConfig> | undefined
}

/** Who got a value that was sent to all. */
export interface Broadcast {
  readonly sent: ReadonlyArray<PeerAddress.PeerAddress>
  readonly failed: ReadonlyArray<{ readonly peer: PeerAddress.PeerAddress; readonly error: SendError }>
}

/** What a peer can be asked and told. */
export interface PeerService {
  /** Where others find this peer, as it says. */
  readonly self: PeerAddress.PeerAddress
  /** Where connections come in. */
  readonly address: NetAddress.InetAddress
  /** The connections that are there, the oldest first. */
  readonly connections: SubscriptionRef.SubscriptionRef<ReadonlyArray<AnyConnection>>
  /** What happens from now on. Never fails, ends with the scope. */
  readonly events: Stream.Stream<PeerPyEvent>
  /** Whether this peer hides from discovery. Set it to switch. */
  readonly invisible: SubscriptionRef.SubscriptionRef<boolean>
  readonly maxConnections: number
  readonly timeout: PeerPyConfig.PeerPyConfig["timeout"]
  /**
   * Connects to the peer at `host:port`, for the scope's life. Where there is a connection for the same type to that
   * peer already it is that one, in the scope that it has; one for another type is closed.
   */
  readonly connect: Connecting.Connect
  /** Asks who is on the local network. */
  readonly discover: Effect.Effect<ReadonlyArray<PeerAddress.PeerAddress>, DiscoverError>
  /** Sends a value to all whose connections can carry it. */
  readonly broadcast: (value: Payload.Value) => Effect.Effect<Broadcast>
}

/** A peer of a PeerPy network. */
export class Peer extends Context.Service<Peer, PeerService>()("@peerage/peerpy/Peer") {}

/** Begins for the scope's life. Fails with why it cannot take connections. */
export const make = Effect.fn("Peer.make")(
  function*(
    options: PeerOptions
  ): Effect.fn.Return<PeerService, PeerError["reason"], Transport.Transport | Scope.Scope> {
    const transport = yield* Transport.Transport
    const config = PeerPyConfig.make(options.config)
    const local = yield* Effect.fromResult(Endpoint.address(options.listen, 0))
    const known = yield* Effect.fromResult(Endpoint.address(options.advertise ?? NetAddress.formatHost(local), 0))
    if (NetAddress.isUnspecified(known.address)) return yield* new NoAddress({ address: NetAddress.formatHost(known) })
    const listener = yield* Endpoint.listen(transport, local, {
      maxConnections: config.maxConnections + config.maxHandshakes,
      keepAlive: config.keepAlive,
      noDelay: true
    })
    const self = PeerAddress.at(NetAddress.formatHost(known), listener.address.port)
    const events = yield* Events.make(config.eventBuffer)
    const roster = yield* Roster.make(config, events)
    const household: Establishing.Household = {
      self,
      transport,
      config,
      events,
      roster,
      door: HandshakeLimit.make(config),
      paced: options.paced ?? true,
      offer: options.offer ?? (() => Effect.succeed(true))
    }
    const invisible = yield* SubscriptionRef.make(options.invisible ?? false)
    const port = options.discoveryPort ?? Discovery.defaultPort

    yield* Effect.addFinalizer(() => events.publish([{ _tag: "Stopped" }]))
    if (options.waitForOriginals === true) yield* Effect.addFinalizer(() => roster.parted)
    yield* Effect.addFinalizer(() => roster.closeAll)
    yield* Effect.forkScoped(Offers.receive(listener, household, options.serve ?? Offers.listen))
    yield* Effect.forkScoped(Visibility.run({ transport, port, self, invisible }))
    yield* events.publish([{ _tag: "Listening", address: NetAddress.formatInet(listener.address) }])

    const seeking = {
      transport,
      from: known.address,
      to: NetAddress.inetAddressFromStringUnsafe(`${Discovery.everybody}:${port}`),
      self,
      config
    }
    return {
      self,
      address: listener.address,
      connections: roster.connections,
      events: events.stream,
      invisible,
      maxConnections: config.maxConnections,
      timeout: config.timeout,
      connect: Connecting.make(household),
      discover: Effect.mapError(
        Effect.scoped(Discovery.initiate(seeking)),
        (reason) => new DiscoverError({ reason })
      ),
      broadcast: (value) => broadcasting(roster, value)
    }
  },
  Effect.mapError((reason) => new PeerError({ reason }))
)

/** Sends to everybody whose connection can carry the value. */
const broadcasting = (roster: Roster.Roster, value: Payload.Value): Effect.Effect<Broadcast> =>
  Effect.gen(function*() {
    const connections = yield* SubscriptionRef.get(roster.connections)
    const tried = yield* Effect.forEach(
      connections,
      (connection) =>
        Effect.map(Effect.result(connection.sendAny(value)), (result) => ({ peer: connection.peer, result })),
      { concurrency: "unbounded" }
    )
    return {
      sent: tried.flatMap(({ peer, result }) => Result.isSuccess(result) ? [peer] : []),
      failed: tried.flatMap(({ peer, result }) => Result.isFailure(result) ? [{ peer, error: result.failure }] : [])
    }
  })

/** Begins for the layer's life. A built layer does not fail later. */
export const layer = (options: PeerOptions): Layer.Layer<Peer, PeerError, Transport.Transport> =>
  Layer.effect(Peer, make(options))
