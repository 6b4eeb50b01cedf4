/**
 * A member of a network: joins with the password, knows who is there, chats, and comes back if told to.
 *
 * Its scope is its life: leaving the scope leaves the network politely, without waiting for anybody.
 */
import { Endpoint, OptionValue, type PeerKey, type Transport } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { type PeerService, Rejoining } from "@peerage/wire"
import { Context, Duration, Effect, Function, Layer, Result, Schedule, type Scope, type SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { JoinError, NotIpv4, type SessionFailure } from "../PyileError.ts"
import type { PyileEvent, Reason } from "../PyileEvent.ts"
import * as ChatReceiver from "./chat/ChatReceiver.ts"
import * as ChatSender from "./chat/ChatSender.ts"
import type * as History from "./chat/History.ts"
import * as JoinSession from "./JoinSession.ts"
import * as Listen from "./Listen.ts"
import * as Members from "./Members.ts"
import * as PeerContext from "./PeerContext.ts"

/** How to join. */
export interface JoinPeerOptions extends PeerContext.PeerOptions {
  /** The host: `10.0.0.1`, `10.0.0.1:4702`, or the `address` of one. */
  readonly host: string | NetAddress.InetAddress
  /** The IPv4 address to take chat at and to dial from. Default: all, named by the one that leads to the host. */
  readonly listen?: string | undefined
  /**
   * The IPv4 address, with or without a port, at which the host and the others reach this peer, as behind NAT: the outer
   * address, and the port there that is forwarded to the chat port. Default: the address from which it dials the host,
   * and the chat port.
   */
  readonly advertise?: string | undefined
  /** Source port of the auth connection; an original always has 4702 there. Default: the system's choice. */
  readonly authPort?: number | undefined
  /**
   * IPv4 addresses that may be dialed for lists when the host names them. Any other that it names is replaced by its own,
   * so a hostile host cannot have others scanned. Default: none.
   */
  readonly distHosts?: ReadonlyArray<string> | undefined
  /**
   * When to join again after the session ended; `JoinPeer.patiently` is a good one. A wrong password, a ban and an
   * incompatible host end it for good; after a kick it waits until the bar is over. Default: never. For a first try that
   * is repeated too see `JoinPeer.persistently`.
   */
  readonly rejoin?: Rejoining.Rejoin<SessionFailure> | undefined
  /** Runs during each pause before another try, as a countdown may, and is interrupted at its end. */
  readonly waiting?: ((retry: Rejoining.Retry<SessionFailure>) => Effect.Effect<void>) | undefined
}

/** What a member can be asked and told. */
export interface JoinPeerService extends PeerService.PeerService<PyileEvent, Reason, JoinError>, ChatSender.ChatSender {
  /** Where this peer takes chat. Another one when it came back from another address. */
  readonly self: PeerAddress.PeerAddress
  /** Where the host takes joiners. */
  readonly host: NetAddress.InetAddress
  /** The others, the host first. Kept as it was while reconnecting. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
  /** The keys that they have joined with, now. Empty on a transport without keys. */
  readonly keys: Effect.Effect<ReadonlyMap<PeerAddress.PeerAddress, PeerKey.PeerKey>>
  readonly history: History.History
}

/** A member of a Pyile network. */
export class JoinPeer extends Context.Service<JoinPeer, JoinPeerService>()("@peerage/pyile/JoinPeer") {}

/** Tries again after 1 s, then ever less often, at least every 30 s, a little at random, for ever. */
export const patiently = Rejoining.patiently

const checkOptions = OptionValue.checkAll("JoinPeer.make", {
  ...PeerContext.values,
  password: OptionValue.credential,
  authPort: OptionValue.port
})

/** Joins for the scope's life. Dies for an option that cannot be. Succeeds as a member; fails with why it did not become one. */
export const make = Effect.fn("JoinPeer.make")(
  function*(options: JoinPeerOptions): Effect.fn.Return<
    JoinPeerService,
    SessionFailure,
    Transport.Transport | Scope.Scope
  > {
    checkOptions(options)
    const host = yield* Effect.fromResult(Endpoint.address(options.host, Listen.defaultPort))
    const local = yield* Effect.fromResult(Endpoint.address(options.listen ?? "0.0.0.0", 0))
    const distHosts = yield* Effect.forEach(
      options.distHosts ?? [],
      (one) => Effect.map(Effect.fromResult(Endpoint.address(one, 0)), NetAddress.formatHost)
    )
    const from = NetAddress.isUnspecified(local.address) ? undefined : local.address
    const context = yield* PeerContext.make<undefined>(options, local.address)
    const known = options.advertise === undefined
      ? undefined
      : yield* Effect.fromResult(advertised(options.advertise, context.chat.address.port))
    const { session, status, left } = yield* join(context, options, {
      host,
      password: options.password,
      advertise: known,
      from: { host: from, port: options.authPort },
      distHosts
    })
    const alias = options.alias ?? "peer"
    yield* Effect.forkScoped(ChatReceiver.run(context, alias))
    return {
      ...ChatSender.make(context, { alias, appearance: Effect.sync(() => () => ({ self: session().self, from })) }),
      get self() {
        return session().self
      },
      address: context.chat.address,
      host,
      peers: context.membership.peers,
      keys: Effect.map(context.membership.members, Members.keys),
      events: context.events.stream,
      status,
      left: Effect.mapError(left, (reason) => new JoinError({ reason })),
      history: context.history
    }
  },
  Effect.mapError((reason) => new JoinError({ reason }))
)

/** The address to advertise, of a peer that takes chat at `port`. Fails with `NotIpv4` for one that nobody can dial. */
const advertised = (text: string, port: number): Result.Result<PeerAddress.PeerAddress, NotIpv4> =>
  Result.flatMap(Endpoint.address(text, port), (inet) => {
    const peer = NetAddress.isUnspecified(inet.address) ? undefined : PeerAddress.fromInet(inet)
    return peer === undefined ? Result.fail(new NotIpv4({ address: text })) : Result.succeed(peer)
  })

const neverAgain = new Set<SessionFailure["_tag"]>([
  "WrongPassword",
  "IncompatiblePeer",
  "ForeignAddress",
  "ListenFailed",
  "NotIpv4"
])

/** Which failures another try may help: also a bar after a kick, when it is over. */
const retrying = {
  mayRetry: (reason: SessionFailure) =>
    reason._tag === "Banned"
      ? reason.retryAfter !== undefined
      : !neverAgain.has(reason._tag) && !Endpoint.isFinal(reason),
  notBefore: (reason: SessionFailure) => Duration.seconds(reason._tag === "Banned" ? reason.retryAfter ?? 0 : 0)
}

/**
 * Joins as `make` does, and tries again as `rejoin` says when already the first try fails, except after failures that
 * another try cannot help.
 */
export const persistently = (
  options: JoinPeerOptions
): Effect.Effect<JoinPeerService, JoinError, Transport.Transport | Scope.Scope> => {
  const { rejoin = Schedule.recurs(0), waiting } = options
  return Rejoining.persistently(Effect.mapError(make(options), ({ reason }) => reason), rejoin, {
    ...retrying,
    waiting
  })
    .pipe(Effect.mapError((reason) => new JoinError({ reason })))
}

/** Joins, and joins again when told to. What happens is logged and published. */
const join = Effect.fnUntraced(function*(
  context: PeerContext.PeerContext<undefined>,
  { rejoin, waiting }: Pick<JoinPeerOptions, "rejoin" | "waiting">,
  invitation: JoinSession.Invitation
) {
  const { config, events, history, membership } = context
  const host = NetAddress.formatInet(invitation.host)
  const update = (self: PeerAddress.PeerAddress): JoinSession.Update => ({ keys, peers }) =>
    Effect.andThen(
      membership.change({ _tag: "Listed", peers, known: Function.constUndefined, keys, self }),
      membership.announce
    )

  const session = Effect.gen(function*() {
    const session = yield* JoinSession.join(context, invitation)
    yield* membership.change({ _tag: "OwnHost", host: PeerAddress.host(session.self) })
    yield* history.log("INFO", `joined the network of ${host}`)
    const { identity } = session.link
    yield* events.publish([{ _tag: "Connected", peer: host, ...(identity === undefined ? {} : { key: identity }) }])
    yield* update(session.self)(session.roster)
    return session
  })

  return yield* Rejoining.make<JoinSession.JoinSession, SessionFailure, Reason>({
    join: () => session,
    stay: (session) => JoinSession.stay(session, config, update(session.self)),
    rejoin,
    ...retrying,
    waiting,
    lasting: config.silence,
    reasonOf: Endpoint.reasonOf,
    ended: (_, reason) =>
      Effect.andThen(
        history.log("WARNING", `the session ended: ${reason.message}`),
        events.publish([{ _tag: "Closed", peer: host, reason: Endpoint.reasonOf(reason) }])
      ),
    failed: (reason) => history.log("INFO", `could not join again: ${reason.message}`)
  })
})

/** Joins for the layer's life. A built layer does not fail later: see `status` and `left`. */
export const layer = (options: JoinPeerOptions): Layer.Layer<JoinPeer, JoinError, Transport.Transport> =>
  Layer.effect(JoinPeer, make(options))
