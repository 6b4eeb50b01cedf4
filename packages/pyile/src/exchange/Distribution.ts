/**
 * The list of peers, from the host to each joiner, over a connection of its own.
 *
 *   joiner                                                host
 *     | <--- {"distro": [["10.0.0.1", 49265], ...]} ------ |      on the auth connection
 *     | <--- {"dist_addr": ["10.0.0.1", 50211]} ---------- |      on the auth connection, 100 ms later
 *     | ====================== dials ====================> |
 *     | <--- {"distro": [["10.0.0.1", 49265], ...]} ------ |      for each change
 *
 * Later lists are the `Fanout`'s, as they go to all members. Source: docs/wire/pyile.md, sections 4, 5 to 6, and 7.
 */
import { Endpoint, type Pipe, SocketFailure, type Transport } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Link, LinkError } from "@peerage/wire"
import { Deferred, type Duration, Effect } from "effect"
import * as Arr from "effect/Array"
import * as NetAddress from "effect/net/NetAddress"
import { constant, format } from "../codec/Frame.ts"
import { type Address, DistAddress, PeerList } from "../codec/Message.ts"
import { ListsElsewhere, NoDistConnection } from "../PyileError.ts"
import * as Introduction from "./Introduction.ts"

/** How a joiner opens its dist connection. */
export interface Dialing {
  readonly maxListBytes: number
  readonly within: Duration.Input
  /** IPv4 addresses that may be dialed besides the host's own. Default: none. */
  readonly distHosts?: ReadonlyArray<string> | undefined
  /** Bounds of a list that is not whole. */
  readonly unfinished?: Link.Bounds | undefined
}

/**
 * The joiner's side, first half: waits for the dist address and dials it, from the address that the host knows the
 * joiner by: without keys it has nothing else to tell whose connection this is. Nothing is ever sent on the link. On a
 * transport with keys it must be the host that answers.
 */
export const initiate = Effect.fnUntraced(function*(
  link: Link.Link,
  transport: Transport.Transport["Service"],
  { distHosts = [], maxListBytes: limit, unfinished, within }: Dialing
) {
  const { dist_addr } = yield* link.receive(DistAddress, within)
  const own = NetAddress.formatHost(link.remote)
  const [named] = Introduction.fromWire([dist_addr], own)
  if (named === undefined) return yield* new LinkError.MalformedMessage({ reason: "the dist address has no port" })
  // Quirk: an original names the address it was bound to, even a wildcard, a name, or one behind a NAT: it is where its
  // auth address is. Nor can a hostile host have others dialed and learn from the time it takes what listens there.
  const isAllowed = distHosts.includes(PeerAddress.host(named))
  const address = PeerAddress.toInet(isAllowed ? named : PeerAddress.at(own, PeerAddress.port(named)))
  const lists = yield* Effect.mapError(
    Link.dial(transport, address, {
      format,
      limit,
      unfinished,
      connectTimeout: within,
      from: { host: link.local.address }
    }),
    (error) => elsewhere(Endpoint.unreachable(address)(error), named, link.remote)
  )
  if (lists.identity === link.identity) return lists
  return yield* Endpoint.unreachable(address)(SocketFailure.otherKey(NetAddress.formatInet(address)))
})

/** What keeps a joiner from its lists: perhaps that they are at an address that the host names, and that it did not dial. */
const elsewhere = <E extends { readonly _tag: string }>(
  error: E | Endpoint.Unreachable,
  named: PeerAddress.PeerAddress,
  own: NetAddress.InetAddress
): E | Endpoint.Unreachable | ListsElsewhere => {
  if (!(error instanceof Endpoint.Unreachable) || Endpoint.isFinal(error)) return error
  const { address } = PeerAddress.toInet(named)
  const leads = !NetAddress.isLoopback(address) || NetAddress.isLoopback(own.address)
  if (!leads || error.address === NetAddress.formatInet(PeerAddress.toInet(named))) return error
  return new ListsElsewhere({ address: error.address, code: error.code, named: NetAddress.formatIp(address) })
}

/** The joiner's side, second half: never succeeds, hands every list to `update`. */
export const receive = <E, R>(
  link: Link.Link,
  update: (roster: Introduction.Roster) => Effect.Effect<void, E, R>
): Effect.Effect<never, LinkError.ReceiveError | E, R> =>
  Effect.forever(
    Effect.flatMap(link.receiveAll(PeerList), (lists) => update(Introduction.rosterOf(Arr.lastNonEmpty(lists), link)))
  )

/** A joiner's dist connection, which may still have to come. It fails where others wait for their turn and none comes. */
export type DistConnection = Deferred.Deferred<Pipe.Pipe, NoConnection>

/** Why no dist connection comes: the time was over, or the joiner has gone. */
export type NoConnection = NoDistConnection | LinkError.ReceiveError

/** Where joiners' dist connections come in. */
export interface DistListener {
  /**
   * Runs `invite` once no other joiner with the key of `origin`, or without keys at its host, is being invited. The first
   * connection from there that comes meanwhile is the one.
   */
  readonly expect: <A, E, R>(
    origin: Pick<Pipe.Pipe, "remote" | "identity">,
    connection: DistConnection,
    invite: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, R>
}

/** What the host tells a joiner, and how. */
export interface Invitation {
  /** The encoded list, with the joiner at its end. */
  readonly list: Uint8Array
  /** The encoded dist address, as `invitation` makes it. */
  readonly address: Uint8Array
  /** Where the address leads to. */
  readonly listener: DistListener
  /**
   * Between the list and the address. Quirk: an original joiner reads each with a single recv and dies of both at once.
   */
  readonly pause: Duration.Input
  /** For each step. */
  readonly within: Duration.Input
}

/** The bytes that tell joiners where to dial: the same for all who know the host by one address. */
export const invitation = (address: Address): Uint8Array => constant(DistAddress, { dist_addr: address })

/** The host's side: sends the list and the dist address, and waits until the joiner's connection has come. */
export const respond = Effect.fnUntraced(function*(
  link: Link.Link,
  connection: DistConnection,
  { address, list, listener, pause, within }: Invitation
): Effect.fn.Return<Pipe.Pipe, NoDistConnection | LinkError.ReceiveError | LinkError.SendError> {
  yield* link.sendEncoded(list, within)
  yield* link.rest(pause)
  return yield* listener.expect(
    link,
    connection,
    Effect.andThen(
      link.sendEncoded(address, within),
      link.restUntil(connection, within, () => new NoDistConnection())
    )
  )
})
