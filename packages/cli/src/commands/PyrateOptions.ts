/** What the Pyrate commands share: flags, and how this machine is reached. */
import { type Endpoint, remote } from "@peerage/console/Address"
import { fileName } from "@peerage/console/FileNames"
import { Effect } from "effect"
import { Argument } from "effect/cli"
import { listening, ownAddressTowards } from "../Addresses.ts"
import { argument, needed, text, yes } from "../Flags.ts"
import { invited } from "../secure/Invited.ts"
import { kind, required } from "../Usage.ts"
import { ipv4, local, whole } from "../Values.ts"

/** The argument for the name of a file that can be shared. */
export const fileArgument = (description: string) =>
  argument("NAME", description).pipe(Argument.map(required(fileName, "which file")))

/** The flags for taking part in a network. */
export const network = {
  bootstrap: needed(
    "bootstrap",
    kind("HOST[:PORT]", invited("pyrate", remote)),
    "The bootstrap's invitation, or its address or name (port 21168 if none is given)",
    "who knows the peers, such as 192.0.2.1:21168"
  ),
  listen: text(
    "listen",
    local,
    "Where others reach you (default: this machine's address that leads to the bootstrap, at a free port)"
  ),
  advertise: text(
    "advertise",
    ipv4,
    "The address at which others are told to reach you (default: the one you listen at, or that leads to the bootstrap)"
  )
}

/** The flag for a floor of speed. */
export const minSpeed = text(
  "min-speed",
  whole(0),
  "Give up a download that comes with fewer bytes a second in all (default: as slow as it may be)"
)

/** The flag for networks with originals in them. */
export const legacy = yes(
  "legacy",
  "Send no lists and searches to peers at the bootstrap's port, where originals are, which die of them"
)

/** Where to listen, and this machine's address for others, in the network of the bootstrap at an address. */
export const reached = Effect.fnUntraced(function*(
  bootstrap: string,
  { advertise, listen }: { readonly listen: Endpoint | undefined; readonly advertise: string | undefined }
) {
  return { bootstrap, listen: listening(listen ?? { host: yield* ownAddressTowards(bootstrap) }), advertise }
})
