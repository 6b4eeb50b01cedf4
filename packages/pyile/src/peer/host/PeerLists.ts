/** The lists of peers as the host sends them, as text that is made once for all who get the same. */
import type { PeerKey } from "@peerage/transport"
import type * as PeerAddress from "@peerage/transport/PeerAddress"
import { appendToPeerList, encodePeerList, entryOf } from "../../codec/Message.ts"
import { toWire } from "../../exchange/Introduction.ts"

/** The lists of one moment. */
export interface PeerLists {
  /** For a member that knows the host as `seen`: the host, then the members as they came. */
  readonly forMember: (seen: PeerAddress.PeerAddress) => Uint8Array
  /** For a peer that is about to join: the same, with the newcomer at the end and nowhere else. */
  readonly forNewcomer: (seen: PeerAddress.PeerAddress, newcomer: Listed) => Uint8Array
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

/** The members as lists have them. */
interface Listing {
  readonly members: ReadonlyArray<Listed>
  /** Their entries, as text. */
  readonly entries: string
  readonly keyed: boolean
}

const listing = (members: ReadonlyArray<Listed>): Listing => ({
  members,
  entries: members.map(({ entry }) => entry).join(", "),
  keyed: members.some(({ key }) => key !== undefined)
})

/** Lists of these members. `inOrder` is called once at most, when a list is first asked for: few of them are. */
export const make = (inOrder: () => ReadonlyArray<Listed>): PeerLists => {
  let listed: Listing | undefined
  let encoded: Map<PeerAddress.PeerAddress, Uint8Array> | undefined
  const all = () => listed ??= listing(inOrder())
  const forMember = (seen: PeerAddress.PeerAddress) => {
    const lists = encoded ??= new Map()
    const list = lists.get(seen) ?? encode(seen, all())
    lists.set(seen, list)
    return list
  }
  return {
    forMember,
    forNewcomer: (seen, newcomer) => {
      const { keyed, members } = all()
      const isListed = members.some(({ peer }) => peer === newcomer.peer)
      if (!isListed && !keyed && newcomer.key === undefined) {
        return appendToPeerList(forMember(seen), newcomer.entry)
      }
      const others = members.filter(({ peer }) => peer !== newcomer.peer)
      return encode(seen, listing([...others, newcomer]))
    }
  }
}

/** The host, then these. */
const encode = (seen: PeerAddress.PeerAddress, { entries, keyed, members }: Listing): Uint8Array =>
  encodePeerList(
    [entryFor(seen), ...(entries === "" ? [] : [entries])],
    keyed ? [undefined, ...members.map(({ key }) => key)] : []
  )

/** A peer as a list has it. */
export const entryFor = (peer: PeerAddress.PeerAddress): string => entryOf(toWire(peer))
