/**
 * A member of somebody's network: joins with the password, knows who is there, chats, and comes back if told to.
 *
 * Its scope is its life: leaving the scope leaves the network politely, without waiting for anybody.
 */
import type { Transport } from "@peerage/transport"
import { Context, Deferred, Effect, Exit, Layer, type Redacted, Schedule, Scope, type Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as PeerAddress from "../codec/PeerAddress.ts"
import { ipv4, reasonOf } from "../exchange/Dial.ts"
import * as PyileConfig from "../PyileConfig.ts"
import { JoinError, type SessionFailure } from "../PyileError.ts"
import type { PyileEvent } from "../PyileEvent.ts"
import * as Base from "./Base.ts"
import * as ChatRoom from "./ChatRoom.ts"
import * as Guest from "./Guest.ts"
import type * as Messenger from "./Messenger.ts"
import type { Status } from "./Status.ts"

/** How to join. */
export interface JoinPeerOptions {
  /** The host, `10.0.0.1:4702`. */
  readonly host: string
  readonly password: Redacted.Redacted<string>
  /** The IPv4 address to take chat at and to dial from. Default: the one that leads to the host. */
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
  readonly reconnect?: Schedule.Schedule<unknown, SessionFailure> | undefined
  readonly config?: Partial<PyileConfig.PyileConfig> | undefined
}

/** What a member can be asked and told. */
export interface JoinPeerService extends ChatRoom.ChatRoom {
  /** Where this peer takes chat. */
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
    const config = PyileConfig.make(options.config)
    const hostAddress = yield* Effect.fromResult(ipv4(options.host))
    const local = yield* Effect.fromResult(ipv4(`${options.listen ?? "0.0.0.0"}:0`))
    const from = NetAddress.isUnspecified(local.address) ? undefined : local.address
    const base = yield* Base.make(config, local.address, options.chatPort)
    const { events, membership, messenger } = base
    const status = yield* SubscriptionRef.make<Status>({ _tag: "Joining" })
    const invitation: Guest.Invitation = {
      host: hostAddress,
      password: options.password,
      from: { host: from, port: options.authPort },
      chatPort: base.chat.address.port,
      config
    }

    const ended = yield* Deferred.make<never, JoinError>()
    const home = yield* Effect.scope
    const moveIn = Effect.gen(function*() {
      const scope = yield* Scope.fork(home)
      const stay = yield* Guest.join(invitation).pipe(
        Scope.provide(scope),
        Effect.onError(() => Scope.close(scope, Exit.void))
      )
      membership.alsoAt(PeerAddress.host(stay.self))
      yield* membership.replace(stay.peers, stay.self, "Unlisted")
      yield* SubscriptionRef.set(status, { _tag: "Joined" })
      yield* messenger.log("INFO", `joined the network of ${options.host}`)
      yield* events.publish([{ _tag: "Connected", peer: NetAddress.formatInet(hostAddress) }])
      return { stay, scope }
    })

    const first = yield* moveIn
    const room = yield* ChatRoom.make(base, {
      alias: options.alias ?? "peer",
      self: first.stay.self,
      appearance: () => ({ self: first.stay.self, from })
    })
    yield* Effect.forkScoped(remain(first, {
      moveIn,
      reconnect: options.reconnect,
      update: (peers) => membership.replace(peers, first.stay.self, "Unlisted"),
      closed: (reason) =>
        Effect.andThen(
          messenger.log("WARNING", `the session ended: ${reason.message}`),
          events.publish([{ _tag: "Closed", peer: NetAddress.formatInet(hostAddress), reason: reasonOf(reason) }])
        ),
      reconnecting: (reason) => SubscriptionRef.set(status, { _tag: "Reconnecting", reason: reasonOf(reason) }),
      gone: (reason) =>
        SubscriptionRef.set(status, { _tag: "Left", reason: reasonOf(reason) }).pipe(
          Effect.andThen(Deferred.fail(ended, new JoinError({ reason })))
        )
    }))
    yield* Effect.addFinalizer(() => SubscriptionRef.set(status, { _tag: "Left", reason: "Left" }))
    return {
      ...room,
      self: first.stay.self,
      host: hostAddress,
      peers: membership.peers,
      events: events.stream,
      status,
      left: Deferred.await(ended),
      messenger
    }
  },
  Effect.mapError((reason) => new JoinError({ reason }))
)

interface Home {
  readonly stay: Guest.Stay
  readonly scope: Scope.Closeable
}

interface Residence {
  readonly moveIn: Effect.Effect<Home, SessionFailure, Transport.Transport>
  readonly reconnect: Schedule.Schedule<unknown, SessionFailure> | undefined
  readonly update: Guest.Update
  readonly closed: (reason: SessionFailure) => Effect.Effect<void>
  readonly reconnecting: (reason: SessionFailure) => Effect.Effect<void>
  readonly gone: (reason: SessionFailure) => Effect.Effect<unknown>
}

/** Stays, and comes back while the schedule says so and the host has not said no. */
const remain = Effect.fnUntraced(function*(first: Home, residence: Residence) {
  let home = first
  while (true) {
    const reason = yield* Effect.flip(home.stay.live(residence.update))
    yield* Scope.close(home.scope, Exit.void)
    yield* residence.closed(reason)
    if (residence.reconnect === undefined) return yield* residence.gone(reason)
    yield* residence.reconnecting(reason)
    const again = yield* Effect.exit(Effect.retry(residence.moveIn, { schedule: residence.reconnect, while: worthTrying }))
    if (Exit.isFailure(again)) return yield* Effect.catch(again, residence.gone)
    home = again.value
  }
})

/** What will not change by trying again, or must not be tried again. */
const worthTrying = (reason: SessionFailure): boolean =>
  !["WrongPassword", "Banned", "IncompatiblePeer", "NotIpv4"].includes(reason._tag)

/** Joins for the layer's life. A built layer does not fail later: see `status` and `left`. */
export const layer = (options: JoinPeerOptions): Layer.Layer<JoinPeer, JoinError, Transport.Transport> =>
  Layer.effect(JoinPeer, make(options))
