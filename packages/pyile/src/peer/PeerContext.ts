/** What host and joiner have alike: the transport, the members, events, history, and where chat comes in. */
import { type Endpoint, type Listener, Transport } from "@peerage/transport"
import { Effect, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { PyileConfig } from "../PyileConfig.ts"
import * as History from "./chat/History.ts"
import * as Events from "./Events.ts"
import * as Listen from "./Listen.ts"
import * as Membership from "./Membership.ts"

/** The common part of a peer. `A` is what it knows of each member. */
export interface PeerContext<A> {
  readonly transport: Transport.Transport["Service"]
  readonly config: PyileConfig
  readonly events: Events.Events
  readonly history: History.History
  readonly membership: Membership.Membership<A>
  /** Where chat comes in. */
  readonly chat: Listener.Listener
}

/** What chat needs of a peer, whatever else that knows of its members. */
export type Chatting = Omit<PeerContext<unknown>, "membership"> & {
  readonly membership: Pick<Membership.Membership<unknown>, "members">
}

/** Listens for chat at `ip` for the scope's life. */
export const make = Effect.fnUntraced(function*<A>(
  config: PyileConfig,
  ip: NetAddress.IpAddress,
  chatPort: number | undefined
): Effect.fn.Return<PeerContext<A>, Endpoint.ListenFailed, Transport.Transport | Scope.Scope> {
  const transport = yield* Transport.Transport
  const chat = yield* Listen.onPrivatePort(transport, ip, chatPort, {
    maxConnections: config.maxChatConnections,
    maxPerAddress: config.maxChatConnectionsPerAddress,
    // Members behind one address wait for their turn rather than lose a message.
    overLimit: "wait"
  })
  const events = yield* Events.make(NetAddress.formatInet(chat.address), config.eventBuffer)
  const history = yield* History.make(config)
  const membership = yield* Membership.make<A>(events)
  return { transport, config, events, history, membership, chat }
})
