/**
 * The list of peers, from the host to each joiner, over a connection of its own.
 *
 *   joiner                                                host
 *     | <--- {"dist_addr": ["10.0.0.1", 50211]} ---------- |      on the auth connection
 *     | ====================== dials ====================> |
 *     | <--- {"distro": [["10.0.0.1", 49265], ...]} ------ |      for each change
 *
 * Source: the wire document, sections 4, 5 to 6, and 7.
 */
import { Endpoint, type Options, type Transport } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Link, LinkError } from "@peerage/wire"
import { type Duration, Effect } from "effect"
import * as Arr from "effect/Array"
import * as NetAddress from "effect/net/NetAddress"
import { format } from "../codec/Frame.ts"
import { type Address, DistAddress, PeerList } from "../codec/Message.ts"
import * as Introduction from "./Introduction.ts"

/** The joiner's side, first half: waits for the dist address and dials it. Nothing is ever sent on the link. */
export const initiate = Effect.fnUntraced(function*(
  link: Link.Link,
  transport: Transport.Transport["Service"],
  options: { readonly dial: Options.DialOptions; readonly within: Duration.Input; readonly maxListBytes: number }
) {
  const { dist_addr } = yield* link.receive(DistAddress, options.within)
  // Quirk: an original names the address it was bound to, be it a wildcard or a name: it is where its auth address is.
  const [host] = Introduction.fromWire([dist_addr], NetAddress.formatHost(link.remote))
  if (host === undefined) return yield* new LinkError.MalformedMessage({ reason: "the dist address has no port" })
  const address = PeerAddress.toInet(host)
  return yield* Link.make(transport.dial(address, options.dial), { format, limit: options.maxListBytes }).pipe(
    Effect.mapError(Endpoint.unreachable(address))
  )
})

/** The joiner's side, second half: never succeeds, hands every list to `update`. */
export const receive = <E, R>(
  link: Link.Link,
  update: (peers: ReadonlyArray<PeerAddress.PeerAddress>) => Effect.Effect<void, E, R>
): Effect.Effect<never, LinkError.ReceiveError | E, R> =>
  Effect.forever(
    Effect.flatMap(link.receiveAll(PeerList), (lists) =>
      update(Introduction.fromWire(Arr.lastNonEmpty(lists).distro, NetAddress.formatHost(link.remote))))
  )

/** The host's side: tells the joiner where to dial. Lists are the `Distributor`'s, as they go to all alike. */
export const respond = (
  link: Link.Link,
  address: Address,
  within: Duration.Input
): Effect.Effect<void, LinkError.SendError> => link.send(DistAddress, { dist_addr: address }, within)
