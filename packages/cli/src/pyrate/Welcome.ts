/** What a bootstrap and a peer say first: where they are, and the commands with which others come. */
import type { PeerAddress } from "@peerage/transport"
import * as NetAddress from "effect/net/NetAddress"
import { hostFor } from "../before/Invitation.ts"
import { printable } from "../Printable.ts"
import { counted } from "./Happening.ts"

/** The lines of a bootstrap. `command` is how this command was called. */
export const bootstrap = (command: string, address: NetAddress.InetAddress): ReadonlyArray<string> => [
  `Listening at ${NetAddress.formatInet(address)}. Share a folder from another terminal:`,
  `  ${command} pyrate share FOLDER --bootstrap ${hostFor(address)}:${address.port}`,
  "Nobody has to prove anything to be listed. /help lists the commands, /exit leaves."
]

/** What is shared, and where. */
export interface Offer {
  readonly self: PeerAddress.PeerAddress
  readonly directory: string
  readonly files: number
}

/** The lines of a peer. */
export const sharer = (command: string, { directory, files, self }: Offer): ReadonlyArray<string> => [
  `Sharing ${counted(files, "file")} of ${printable(directory)} at ${self}. See them from another terminal:`,
  `  ${command} pyrate list ${self}`,
  "Nothing here is encrypted: whoever reaches this machine can fetch them. /help lists the commands, /exit leaves."
]
