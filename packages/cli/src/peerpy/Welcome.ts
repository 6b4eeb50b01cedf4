/** What a listening peer says first: where it listens, and the command with which others connect. */
import type { PeerAddress } from "@peerage/transport"

/** What becomes of connections that others want. */
export type Offers = "accept" | "ask" | "deny"

const taken: { readonly [offers in Offers]: string } = {
  accept: "",
  ask: ", and asking you about each connection",
  deny: ", and turning everybody away"
}

/** The lines of it. `command` is how this command was called. */
export const lines = (command: string, self: PeerAddress.PeerAddress, offers: Offers): ReadonlyArray<string> => [
  `Listening at ${self}${taken[offers]}. Connect from another terminal:`,
  `  ${command} peerpy connect ${self}`,
  "Nothing here is encrypted, and nobody has to prove an address. /help lists the commands, /exit leaves."
]
