/**
 * A member of somebody's network: joins with the password, knows who is there, chats, and comes back if told to.
 *
 * Its scope is its life: leaving the scope leaves the network politely, without waiting for anybody.
 */
import { Endpoint, type Transport } from "@peerage/transport"
import type * as PeerAddress from "@peerage/transport/PeerAddress"
import { Context, Effect, Layer, type Redacted, Schedule, type Scope, type Stream, type SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as PyileConfig from "../PyileConfig.ts"
import { JoinError, type SessionFailure } from "../PyileError.ts"
import type { PyileEvent } from "../PyileEvent.ts"
import * as Base from "./Base.ts"
import * as Hearing from "./Hearing.ts"
import * as Listen from "./Listen.ts"
import type * as Messenger from "./Messenger.ts"
import * as Residence from "./Residence.ts"
import * as Speaking from "./Speaking.ts"
import type { Status } from "./Status.ts"

/** How to join. */
export interface JoinPeerOptions {
  /** The host, `10.0.0.1` or `10.0.0.1:4702`. */
  readonly host: string
  readonly password: Redacted.Redacted<string>
  /** The IPv4 address to take chat at and to dial from. Default: all, named by the one that leads to the host. */
  readonly listen?: string | undefined
  /** Port for chat. Default: a random private one. */
  readonly chatPort?: number | undefined
  /** Source port of the auth connection; an original always has 4702 there. Default: the system's choice. */
  readonly authPort?: number | undefined
  /** Free text that goes with what this peer says. Default "peer". */
  readonly alias?: string | undefined
  /**
   * When to try again after the session ended; `JoinPeer.patiently` is a good one. A wrong password, a ban and an
   * incompatible host end it for good. Default: never.
   */
  readonly reconnect?: Residence.Reconnect | undefined
  readonly config?: Partial<PyileConfig.PyileConfig> | undefined
}

/** What a member can be asked and told. */
export interface JoinPeerService extends Speaking.Speaking {
  /** Where this peer takes chat. Another one when it came back from another address. */
  readonly self: PeerAddress.PeerAddress
  /** Where the host takes joiners. */
  readonly host: NetAddress.InetAddress
  /** The others, the host first. Kept as it was while reconnecting. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
  /** What happens from now on. Never fails, ends with the scope. */
  readonly events: Stream.Stream<PyileEvent>
  readonly status: SubscriptionRef.SubscriptionRef<Status>
  /** Never succeeds: fails with what ended the session for good. */
  readonly left: Effect.Effect<never, JoinError>
  readonly messenger: Messenger.Messenger
}

/** A member of a Pyile network. */
export class JoinPeer extends Context.Service<JoinPeer, JoinPeerService>()("@peerage/pyile/JoinPeer") {}

/** Tries again after 1 s, then ever less often, at least every 30 s, a little at random, for ever. */
export const patiently: Schedule.Schedule<unknown> = Schedule.min([
  Schedule.exponential("1 second"),
  Schedule.spaced("30 seconds")
]).pipe(Schedule.jittered)

/** Joins for the scope's life. Succeeds as a member; fails with why it did not become one. */
export const make = Effect.fn("JoinPeer.make")(
  function*(options: JoinPeerOptions): Effect.fn.Return<
    JoinPeerService,
    SessionFailure,
    Transport.Transport | Scope.Scope
  > {
    const host = yield* Effect.fromResult(Endpoint.address(options.host, Listen.defaultPort))
    const local = yield* Effect.fromResult(Endpoint.address(options.listen ?? "0.0.0.0", 0))
    const from = NetAddress.isUnspecified(local.address) ? undefined : local.address
    const base = yield* Base.make(PyileConfig.make(options.config), local.address, options.chatPort)
    const residence = yield* Residence.make(base, {
      host,
      password: options.password,
      from: { host: from, port: options.authPort },
      chatPort: base.chat.address.port,
      config: base.config
    }, options.reconnect)
    const alias = options.alias ?? "peer"
    yield* Hearing.make(base, alias)
    return {
      ...Speaking.make(base, { alias, appearance: () => ({ self: residence.self(), from }) }),
      get self() {
        return residence.self()
      },
      host,
      peers: base.membership.peers,
      events: base.events.stream,
      status: residence.status,
      left: residence.left,
      messenger: base.messenger
    }
  },
  Effect.mapError((reason) => new JoinError({ reason }))
)

/** Joins for the layer's life. A built layer does not fail later: see `status` and `left`. */
export const layer = (options: JoinPeerOptions): Layer.Layer<JoinPeer, JoinError, Transport.Transport> =>
  Layer.effect(JoinPeer, make(options))
