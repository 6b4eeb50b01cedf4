/**
 * A peer of a routed chat network: it accepts joiners, may join another peer, knows which peers can be reached and how,
 * and sends text to any of them. Its scope is its life: leaving the scope leaves the network, without waiting for others.
 */
import { Endpoint, Transport } from "@peerage/transport"
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Budget, Rejoining } from "@peerage/wire"
import { Context, Effect, Layer, type Schedule, type Scope, type Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as ChatConfig from "../ChatConfig.ts"
import { InvalidId, JoinError, JoinsItself, type Reason, type SendError, type SessionFailure } from "../ChatError.ts"
import type { ChatEvent, Kept, Peer, Sent } from "../ChatEvent.ts"
import * as PeerId from "../codec/PeerId.ts"
import * as Events from "./Events.ts"
import * as Identity from "./Identity.ts"
import * as Router from "./Router.ts"
import * as Sending from "./Sending.ts"
import * as Server from "./Server.ts"
import * as Store from "./store/Store.ts"
import * as Upstream from "./Upstream.ts"

/** How to take part. */
export interface ChatPeerOptions {
  /** The address at which joiners connect, such as 192.0.2.1:5000; port 0 chooses a free one. */
  readonly listen: string | NetAddress.InetAddress
  /** The address of the peer to join, as text or as that peer's `address`. Default: none, and a new network begins. */
  readonly join?: string | NetAddress.InetAddress | undefined
  /** This peer's id, never changed. Default: one that is made up, and made up again when it is taken. */
  readonly id?: PeerId.PeerId | undefined
  /** When to join again after the connection ended; `ChatPeer.patiently` is a good choice. Default: never. */
  readonly rejoin?: Upstream.Rejoin | undefined
  /** Runs during each pause before another try, as a countdown may, and is interrupted at its end. */
  readonly waiting?: ((retry: Rejoining.Retry<SessionFailure>) => Effect.Effect<void>) | undefined
  readonly config?: Partial<ChatConfig.ChatConfig> | undefined
}

/** A running peer. */
export interface ChatPeerService {
  /** This peer's id. */
  readonly self: PeerId.PeerId
  /** The address at which joiners connect, with the port that the system chose for port 0. */
  readonly address: NetAddress.InetAddress
  /**
   * The peers that can be reached, without this one, in the order in which they were found. After a long list the next
   * one comes after a millisecond for every 100 peers, at the earliest.
   */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<Peer>>
  /**
   * What happens from now on; for the first subscriber, messages that came before too. Never fails, ends with the scope.
   */
  readonly events: Stream.Stream<ChatEvent>
  /** The state of the connection to the joined peer; Joined for a peer that joined no other. */
  readonly status: SubscriptionRef.SubscriptionRef<Rejoining.Status<Reason>>
  /**
   * Never succeeds: fails with the reason when the connection to the joined peer is lost for good. The joiners stay
   * connected, as with an original, until the scope closes.
   */
  readonly left: Effect.Effect<never, JoinError>
  /**
   * Sends text. Delivered: it is on its way with the next hop; nothing acknowledges its arrival. Buffered: there is no
   * way to the receiver now, or no room on it, and the message is stored until there is.
   */
  readonly send: (to: PeerId.PeerId, text: string) => Effect.Effect<Sent, SendError>
  /**
   * Sends texts in their order, as fast as the next hop accepts them. When the next hop has no room it waits, where `send`
   * would store the text; it costs a fraction of `send` for each text. Fails before anything is sent when one of the texts
   * cannot be sent. Fails with `BufferFull` when the way is lost and the store has no room for all; `Sent` events say
   * which texts were sent.
   */
  readonly sendAll: (to: PeerId.PeerId, texts: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Sent>, SendError>
  /** The number of stored messages for each receiver; the receiver with the oldest message comes first. */
  readonly buffer: Effect.Effect<ReadonlyArray<Kept>>
  /** The keys of the neighbours, now. Empty on a transport without keys. Peers further away have shown none here. */
  readonly keys: Effect.Effect<ReadonlyMap<PeerId.PeerId, PeerKey>>
}

/** A peer of a p2p-chat network. */
export class ChatPeer extends Context.Service<ChatPeer, ChatPeerService>()("@peerage/p2p-chat/ChatPeer") {}

/** Tries again after 1 s, then ever less often, at least every 30 s, a little at random, for ever. */
export const patiently: Schedule.Schedule<unknown> = Rejoining.patiently

// As many as the original's README promises; the original never tries. Each try takes one of an original's ten places.
const otherIds = 3

/** Takes part for the scope's life. Fails with the reason when it cannot listen or join. */
export const make = Effect.fn("ChatPeer.make")(
  function*(
    options: ChatPeerOptions
  ): Effect.fn.Return<ChatPeerService, SessionFailure, Transport.Transport | Scope.Scope> {
    const transport = yield* Transport.Transport
    const config = ChatConfig.make(options.config)
    if (options.id !== undefined && !PeerId.usable(options.id)) return yield* new InvalidId({ id: options.id })
    const local = yield* Effect.fromResult(Endpoint.address(options.listen))
    const remote = options.join === undefined ? undefined : yield* Effect.fromResult(Endpoint.address(options.join))
    const listener = yield* Server.open(transport, local, config)
    const address = NetAddress.formatInet(listener.address)
    if (remote !== undefined && NetAddress.formatInet(remote) === address) return yield* new JoinsItself({ address })

    const events = yield* Events.make(address, config)
    const peers = yield* SubscriptionRef.make<ReadonlyArray<Peer>>([])
    const ids = options.id === undefined ? (yield* Identity.generator).next : Effect.succeed(options.id)
    const budget = yield* Budget.make(config.maxHeldBytes)
    const begin = Effect.flatMap(ids, (id) => Router.make(id, { budget, config, events, peers }))
    const { left, router, status } = remote === undefined
      ? yield* Upstream.none(yield* begin)
      : yield* Upstream.make({
        transport,
        address: remote,
        rejoin: options.rejoin,
        waiting: options.waiting,
        otherIds: options.id === undefined ? otherIds : 0
      }, begin)

    // A peer that has just joined finds the joined peer among `peers`.
    yield* router.publish
    yield* Effect.forkScoped(Server.run(listener, router, events))
    yield* Effect.forkScoped(router.run)
    // Runs first: from then on the end of connections is no news to anybody.
    yield* Effect.addFinalizer(() => router.close)
    return {
      self: router.self,
      address: listener.address,
      peers,
      events: events.stream,
      status,
      left,
      send: Sending.send(router),
      sendAll: Sending.sendAll(router),
      buffer: Effect.map(router.state, ({ store }) => Store.rows(store)),
      keys: Effect.map(
        router.state,
        ({ neighbours }) =>
          new Map(Array.from(neighbours.values()).flatMap(({ id, key }) => key === undefined ? [] : [[id, key]]))
      )
    }
  },
  Effect.mapError((reason) => new JoinError({ reason }))
)

/** Takes part for the layer's life. A built layer does not fail later: see `status` and `left`. */
export const layer = (options: ChatPeerOptions): Layer.Layer<ChatPeer, JoinError, Transport.Transport> =>
  Layer.effect(ChatPeer, make(options))
