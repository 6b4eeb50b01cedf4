/**
 * A peer of a routed chat network: it takes joiners, may join another peer, knows who can be reached and how, and sends
 * text to any of them. Its scope is its life: leaving the scope leaves the network politely, without waiting for anybody.
 */
import { Endpoint, Transport } from "@peerage/transport"
import { Context, Effect, Layer, Schedule, type Scope, type Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as ChatConfig from "../ChatConfig.ts"
import { InvalidId, JoinError, JoinsItself, type SendError, type SessionFailure } from "../ChatError.ts"
import type { ChatEvent, Kept, Peer, Sent } from "../ChatEvent.ts"
import * as PeerId from "../codec/PeerId.ts"
import * as Events from "./Events.ts"
import * as Identity from "./Identity.ts"
import { Router } from "./Router.ts"
import * as Sending from "./Sending.ts"
import * as Server from "./Server.ts"
import type { Status } from "./Status.ts"
import * as Upstream from "./Upstream.ts"

/** How to take part. */
export interface ChatPeerOptions {
  /** Where joiners come to, as 192.0.2.1:5000; port 0 is a free one. */
  readonly listen: string
  /** The peer to join, as 192.0.2.2:5000. Default: none, so that a new network begins. */
  readonly join?: string | undefined
  /** The id to go by; it is never changed. Default: one that is made up, and made up anew where it is taken. */
  readonly id?: PeerId.PeerId | undefined
  /** When to join again after the connection to the joined peer ended; `ChatPeer.patiently` is a good one. Default: never. */
  readonly rejoin?: Upstream.Rejoin | undefined
  readonly config?: Partial<ChatConfig.ChatConfig> | undefined
}

/** What a peer can be asked and told. */
export interface ChatPeerService {
  readonly self: PeerId.PeerId
  /** Where joiners come to, with the port that the system chose for port 0. */
  readonly address: NetAddress.InetAddress
  /**
   * Who can be reached, never with the peer itself, in the order in which they came to be known. A list of many is
   * followed by the next one after a millisecond for every 100 in it, at the earliest.
   */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<Peer>>
  /** What happens from now on; for the first subscriber, messages that have come before too. Never fails, ends with the scope. */
  readonly events: Stream.Stream<ChatEvent>
  /** Where it stands with the joined peer; Joined for one that joined none. */
  readonly status: SubscriptionRef.SubscriptionRef<Status>
  /**
   * Never succeeds: fails with what cut it off from the joined peer for good. Its own joiners stay with it, as with an
   * original, until the scope closes.
   */
  readonly left: Effect.Effect<never, JoinError>
  /**
   * Sends text. Delivered: it is on its way with the next hop; nothing acknowledges its arrival. Buffered: there is no
   * way to the receiver now, or too much waits on it, and the message is kept until there is.
   */
  readonly send: (to: PeerId.PeerId, text: string) => Effect.Effect<Sent, SendError>
  /**
   * Sends texts in their order, as fast as the next hop takes them: it waits for room rather than have them kept, which
   * `send` never does, and costs a fraction of it for each. Fails before anything is sent where one of them cannot be
   * sent, and with `BufferFull` where there is no way any more, and no room for all: `Sent` events tell which were.
   */
  readonly sendAll: (to: PeerId.PeerId, texts: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Sent>, SendError>
  /** Messages kept for peers that cannot be reached, by receiver, the longest kept first. */
  readonly buffer: Effect.Effect<ReadonlyArray<Kept>>
}

/** A peer of a p2p-chat network. */
export class ChatPeer extends Context.Service<ChatPeer, ChatPeerService>()("@peerage/p2p-chat/ChatPeer") {}

/** Tries again after 1 s, then ever less often, at least every 30 s, a little at random, for ever. */
export const patiently: Schedule.Schedule<unknown> = Schedule.min([
  Schedule.exponential("1 second"),
  Schedule.spaced("30 seconds")
]).pipe(Schedule.jittered)

// The original's README promises as many; itself it never tries. Each try takes one of an original's ten places.
const otherIds = 3

/** Takes part for the scope's life. Fails with why it could not listen or join. */
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

    const events = yield* Events.make(address, config.eventBuffer)
    const peers = yield* SubscriptionRef.make<ReadonlyArray<Peer>>([])
    const ids = options.id === undefined ? (yield* Identity.generator).next : Effect.succeed(options.id)
    const begin = Effect.map(ids, (id) => new Router(id, { config, events, peers }))
    const { left, router, status } = remote === undefined
      ? { router: yield* begin, ...yield* Upstream.none }
      : yield* Upstream.make({
        transport,
        events,
        address: remote,
        rejoin: options.rejoin,
        otherIds: options.id === undefined ? otherIds : 0
      }, begin)

    yield* Effect.forkScoped(Server.run(listener, router, events))
    yield* Effect.forkScoped(Sending.forget(router))
    yield* Effect.forkScoped(router.news.catchUp)
    // The first to go: from here on nobody is told that others are gone, who are not.
    yield* Effect.addFinalizer(() => Effect.sync(() => router.close()))
    return {
      self: router.self,
      address: listener.address,
      peers,
      events: events.stream,
      status,
      left,
      send: Sending.send(router, events),
      sendAll: Sending.sendAll(router, events),
      buffer: Effect.sync(() => router.store.rows)
    }
  },
  Effect.mapError((reason) => new JoinError({ reason }))
)

/** Takes part for the layer's life. A built layer does not fail later: see `status` and `left`. */
export const layer = (options: ChatPeerOptions): Layer.Layer<ChatPeer, JoinError, Transport.Transport> =>
  Layer.effect(ChatPeer, make(options))
