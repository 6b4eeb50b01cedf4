/**
 * The host of a network: admits peers by password, watches over them, tells everybody who is there, and chats.
 *
 * Its scope is its life: leaving the scope closes every connection, by which the members learn that the host has gone.
 */
import { Endpoint, HandshakeLimit, type Listener, type Options, type Transport } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import {
  Context,
  type Duration,
  Effect,
  Layer,
  Queue,
  type Redacted,
  Ref,
  type Scope,
  type Stream,
  SubscriptionRef
} from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as PyileConfig from "../PyileConfig.ts"
import { HostError } from "../PyileError.ts"
import type { PyileEvent } from "../PyileEvent.ts"
import * as Admission from "./Admission.ts"
import * as Base from "./Base.ts"
import * as Distributor from "./Distributor.ts"
import * as Hearing from "./Hearing.ts"
import * as Host from "./Host.ts"
import * as Listen from "./Listen.ts"
import type * as Messenger from "./Messenger.ts"
import * as Moderation from "./Moderation.ts"
import * as Reception from "./Reception.ts"
import * as Session from "./Session.ts"
import * as Speaking from "./Speaking.ts"
import type { Status } from "./Status.ts"
import * as Ward from "./Ward.ts"

/** The port of the protocol. */
export const defaultPort = Listen.defaultPort

/** How to host. */
export interface AuthPeerOptions {
  /** What a joiner must know. In the clear on the wire. */
  readonly password: Redacted.Redacted<string>
  /** Where joiners come to, `host` or `host:port`. Default `0.0.0.0:4702`: every IPv4 address of this machine. */
  readonly listen?: string | undefined
  /** The IPv4 address at which members are told to reach the host. Default: the one each of them reached it at. */
  readonly advertise?: string | undefined
  /** Ports for chat and for distributing lists. Default: random private ones. */
  readonly chatPort?: number | undefined
  readonly distPort?: number | undefined
  /** Free text that goes with what this peer says. Default "host". */
  readonly alias?: string | undefined
  /** Wrong passwords from one address that ban it; 1 bans at the first. Default 3. */
  readonly attempts?: number | undefined
  /** How long such a ban lasts. Default: for ever. */
  readonly banFor?: Duration.Input | undefined
  /** Believe joiners that claim another address than they come from, as behind some NATs. Default false. */
  readonly trustClaims?: boolean | undefined
  readonly config?: Partial<PyileConfig.PyileConfig> | undefined
}

/** What a host can be asked and told. */
export interface AuthPeerService extends Speaking.Speaking, Moderation.Moderation {
  /** Where this peer takes chat. On a wildcard address each member knows the host by another address. */
  readonly self: PeerAddress.PeerAddress
  /** Where joiners come to. */
  readonly address: NetAddress.InetAddress
  /** The members, never with the host itself. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
  /** What happens from now on. Never fails, ends with the scope. */
  readonly events: Stream.Stream<PyileEvent>
  readonly status: SubscriptionRef.SubscriptionRef<Status>
  /** Never succeeds, and as a host's session cannot fail once it has begun, never fails. */
  readonly left: Effect.Effect<never>
  readonly messenger: Messenger.Messenger
}

/** The host of a Pyile network. */
export class AuthPeer extends Context.Service<AuthPeer, AuthPeerService>()("@peerage/pyile/AuthPeer") {}

