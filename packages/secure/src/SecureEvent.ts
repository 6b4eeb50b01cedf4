/** What happens between the peers of a secure transport, for applications. Nothing secret is in it. */
import type { PeerKey } from "@peerage/transport/PeerKey"
import type * as SocketFailure from "@peerage/transport/SocketFailure"
import { Data } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { Reason } from "./SecureError.ts"

/** One event. `remote` is the carrier's address. */
export type SecureEvent = Data.TaggedEnum<{
  /** A session is open, which this end `initiated` where it dialed: then `remote` is where the peer listens. */
  Admitted: {
    readonly key: PeerKey
    readonly remote: NetAddress.InetAddress
    readonly by: "Passphrase" | "Key"
    readonly initiated: boolean
  }
  /** There is no session with the peer at `remote`, whose key is known unless it went before that. */
  Refused: {
    readonly reason: Reason["_tag"]
    readonly remote: NetAddress.InetAddress
    readonly key?: PeerKey | undefined
  }
  /** A session that was open is over. */
  Ended: { readonly key: PeerKey; readonly remote: NetAddress.InetAddress; readonly reason: EndReason }
}>

/** How a session ended: politely, by `Sessions.drop`, by what the peer did, or with its carrier. */
export type EndReason = "Closed" | "Dropped" | Reason["_tag"] | SocketFailure.Errno

/** Constructors of the events, and `$match`. */
export const { $is, $match, Admitted, Ended, Refused } = Data.taggedEnum<SecureEvent>()
