/** The lists of peers as the host sends them, as text that is made once for all who get the same. */
import type { PeerKey } from "@peerage/transport"
import type * as PeerAddress from "@peerage/transport/PeerAddress"
import { encodePeerList, entryOf } from "../../codec/Message.ts"
import { toWire } from "../../exchange/Introduction.ts"

/** The lists of one moment. */
export interface PeerLists {
  /** For a member that knows the host as `seen`: the host, then the members as they came. */
  readonly forMember: (seen: PeerAddress.PeerAddress) => Uint8Array
  /** For a peer that is about to join: the same, with the newcomer at the end and nowhere else. */
  readonly forNewcomer: (seen: PeerAddress.PeerAddress, newcomer: Keyed) => Uint8Array
}

/** A peer, and on a transport with keys its key. */
export interface Keyed {
  readonly peer: PeerAddress.PeerAddress
  readonly key: PeerKey.PeerKey | undefined
}

/** A member's entry in lists, as text. */
export interface Listed extends Keyed {
  readonly entry: string
}

/** Lists of these members. `inOrder` is called once at most, when a list is first asked for. */
export const make = (inOrder: () => ReadonlyArray<Listed>): PeerLists => {
  const encoded = new Map<PeerAddress.PeerAddress, Uint8Array>()
  let members: ReadonlyArray<Listed> | undefined
  const all = () => members ??= inOrder()
  const encode = (seen: PeerAddress.PeerAddress, members: ReadonlyArray<Listed>) =>
    encodePeerList(
      [entryOf(toWire(seen)), ...members.map(({ entry }) => entry)],
      members.some(({ key }) => key !== undefined) ? [undefined, ...members.map(({ key }) => key)] : []
    )
  return {
    forMember: (seen) => {
      const list = encoded.get(seen) ?? encode(seen, all())
      encoded.set(seen, list)
      return list
    },
    forNewcomer: (seen, newcomer) => {
      const others = all().filter(({ peer }) => peer !== newcomer.peer)
      return encode(seen, [...others, { ...newcomer, entry: entryOf(toWire(newcomer.peer)) }])
    }
  }
}
