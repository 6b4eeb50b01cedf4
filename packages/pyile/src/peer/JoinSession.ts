/**
 * One session of a joiner: joining step by step, staying until something ends it, and leaving so that an original host
 * survives it.
 */
import { Endpoint } from "@peerage/transport"
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
import * as PeerContext from "./PeerContext.ts"

/** What a joiner needs to join. */
export interface Invitation {
  readonly host: NetAddress.InetAddress
  readonly password: Redacted.Redacted<string>
  /** The joiner's own address, where that is not the one it dials from and its chat port. */
  readonly advertise: PeerAddress.PeerAddress | undefined
  /** Where to dial from; the system chooses what is not given. */
  readonly from: { readonly host?: NetAddress.IpAddress | undefined; readonly port?: number | undefined }
  /** IPv4 addresses besides the host's own from which it may send lists. */
  readonly distHosts?: ReadonlyArray<string> | undefined
}

/** A session that has begun. */
export interface JoinSession {
  /** The joiner's own address, as the host knows it. */
  readonly self: PeerAddress.PeerAddress
  /** The first list, with the joiner itself. */
  readonly roster: Introduction.Roster
  /** The auth connection. */
  readonly link: Link.Link
  /** The dist connection. */
  readonly lists: Link.Link
}

/** Joins. Leaving the scope leaves the network. */
export const join = Effect.fn("Pyile.join")(function*(
  context: PeerContext.PeerContext<undefined>,
  { advertise, distHosts, from, host, password }: Invitation
): Effect.fn.Return<JoinSession, SessionFailure, Scope.Scope> {
  const { chat, config: { lingerFor, maxListBytes, stepTimeout: within }, transport } = context
  const unfinished = PeerContext.unfinished(context)
  const link = yield* Effect.mapError(
    Link.dial(transport, host, { format, unfinished, connectTimeout: within, from }),
    Endpoint.unreachable(host)
  )
  const self = advertise ?? PeerAddress.at(NetAddress.formatHost(link.local), chat.address.port)

  yield* BanCheck.initiate(link, within)
  yield* PasswordAuth.initiate(link, password, within)
  const roster = yield* Introduction.initiate(link, self, within)
  const lists = yield* lingering(
    Distribution.initiate(link, transport, { within, maxListBytes, distHosts, unfinished }),
    lingerFor
  )
  return { self, roster, link, lists }
})

/** Takes a new list. */
export type Update = (roster: Introduction.Roster) => Effect.Effect<void>

/** Never succeeds: answers heartbeats and hands lists to `update` until the session ends, then fails with why. */
export const stay = (
  { link, lists }: JoinSession,
  config: PyileConfig,
  update: Update
): Effect.Effect<never, SessionFailure> => {
  // When the host goes, both connections end; which is noticed first is chance, and the auth connection says why.
  const lost = Effect.flatMap(Effect.sleep(config.stepTimeout), () => new DistributionLost())
  return Effect.raceFirst(
    Heartbeat.respond(link, config.silence),
    Effect.catch(Distribution.receive(lists, update), () => lost)
  )
}

/**
 * A dist connection that is read on in the background when its scope closes, until the host has ended it, at most for
 * `lingerFor`. Leaving does not wait for that.
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
    ({ close, lists }) => Effect.forkDetach(Effect.ensuring(Effect.ignore(lists.rest(lingerFor)), close)),
    { interruptible: true }
  ).pipe(Effect.map(({ lists }) => lists))