/** Hosts for the scope's life. Fails when an address cannot be listened on or the bans cannot be loaded. */
export const make = Effect.fn("AuthPeer.make")(
  function*(options: AuthPeerOptions): Effect.fn.Return<
    AuthPeerService,
    HostError["reason"],
    Transport.Transport | Scope.Scope
  > {
    const config = PyileConfig.make(options.config)
    const listen = yield* Effect.fromResult(Endpoint.address(options.listen ?? "0.0.0.0", Listen.defaultPort))
    const base = yield* Base.make(config, listen.address, options.chatPort)
    const dist = yield* Listen.privately(base.transport, listen.address, options.distPort, connections(config))
    const host = yield* assemble(base, options, dist.address.port)
    const self = host.seenFrom(listen)
    base.membership.alsoAt(PeerAddress.host(self))
    const alias = options.alias ?? "host"
    yield* Hearing.make(base, alias)
    const speaking = Speaking.make(base, {
      alias,
      appearance: (to) => {
        const local = (to === undefined ? undefined : host.members.get(to)?.local) ?? listen
        return { self: host.seenFrom(local), from: NetAddress.isUnspecified(local.address) ? undefined : local.address }
      }
    })
    const address = yield* open(host, listen, dist)
    const status = yield* SubscriptionRef.make<Status>({ _tag: "Joined" })
    yield* Effect.addFinalizer(() => SubscriptionRef.set(status, { _tag: "Left", reason: "Left" }))
    return {
      ...speaking,
      ...Moderation.make(host, config.kickFor),
      self,
      address,
      peers: base.membership.peers,
      events: base.events.stream,
      status,
      left: Effect.never,
      messenger: base.messenger
    }
  },
  Effect.mapError((reason) => new HostError({ reason }))
)

const assemble = Effect.fnUntraced(function*(base: Base.Base, options: AuthPeerOptions, distPort: number) {
  const { config } = base
  const advertise = options.advertise === undefined
    ? undefined
    : NetAddress.formatHost(yield* Effect.fromResult(Endpoint.address(options.advertise, 0)))
  const host: Host.Host = {
    ...base,
    admission: yield* Admission.make(options.password, {
      attempts: options.attempts ?? 3,
      banFor: options.banFor,
      maxLimbo: config.maxLimbo
    }),
    ward: Ward.make({ interval: config.heartbeatInterval, timeout: config.heartbeatTimeout }),
    distributor: yield* Distributor.make({
      interval: config.distributionInterval,
      timeout: config.distributionTimeout,
      rate: config.distributionRate
    }),
    reception: Reception.make(config.stepTimeout),
    trustClaims: options.trustClaims === true,
    distPort,
    seenFrom: (local) => PeerAddress.at(advertise ?? NetAddress.formatHost(local), base.chat.address.port),
    members: new Map(),
    lists: new Map(),
    pulses: yield* Queue.unbounded<Effect.Effect<void>>(),
    outgrown: yield* Ref.make(false)
  }
  return host
})

// Each member has one connection of each kind.
const connections = (config: PyileConfig.PyileConfig): Options.ListenOptions => ({
  maxConnections: config.maxMembers + config.maxHandshakes
})

/** Opens the door last, when everything behind it is ready. */
const open = Effect.fnUntraced(function*(host: Host.Host, listen: NetAddress.InetAddress, dist: Listener.Listener) {
  const { config } = host
  const auth = yield* Endpoint.listen(host.transport, listen, connections(config))
  const door = HandshakeLimit.make(config)
  yield* Effect.forkScoped(host.ward.run)
  yield* Effect.forkScoped(receiveAll(dist, host.reception))
  yield* Effect.addFinalizer(() => Host.dismissAll(host))
  yield* Effect.forkScoped(Host.attend(host))
  yield* Effect.forkScoped(auth.runPipes((pipe) => Session.run(host, door, pipe)))
  // Behind the sessions, so that it ends before them: a host that leaves must not tell its members of each other's going.
  yield* Effect.forkScoped(host.distributor.run)
  yield* host.messenger.log("INFO", `hosting at ${NetAddress.formatInet(auth.address)}`)
  return auth.address
})

const receiveAll = Effect.fnUntraced(function*(dist: Listener.Listener, reception: Reception.Reception) {
  while (true) {
    for (const pipe of yield* Queue.takeAll(dist.accepted)) reception.accept(pipe)
  }
})

/** Hosts for the layer's life. A built layer does not fail later. */
export const layer = (options: AuthPeerOptions): Layer.Layer<AuthPeer, HostError, Transport.Transport> =>
  Layer.effect(AuthPeer, make(options))
