/** What the Pyrate commands share: flags, the library's numbers, and how this machine is reached. */
import { FileName, PyrateConfig } from "@peerage/pyrate"
import { Effect, FileSystem, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { ownAddressTowards } from "../Addresses.ts"
import { argument, text, yes } from "../Flags.ts"
import { type Given, optional, type Reader, required } from "../Usage.ts"
import * as Values from "../Values.ts"
import { type Overrides, tuned } from "./Common.ts"

/** The numbers of the library, with those of flags in their place. */
export const options = (command: string, overrides?: Overrides<PyrateConfig.PyrateConfig>) =>
  tuned(command, PyrateConfig, overrides)

/** The argument for another peer. */
export const peer = argument("HOST:PORT", "The peer's address or name, and its port")

/** The flags for taking part in a network. */
export const network = {
  bootstrap: text("bootstrap", "HOST[:PORT]", "The bootstrap's address or name (port 21168 if none is given)"),
  listen: text(
    "listen",
    "HOST:PORT",
    "Where others reach you (default: this machine's address on its network, at a free port)"
  ),
  advertise: text(
    "advertise",
    "HOST",
    "The address at which others are told to reach you (default: the one you listen at)"
  )
}

/** The flag for networks with originals in them. */
export const legacy = yes(
  "legacy",
  "Send no lists and searches to peers at the bootstrap's port, where originals are, which die of them"
)

/** Reads the flags for taking part in a network. */
export const networkChecks = (
  { advertise, bootstrap, listen }: { readonly [flag in keyof typeof network]: Given }
) => ({
  bootstrap: required(bootstrap, Values.remote, "who knows the peers, such as 192.0.2.1:21168"),
  listen: optional(listen, Values.local),
  advertise: optional(advertise, Values.ipv4)
})

/** Where to listen, and this machine's address for others, in the network of the bootstrap at an address. */
export const listening = (
  bootstrap: string,
  { advertise, listen }: { readonly listen: Values.Endpoint | undefined; readonly advertise: string | undefined }
) => {
  const own = ownAddressTowards(bootstrap)
  const { host, port = 0 } = listen ?? { host: own, port: undefined }
  const everywhere = host === NetAddress.formatIp(NetAddress.ipv4Unspecified)
  return { bootstrap, listen: `${host}:${port}`, advertise: advertise ?? (everywhere ? own : undefined) }
}

/** The name of a file that can be shared. */
export const fileName: Reader<FileName.FileName> = (text) => {
  const name = FileName.parse(text)
  return name === undefined
    ? Result.fail("a plain file name, without separators, colons, control characters or dots in front")
    : Result.succeed(name)
}

/** Looks whether the given folder exists, and gives the reader that says so. */
export const folder = Effect.fnUntraced(function*(given: Given) {
  const stat = (yield* FileSystem.FileSystem).stat(given.text ?? "")
  const exists = yield* Effect.match(stat, { onSuccess: ({ type }) => type === "Directory", onFailure: () => false })
  return (text: string) => exists ? Result.succeed(text) : Result.fail("a folder that exists")
})
