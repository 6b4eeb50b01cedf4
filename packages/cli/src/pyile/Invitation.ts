/** What a host says first: where it listens, the passphrase it made up, and the command with which others join. */
import * as NetAddress from "effect/net/NetAddress"
import { hostFor } from "../before/Invitation.ts"

/** A host to join. */
export interface Invitation {
  readonly address: NetAddress.InetAddress
  readonly advertise: string | undefined
  /** A passphrase that was made up, to be shown; one that was given is known already. */
  readonly passphrase: string | undefined
}

/** The lines of it. */
export const lines = (
  command: string,
  { address, advertise, passphrase }: Invitation
): ReadonlyArray<string> => {
  const host = advertise ?? hostFor(address)
  return [
    `Listening at ${NetAddress.formatInet(address)}. Join from another terminal:`,
    `  ${command} pyile join ${host}:${address.port}${passphrase === undefined ? "" : ` --password ${passphrase}`}`,
    ...(passphrase === undefined ? [] : [`The passphrase, shown this once: ${passphrase}`]),
    "Nothing here is encrypted, neither the password nor what is said. /help lists the commands, /exit leaves."
  ]
}
