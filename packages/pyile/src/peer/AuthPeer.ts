/**
 * The host of a network: admits peers by password, keeps track of them, sends everybody the list, and chats.
 *
 * Its scope is its life: leaving the scope closes every connection, by which the members learn that the host has gone.
 */
import { Endpoint, type Options, OptionValue, type PeerKey, Places, type Transport } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Fanout, Link, type PeerService, type Rejoining } from "@peerage/wire"
import { Context, type Duration, Effect, Layer, MutableRef, Queue, Ref, type Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../codec/Frame.ts"
import type { PyileConfig } from "../PyileConfig.ts"
import { HostError } from "../PyileError.ts"
import type { PyileEvent, Reason } from "../PyileEvent.ts"
import * as ChatReceiver from "./chat/ChatReceiver.ts"
import * as ChatSender from "./chat/ChatSender.ts"
import type * as History from "./chat/History.ts"
import * as Admission from "./host/Admission.ts"
import * as DistConnections from "./host/DistConnections.ts"
import * as Host from "./host/Host.ts"
import * as Moderation from "./host/Moderation.ts"
import * as PeerLists from "./host/PeerLists.ts"
import * as Roster from "./host/Roster.ts"
import * as Session from "./host/Session.ts"
import * as Listen from "./Listen.ts"
import * as Members from "./Members.ts"
import * as PeerContext from "./PeerContext.ts"

/** The port of the protocol. */
export const defaultPort = Listen.defaultPort

/** How to host. */
export interface AuthPeerOptions extends PeerContext.PeerOptions {
  /** Where joiners come to, `host` or `host:port`. Default `0.0.0.0:4702`: every IPv4 address of this machine. */
  readonly listen?: string | undefined
  /** The IPv4 address at which members are told to reach the host. Default: the one each of them reached it at. */
  readonly advertise?: string | undefined
  /** Port for distributing lists. Default: a random private one. */
  readonly distPort?: number | undefined
  /** Wrong passwords from one address that ban it; 1 bans at the first. Default 3. */
  readonly attempts?: number | undefined
  /** How long such a ban lasts. Default: for ever. */
  readonly banFor?: Duration.Input | undefined
  /**
   * Believe joiners that claim another address than they come from, as behind NAT: others are told the claimed one.
   * Default false, as a joiner could claim anybody's.
   */
  readonly trustClaims?: boolean | undefined
  /**
   * Who may join, made by `Admission.make` before the host, as its `gate` is for the secure transport below. Its password
   * and its policy are used then, and not `password`, `attempts` and `banFor`. Default: one of its own.
   */
  readonly admission?: Admission.Admission | undefined
}

/** What a host can be asked and told. */
export interface AuthPeerService
  extends PeerService.PeerService<PyileEvent, Reason>, ChatSender.ChatSender, Moderation.Moderation
{
  /** Where this peer takes chat. On a wildcard address each member knows the host by another address. */
  readonly self: PeerAddress.PeerAddress
  /** Where joiners come to. */
  readonly address: NetAddress.InetAddress
  /** The keys that members have joined with, now. Empty on a transport without keys. */
  readonly keys: Effect.Effect<ReadonlyMap<PeerAddress.PeerAddress, PeerKey.PeerKey>>
  /** Who is here, since when, and when each has last answered. */
  readonly roster: Effect.Effect<ReadonlyArray<Roster.Present>>
  readonly history: History.History
}

/** The host of a Pyile network. */
export class AuthPeer extends Context.Service<AuthPeer, AuthPeerService>()("@peerage/pyile/AuthPeer") {}

const checkOptions = OptionValue.checkAll("AuthPeer.make", {
  ...PeerContext.values,
  password: OptionValue.secret,
  distPort: OptionValue.port,
  attempts: OptionValue.count,
  banFor: OptionValue.span,
  trustClaims: OptionValue.flag
})

/** Hosts for the scope's life. Dies for an option that cannot be. Fails when an address cannot be listened on or the bans cannot be loaded. */
export const make = Effect.fn("AuthPeer.make")(
  function*(options: AuthPeerOptions): Effect.fn.Return<
    AuthPeerService,
    HostError["reason"],
    Transport.Transport | Scope.Scope
  > {
    checkOptions(options)
    const listen = yield* Effect.fromResult(Endpoint.address(options.listen ?? "0.0.0.0", Listen.defaultPort))
    const context = yield* PeerContext.make<Host.Member>(options, listen.address)
    const host = yield* assemble(context, options, listen.address)
    const self = host.seenFrom(listen)
    yield* context.membership.change({ _tag: "OwnHost", host: PeerAddress.host(self) })
    const alias = options.alias ?? "host"
    yield* Effect.forkScoped(ChatReceiver.run(context, alias))
    const address = yield* open(host, listen)
    const status = yield* SubscriptionRef.make<Rejoining.Status<Reason>>({ _tag: "Joined" })
    yield* Effect.addFinalizer(() => SubscriptionRef.set(status, { _tag: "Left", reason: "Left" }))
    return {
      ...ChatSender.make(context, { alias, appearance: appearance(host, listen) }),
      ...Moderation.make(host),
      self,
      address,
      peers: context.membership.peers,
      keys: Effect.map(context.membership.members, Members.keys),
      roster: Roster.make(host),
      events: context.events.stream,
      status,
      left: Effect.never,
      history: context.history
    }
  },
  Effect.mapError((reason) => new HostError({ reason }))
)

/** How the host appears to a member: at the address where that one reached it. */
const appearance = (host: Host.Host, listen: NetAddress.InetAddress): ChatSender.Sender["appearance"] =>
  Effect.map(host.membership.members, (members) => (to) => {
    const { local, seen } = (to === undefined ? undefined : Members.get(members, to))
      ?? { local: listen, seen: host.seenFrom(listen) }
    return { self: seen, from: NetAddress.isUnspecified(local.address) ? undefined : local.address }
  })

const assemble = Effect.fnUntraced(function*(
  context: PeerContext.PeerContext<Host.Member>,
  options: AuthPeerOptions,
  ip: NetAddress.IpAddress
) {
  const { chat, config, transport } = context
  const advertised = options.advertise === undefined
    ? undefined
    : NetAddress.formatHost(yield* Effect.fromResult(Endpoint.address(options.advertise, 0)))
  const dist = yield* Listen.onPrivatePort(transport, ip, options.distPort, connections(config))
  const lists = MutableRef.make(PeerLists.make(() => []))
  const host: Host.Host = {
    ...context,
    admission: options.admission ?? (yield* Admission.make(options.password, {
      attempts: options.attempts ?? 3,
      banFor: options.banFor,
      maxLimbo: config.maxLimbo
    })),
    handshakes: Places.forHandshakes(config),
    fanout: yield* Fanout.make({
      newest: ({ seen }: Host.Member) => MutableRef.get(lists).forMember(seen),
      interval: config.distributionInterval,
      timeout: config.distributionTimeout,
      rate: config.distributionRate,
      maxUnread: config.maxHeldBytes
    }),
    dist: yield* DistConnections.make(dist, config.distTurn),
    trustClaims: options.trustClaims === true,
    seenFrom: (local) => PeerAddress.at(advertised ?? NetAddress.formatHost(local), chat.address.port),
    lists,
    unannounced: yield* Queue.sliding<void>(1),
    outgrown: yield* Ref.make(false)
  }
  return host
})

// Each member has one connection of each kind. As many as wait at the door may have lost their places and still end.
const connections = (config: PyileConfig): Options.ListenOptions => ({
  maxConnections: config.maxMembers + 2 * config.maxHandshakes
})

/** Takes joiners, once everything that they need is ready. */
const open = Effect.fnUntraced(function*(host: Host.Host, listen: NetAddress.InetAddress) {
  const auth = yield* Endpoint.listen(host.transport, listen, connections(host.config))
  yield* Effect.forkScoped(Host.dismissLost(host))
  yield* Effect.addFinalizer(() => Host.removeAll(host))
  yield* Effect.forkScoped(Host.announce(host))
  yield* Effect.forkScoped(Moderation.announceGuesses(host))
  const options = { format, limit: Session.longestMessage, unfinished: PeerContext.unfinished(host) }
  yield* Effect.forkScoped(Link.serve(auth, options, (link) => Session.run(host, link)))
  // Begins last, so that it ends first: a host that leaves must not send its members lists of each other's leaving.
  yield* Effect.forkScoped(host.fanout.run)
  yield* host.history.log("INFO", `hosting at ${NetAddress.formatInet(auth.address)}`)
  return auth.address
})

/** Hosts for the layer's life. A built layer does not fail later. */
export const layer = (options: AuthPeerOptions): Layer.Layer<AuthPeer, HostError, Transport.Transport> =>
  Layer.effect(AuthPeer, make(options))
