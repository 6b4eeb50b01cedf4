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

/** Lists of these members. `inOrder` is called once at most, when a list is first asked for: few of them are. */
export const make = (inOrder: () => ReadonlyArray<Listed>): PeerLists => {
  let members: ReadonlyArray<Listed> | undefined
  let encoded: Map<PeerAddress.PeerAddress, Uint8Array> | undefined
  const all = () => members ??= inOrder()
  return {
    forMember: (seen) => {
      const lists = encoded ??= new Map()
      const list = lists.get(seen) ?? encode(seen, all())
      lists.set(seen, list)
      return list
    },
    forNewcomer: (seen, newcomer) => {
      const others = all().filter(({ peer }) => peer !== newcomer.peer)
      return encode(seen, [...others, { ...newcomer, entry: entryOf(toWire(newcomer.peer)) }])
    }
  }
}

/** The host, then these. */
const encode = (seen: PeerAddress.PeerAddress, listed: ReadonlyArray<Listed>): Uint8Array =>
  encodePeerList(
    [entryOf(toWire(seen)), ...listed.map(({ entry }) => entry)],
    listed.some(({ key }) => key !== undefined) ? [undefined, ...listed.map(({ key }) => key)] : []
  )
