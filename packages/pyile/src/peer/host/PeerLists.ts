/** The lists of peers as the host sends them, as text that is made once for all who get the same. */
import type * as PeerAddress from "@peerage/transport/PeerAddress"
import { encodePeerList, entryOf } from "../../codec/Message.ts"
import { toWire } from "../../exchange/Introduction.ts"

/** The lists of one moment. */
export interface PeerLists {
  /** For a member that knows the host as `seen`: the host, then the members as they came. */
  readonly forMember: (seen: PeerAddress.PeerAddress) => Uint8Array
  /** For a peer that is about to join: the same, with the newcomer at the end and nowhere else. */
  readonly forNewcomer: (seen: PeerAddress.PeerAddress, newcomer: PeerAddress.PeerAddress) => Uint8Array
}

/** A member's entry in lists, as text. */
export interface Listed {
  readonly peer: PeerAddress.PeerAddress
  readonly entry: string
}

/** Lists of these members. `inOrder` is called once at most, when a list is first asked for. */
export const make = (inOrder: () => ReadonlyArray<Listed>): PeerLists => {
  const encoded = new Map<PeerAddress.PeerAddress, Uint8Array>()
  let members: ReadonlyArray<Listed> | undefined
  const all = () => members ??= inOrder()
  const encode = (seen: PeerAddress.PeerAddress, entries: ReadonlyArray<string>) =>
    encodePeerList([entryOf(toWire(seen)), ...entries])
  return {
    forMember: (seen) => {
      const list = encoded.get(seen) ?? encode(seen, all().map(({ entry }) => entry))
      encoded.set(seen, list)
      return list
    },
    forNewcomer: (seen, newcomer) => {
      const others = all().filter(({ peer }) => peer !== newcomer).map(({ entry }) => entry)
      return encode(seen, [...others, entryOf(toWire(newcomer))])
    }
  }
}
