/** What a peer says first: where it listens, its id, and the command with which others join. */
import type { PeerId } from "@peerage/p2p-chat"
import * as NetAddress from "effect/net/NetAddress"
import { hostFor } from "../room/Invitation.ts"

/** A peer to join. */
export interface Joinable {
  readonly self: PeerId.PeerId
  readonly address: NetAddress.InetAddress
}

/** The lines of it. `command` is how this command was called. */
export const lines = (command: string, { address, self }: Joinable): ReadonlyArray<string> => {
  const host = hostFor(address)
  // Whoever joins over the loopback has no need to listen elsewhere.
  const theirs = NetAddress.isLoopback(address.address) ? host : "0.0.0.0"
  return [
    `Listening at ${NetAddress.formatInet(address)} as ${self}. Join from another terminal:`,
    `  ${command} chat ${theirs}:0 ${host}:${address.port}`,
    "Nothing here is encrypted, and nobody has to prove an id. /help lists the commands, /exit leaves."
  ]
}
