/** What host and joiner have alike: the transport, the members, events, history, and where chat comes in. */
import { type Endpoint, type Listener, OptionValue, Transport } from "@peerage/transport"
import { Budget, type Link } from "@peerage/wire"
import { Effect, type Redacted, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as PyileConfig from "../PyileConfig.ts"
import * as History from "./chat/History.ts"
import * as Events from "./Events.ts"
import * as Listen from "./Listen.ts"
import * as Membership from "./Membership.ts"

/** What host and joiner are told alike. */
export interface PeerOptions {
  /** What a joiner must know. In the clear on the wire. */
  readonly password: Redacted.Redacted<string>
  /** Free text that goes with what this peer says. Default: "host" for a host, "peer" for a joiner. */
  readonly alias?: string | undefined
  /** Port for chat. Default: a random private one. */
  readonly chatPort?: number | undefined
  readonly config?: Partial<PyileConfig.PyileConfig> | undefined
}

/** What the options that host and joiner have alike may be. */
export const values = {
  alias: OptionValue.text,
  chatPort: OptionValue.port
}

/** The common part of a peer. `A` is what it knows of each member. */
export interface PeerContext<A> {
  readonly transport: Transport.Transport["Service"]
  readonly config: PyileConfig.PyileConfig
  /** The memory for what is unfinished or unread. */
  readonly budget: Budget.Budget
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

/** Bounds of what is unfinished on the links of a peer. */
export const unfinished = ({ budget, config }: Pick<PeerContext<unknown>, "budget" | "config">): Link.Bounds => ({
  budget,
  silence: config.silence
})

/** Listens for chat at `ip` for the scope's life. */
export const make = Effect.fnUntraced(function*<A>(
  { chatPort, config: overrides }: PeerOptions,
  ip: NetAddress.IpAddress
): Effect.fn.Return<PeerContext<A>, Endpoint.ListenFailed, Transport.Transport | Scope.Scope> {
  const transport = yield* Transport.Transport
  const config = PyileConfig.make(overrides)
  const chat = yield* Listen.onPrivatePort(transport, ip, chatPort, {
    maxConnections: config.maxChatConnections,
    maxPerAddress: config.maxChatConnectionsPerAddress,
    maxPerNetwork: config.maxChatConnectionsPerNetwork,
    // Members behind one address wait for their turn rather than lose a message.
    overLimit: "wait"
  })
  const events = yield* Events.make(NetAddress.formatInet(chat.address), config)
  const budget = yield* Budget.make(config.maxHeldBytes)
  const history = yield* History.make(config)
  const membership = yield* Membership.make<A>(events)
  return { transport, config, budget, events, history, membership, chat }
})
