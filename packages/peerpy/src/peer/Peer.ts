/**
 * A peer: it takes connections, opens connections, finds others on the local network and is found by them. Its scope is
 * its life: leaving the scope closes all its connections politely, without waiting for the other ends.
 */
import { Endpoint, OptionValue, type PeerAddress, Places, SocketFailure, Transport } from "@peerage/transport"
import { Budget, Events, type Rejoining, Slices } from "@peerage/wire"
import { Context, Effect, FiberSet, Layer, Scope, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { DatagramSocketError } from "effect/socket/DatagramSocket"
import type { DataType } from "../codec/DataType.ts"
import type * as Payload from "../codec/Payload.ts"
import * as Discovery from "../exchange/Discovery.ts"
import * as PeerPyConfig from "../PeerPyConfig.ts"
import { type ConnectError, DiscoverError, NoAddress, NoDatagrams, PeerError, type SendError } from "../PeerPyError.ts"
import type { Offer, PeerPyEvent } from "../PeerPyEvent.ts"
import * as Accepting from "./Accepting.ts"
import type { AnyConnection, Connection, ConnectOptions, Serve } from "./Connection.ts"
import * as Connections from "./Connections.ts"
import { connect } from "./Establishing.ts"
import * as Naming from "./Naming.ts"
import type { PeerContext } from "./PeerContext.ts"

/** How to take part. */
export interface PeerOptions {
  /** Where connections come in, as 192.0.2.1:20000; without a port, or with 0, at a free one. */
  readonly listen: string | NetAddress.InetAddress
  /**
   * The IPv4 address by which others know this peer. Default: the one it listens at; where that is 0.0.0.0, each other
   * peer knows this one by the address of this machine that leads there.
   */
  readonly advertise?: string | NetAddress.InetAddress | undefined
  /** Whether a connection is wanted. Default: any is. An original waits for the answer for 2 seconds. */
  readonly offer?: ((offer: Offer) => Effect.Effect<boolean>) | undefined
  /** Works with a connection that another peer opened, which closes when this ends. Default: lets its data be events. */
  readonly serve?: Serve | undefined
  /** True for a peer that does not answer discoveries. Default false; can be switched while it runs. */
  readonly invisible?: boolean | undefined
  /** UDP port of the discovery. Default 1024, as all originals. */
  readonly discoveryPort?: number | undefined
  /** Large payloads to originals, which lose parts of them, go in chunks with pauses. Default true. */
  readonly paced?: boolean | undefined
  /**
   * Whether leaving the scope waits until originals have noticed, for `linger` at most. An application that ends its
   * process then needs it: the system would end those connections in a way that an original never notices. Default false.
   */
  readonly waitForOriginals?: boolean | undefined
  readonly config?: Partial<PeerPyConfig.PeerPyConfig> | undefined
}

/** What became of a value that was sent to all. */
export interface Broadcast {
  readonly sent: ReadonlyArray<PeerAddress.PeerAddress>
  readonly failed: ReadonlyArray<{ readonly peer: PeerAddress.PeerAddress; readonly error: SendError }>
}

/** What a peer can be asked. */
export interface PeerService {
  /** Where others find this peer, as it says. Of several addresses of this machine the first. */
  readonly self: PeerAddress.PeerAddress
  /** Where connections come in. */
  readonly address: NetAddress.InetAddress
  /** The peers that this peer is connected with. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
  /** The connections that are there, the oldest first. Two of them may be with the same peer. */
  readonly connections: SubscriptionRef.SubscriptionRef<ReadonlyArray<AnyConnection>>
  /** What happens from now on. Never fails, ends with the scope. */
  readonly events: Stream.Stream<PeerPyEvent>
  /** Joined as long as the peer takes connections, then Left. */
  readonly status: SubscriptionRef.SubscriptionRef<Rejoining.Status>
  /** Never succeeds, and never fails: no failure ends a peer. */
  readonly left: Effect.Effect<never>
  /** Whether this peer hides from discovery. Set it to switch. */
  readonly invisible: SubscriptionRef.SubscriptionRef<boolean>
  readonly maxConnections: number
  readonly timeout: PeerPyConfig.PeerPyConfig["timeout"]
  /**
   * Connects to the peer at `host:port`, for the scope's life. Where there is a connection for the same type to that
   * peer already it is that one, in the scope that it has; one for another type is closed.
   */
  readonly connect: <T extends DataType>(
    to: string | NetAddress.InetAddress,
    options: ConnectOptions<T>
  ) => Effect.Effect<Connection<T>, ConnectError, Scope.Scope>
  /** Finds the peers of the local network: that of `listen`, or where that is 0.0.0.0, all of this machine's. */
  readonly discover: Effect.Effect<ReadonlyArray<PeerAddress.PeerAddress>, DiscoverError>
  /** Sends a value over all connections that can carry it. */
  readonly broadcast: (value: Payload.Value) => Effect.Effect<Broadcast>
}

/** A peer of a PeerPy network. */
export class Peer extends Context.Service<Peer, PeerService>()("@peerage/peerpy/Peer") {}

const checkOptions = OptionValue.checkAll("Peer.make", {
  invisible: OptionValue.flag,
  discoveryPort: OptionValue.port,
  paced: OptionValue.flag,
  waitForOriginals: OptionValue.flag
})

/** Begins for the scope's life. Dies for an option that cannot be. Fails with why it cannot take connections. */
export const make = Effect.fn("Peer.make")(
  function*(
    options: PeerOptions
  ): Effect.fn.Return<PeerService, PeerError["reason"], Transport.Transport | Scope.Scope> {
    checkOptions(options)
    const transport = yield* Transport.Transport
    const config = PeerPyConfig.make(options.config)
    const local = yield* Effect.fromResult(Endpoint.address(options.listen, 0))
    const advertised = yield* advertisedIn(options)
    const listener = yield* Endpoint.listen(transport, local, {
      // As many as have not said HELLO yet may have lost their places and still end.
      maxConnections: config.maxConnections + 2 * config.maxHandshakes,
      keepAlive: config.keepAlive,
      noDelay: true
    })
    const context: PeerContext = {
      naming: yield* Naming.make(transport, listener.address, advertised),
      transport,
      config,
      events: yield* Events.make<PeerPyEvent>({ buffer: config.eventBuffer, maxBytes: config.maxEventBytes }),
      connections: yield* Connections.make(config),
      handshakes: Places.forHandshakes(config),
      budget: yield* Budget.make(config.maxHeldBytes),
      slices: yield* Slices.make,
      closing: yield* Scope.provide(FiberSet.make<void>(), yield* Scope.make()),
      paced: options.paced ?? true,
      offer: options.offer ?? (() => Effect.succeed(true))
    }
    const { connections, events } = context
    const status = yield* SubscriptionRef.make<Rejoining.Status>({ _tag: "Joined" })
    const invisible = yield* SubscriptionRef.make(options.invisible ?? false)
    const port = options.discoveryPort ?? Discovery.defaultPort

    yield* Effect.addFinalizer(() => leaving(context, status, options))
    yield* Effect.forkScoped(Accepting.run(listener, context, options.serve ?? Accepting.drain))
    yield* Effect.forkScoped(answering(context, port, invisible))
    yield* events.publish([{ _tag: "Listening", address: NetAddress.formatInet(listener.address) }])

    return {
      self: context.naming.self,
      address: listener.address,
      peers: connections.peers,
      connections: connections.open,
      events: events.stream,
      status,
      left: Effect.never,
      invisible,
      maxConnections: config.maxConnections,
      timeout: config.timeout,
      connect: (to, options) => connect(context, to, options),
      discover: discovering(context, port),
      broadcast: (value) => broadcasting(connections, value)
    }
  },
  Effect.mapError((reason) => new PeerError({ reason }))
)

/** The address to advertise, where one is given. Fails with `NoAddress` for one that stands for all. */
const advertisedIn = Effect.fnUntraced(function*({ advertise }: PeerOptions) {
  if (advertise === undefined) return undefined
  const { address } = yield* Effect.fromResult(Endpoint.address(advertise, 0))
  if (NetAddress.isUnspecified(address)) return yield* new NoAddress({ address: NetAddress.formatIp(address) })
  return address
})

/** Closes all connections, and waits where it is to until the other ends have noticed. */
const leaving = (
  { closing, connections, events }: PeerContext,
  status: SubscriptionRef.SubscriptionRef<Rejoining.Status>,
  { waitForOriginals = false }: PeerOptions
): Effect.Effect<void> =>
  Effect.gen(function*() {
    const open = yield* SubscriptionRef.get(connections.open)
    yield* Effect.forEach(open, ({ close }) => close, { discard: true })
    if (waitForOriginals) yield* FiberSet.awaitEmpty(closing)
    yield* SubscriptionRef.set(status, { _tag: "Left", reason: "Left" })
    yield* events.publish([{ _tag: "Stopped" }])
  })

const discovering = (
  { config, naming, transport }: PeerContext,
  port: number
): PeerService["discover"] => {
  const to = NetAddress.inetAddressFromStringUnsafe(`${Discovery.everybody}:${port}`)
  const asking = Effect.all([naming.asks, naming.isSelf]).pipe(
    Effect.flatMap(([from, isSelf]) => Discovery.initiate({ transport, from, to, isSelf, config })),
    Effect.scoped
  )
  return asking.pipe(
    Effect.catchTag("DatagramSocketError", (error) => Effect.fail(new NoDatagrams({ code: codeOf(error) }))),
    Effect.mapError((reason) => new DiscoverError({ reason }))
  )
}

const codeOf = (error: DatagramSocketError): string => SocketFailure.errno(error) ?? "no reason is given"

/** Never fails: answers discoveries while the peer is visible. Where it cannot, it logs so once and is not found. */
const answering = (
  { naming, transport }: PeerContext,
  port: number,
  invisible: PeerService["invisible"]
): Effect.Effect<void> => {
  const answers = Effect.scoped(Discovery.respond(transport, port, naming.towards)).pipe(
    Effect.catch((error) =>
      Effect.logWarning(
        `others cannot find this peer: UDP port ${port} cannot be used (${
          codeOf(error)
        }). Stop a program that uses it, or `
          + "let all peers use another (PEERPY_DISCOVERY_PORT)."
      )
    )
  )
  return Stream.runDrain(
    Stream.switchMap(
      SubscriptionRef.changes(invisible),
      (hidden) => hidden ? Stream.empty : Stream.fromEffectDrain(answers)
    )
  )
}

/** Sends over every connection that can carry the value. */
const broadcasting = ({ open }: Connections.Connections, value: Payload.Value): Effect.Effect<Broadcast> =>
  Effect.gen(function*() {
    const send = ({ peer, sendAny }: AnyConnection) =>
      Effect.mapBoth(sendAny(value), { onFailure: (error) => ({ peer, error }), onSuccess: () => peer })
    const [sent, failed] = yield* Effect.partition(yield* SubscriptionRef.get(open), send, { concurrency: "unbounded" })
    return { sent, failed }
  })

/** Begins for the layer's life. A built layer does not fail later. */
export const layer = (options: PeerOptions): Layer.Layer<Peer, PeerError, Transport.Transport> =>
  Layer.effect(Peer, make(options))
