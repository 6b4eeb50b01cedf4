/**
 * One stay of a joiner in a network: joining step by step, living there until something ends it, and leaving so that
 * an original host survives it.
 */
import { Endpoint, Transport } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Link } from "@peerage/wire"
import { type Duration, Effect, Exit, type Redacted, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../codec/Frame.ts"
import * as BanCheck from "../exchange/BanCheck.ts"
import * as Distribution from "../exchange/Distribution.ts"
import * as Heartbeat from "../exchange/Heartbeat.ts"
import * as Introduction from "../exchange/Introduction.ts"
import * as PasswordAuth from "../exchange/PasswordAuth.ts"
import type { PyileConfig } from "../PyileConfig.ts"
import { DistributionLost, type SessionFailure } from "../PyileError.ts"

/** What a stay needs. */
export interface Invitation {
  readonly host: NetAddress.InetAddress
  readonly password: Redacted.Redacted<string>
  /** Where to dial from; the system chooses what is not given. */
  readonly from: { readonly host?: NetAddress.IpAddress | undefined; readonly port?: number | undefined }
  readonly chatPort: number
  readonly config: PyileConfig
}

/** A stay that has begun. */
export interface Stay {
  /** The joiner's own address, as the host knows it. */
  readonly self: PeerAddress.PeerAddress
  /** The first list, in the host's order, with the joiner itself. */
  readonly peers: ReadonlyArray<PeerAddress.PeerAddress>
  /** Never succeeds: answers heartbeats and hands on lists until the session ends, then fails with why. */
  readonly live: (update: Update) => Effect.Effect<never, SessionFailure>
}

/** Takes a new list. */
export type Update = (peers: ReadonlyArray<PeerAddress.PeerAddress>) => Effect.Effect<void>

/** Joins. Leaving the scope leaves the network. */
export const join = Effect.fn("Pyile.join")(function*(
  invitation: Invitation
): Effect.fn.Return<Stay, SessionFailure, Transport.Transport | Scope.Scope> {
  const transport = yield* Transport.Transport
  const { config, from, host, password } = invitation
  const connectTimeout = config.stepTimeout
  const link = yield* Link.make(transport.dial(host, { connectTimeout, from }), {
    format,
    limit: config.maxListBytes
  }).pipe(Effect.mapError(Endpoint.unreachable(host)))
  const self = PeerAddress.at(NetAddress.formatHost(link.local), invitation.chatPort)

  yield* BanCheck.initiate(link, config.stepTimeout)
  yield* PasswordAuth.initiate(link, password, config.stepTimeout)
  const peers = yield* Introduction.initiate(link, self, config.stepTimeout)
  const subscribe = Distribution.initiate(link, transport, {
    // From the address the host knows us by: it has nothing else to tell whose connection this is.
    dial: { connectTimeout, from: { host: link.local.address } },
    within: config.stepTimeout,
    maxListBytes: config.maxListBytes
  })
  const lists = yield* lingering(subscribe, config.lingerFor)

  return { self, peers, live: (update) => live(link, lists, config, update) }
})

const live = (
  link: Link.Link,
  lists: Link.Link,
  config: PyileConfig,
  update: Update
): Effect.Effect<never, SessionFailure> => {
  // When the host goes, both connections end; which is noticed first is chance, and the auth connection says why.
  const lost = Effect.andThen(Effect.sleep(config.stepTimeout), Effect.fail(new DistributionLost()))
  return Effect.raceFirst(
    Heartbeat.respond(link, config.silence),
    Effect.catch(Distribution.receive(lists, update), () => lost)
  )
}

/**
 * A dist connection that is read on behind the scenes when its scope closes, until the host has ended it, at most
 * `lingerFor`. Nobody waits for that.
 *
 * Quirk: the original's distribution dies for ever of a dist connection that is reset, or closed and written to twice,
 * and it takes up to two seconds to see that the auth connection has ended.
 */
const lingering = <E>(subscribe: Effect.Effect<Link.Link, E, Scope.Scope>, lingerFor: Duration.Input) =>
  Effect.acquireRelease(
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const close = Scope.close(scope, Exit.void)
      const lists = yield* Effect.onError(Scope.provide(subscribe, scope), () => close)
      return { lists, close }
    }),
    ({ close, lists }) =>
      Effect.forever(lists.receiveFrame()).pipe(
        Effect.timeoutOption(lingerFor),
        Effect.ignore,
        Effect.ensuring(close),
        Effect.forkDetach
      ),
    { interruptible: true }
  ).pipe(Effect.map(({ lists }) => lists))
