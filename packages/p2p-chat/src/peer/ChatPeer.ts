/**
 * A peer of a routed chat network: it takes joiners, may join another peer, knows who can be reached and how, and sends
 * text to any of them. Its scope is its life: leaving the scope leaves the network politely, without waiting for anybody.
 */
import type { Transport } from "@peerage/transport"
import { Context, Effect, Layer, Schedule, type Scope, type Stream, type SubscriptionRef } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { ChatConfig } from "../ChatConfig.ts"
import type { JoinError, SendError, SessionFailure } from "../ChatError.ts"
import type { ChatEvent, Kept, Peer, Sent } from "../ChatEvent.ts"
import type { PeerId } from "../codec/PeerId.ts"
import type { Status } from "./Status.ts"

/** How to take part. */
export interface ChatPeerOptions {
  /** Where joiners come to, as 192.0.2.1:5000; port 0 is a free one. */
  readonly listen: string
  /** The peer to join, as 192.0.2.2:5000. Default: none, so that a new network begins. */
  readonly join?: string | undefined
  /** The id to go by; it is never changed. Default: one that is made up, and made up anew where it is taken. */
  readonly id?: PeerId | undefined
  /** When to join again after the connection to the joined peer ended; `ChatPeer.patiently` is a good one. Default: never. */
  readonly rejoin?: Schedule.Schedule<unknown, SessionFailure> | undefined
  readonly config?: Partial<ChatConfig> | undefined
}

/** What a peer can be asked and told. */
export interface ChatPeerService {
  readonly self: PeerId
  /** Where joiners come to, with the port that the system chose for port 0. */
  readonly address: NetAddress.InetAddress
  /** Who can be reached, never with the peer itself, in the order in which they came to be known. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<Peer>>
  /** What happens from now on. Never fails, ends with the scope. */
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
  readonly send: (to: PeerId, text: string) => Effect.Effect<Sent, SendError>
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

/** Takes part for the scope's life. Fails with why it could not listen or join. */
export declare const make: (
  options: ChatPeerOptions
) => Effect.Effect<ChatPeerService, JoinError, Transport.Transport | Scope.Scope>

/** Takes part for the layer's life. A built layer does not fail later: see `status` and `left`. */
export const layer = (options: ChatPeerOptions): Layer.Layer<ChatPeer, JoinError, Transport.Transport> =>
  Layer.effect(ChatPeer, make(options))
