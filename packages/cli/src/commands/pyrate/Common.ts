/** What the Pyrate commands share: the library's numbers, the addresses of both ends, folders. */
import { PyrateConfig } from "@peerage/pyrate"
import { PeerAddress } from "@peerage/transport"
import { type Duration, Effect, FileSystem, Path } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { addressOf } from "../../Addresses.ts"
import { ownAddressTowards } from "../../before/Invitation.ts"
import { tuning } from "../../before/Perform.ts"
import type { Reading } from "../../before/Usage.ts"
import { text, yes } from "../../Flags.ts"
import type { Given } from "../../Usage.ts"
import type { Address, Endpoint } from "../../Values.ts"

/** The flag for the bootstrap. */
export const bootstrap = text("bootstrap", {
  metavar: "HOST[:PORT]",
  description: "The bootstrap's address or name (port 21168 if none is given)"
})

/** What is said where there is none. */
export const noBootstrap = "--bootstrap is missing: who knows the peers, such as 192.0.2.1:21168"

/** The flag for where this machine is reached. */
export const listen = text("listen", {
  metavar: "HOST:PORT",
  description: "Where others reach you (default: this machine's address on its network, at a free port)"
})

/** The flag for the address that others are told. */
export const advertise = text("advertise", {
  metavar: "HOST",
  description: "The address at which others are told to reach you (default: the one you listen at)"
})

/** The flag for networks with originals in them. */
export const legacy = yes(
  "legacy",
  "Send no lists and searches to peers at the bootstrap's port, where originals are, which die of them"
)

/** What flags say in place of the environment. */
export interface Overrides {
  readonly expiry?: Duration.Duration | undefined
  readonly keepAlive?: Duration.Duration | undefined
  readonly rescan?: Duration.Duration | undefined
  readonly maxWorkers?: number | undefined
}

const eventBuffer = 65_536

/**
 * The numbers from the environment and the flags, but for the events that the library holds for the screen: here none
 * may be missed.
 */
export const tuned = Effect.fnUntraced(function*(command: string, overrides: Overrides = {}) {
  const numbers = yield* tuning(command, PyrateConfig.config)
  const config: PyrateConfig.PyrateConfig = {
    ...numbers,
    eventBuffer: numbers.eventBuffer === PyrateConfig.defaults.eventBuffer ? eventBuffer : numbers.eventBuffer,
    expiry: overrides.expiry ?? numbers.expiry,
    keepAlive: overrides.keepAlive ?? numbers.keepAlive,
    rescan: overrides.rescan ?? numbers.rescan,
    maxWorkers: overrides.maxWorkers ?? numbers.maxWorkers
  }
  return config
})

/** Somebody's address, with a name looked up. */
export const peerAt = (address: Address) =>
  Effect.map(
    addressOf(address, address.port),
    (text) => PeerAddress.at(text.slice(0, text.lastIndexOf(":")), address.port)
  )

/** How this machine is reached by a network. */
export interface Reached {
  readonly listen: Endpoint | undefined
  readonly advertise: string | undefined
}

/** Where to listen, and by which address others know this machine, in the network of a bootstrap. */
export const listening = ({ advertise, listen }: Reached, bootstrap: string) => {
  const own = ownAddressTowards(bootstrap)
  const { host, port = 0 } = listen ?? { host: own, port: undefined }
  const everywhere = host === NetAddress.formatIp(NetAddress.ipv4Unspecified)
  return { listen: `${host}:${port}`, advertise: advertise ?? (everywhere ? own : undefined) }
}

/** A folder that is there; a mistake otherwise. */
export const folder = Effect.fnUntraced(function*(given: Given | undefined, values: Reading) {
  if (given === undefined) return undefined
  const fs = yield* FileSystem.FileSystem
  const type = yield* Effect.orElseSucceed(Effect.map(fs.stat(given.text), (entry) => entry.type), () => undefined)
  if (type === "Directory") return given.text
  values.mistake(`${given.name} takes a folder that exists, not "${given.text}"`)
  return undefined
})

/** A file in a folder that is there; a mistake otherwise. */
export const fileIn = Effect.fnUntraced(function*(given: Given | undefined, values: Reading) {
  if (given === undefined) return undefined
  const path = yield* Path.Path
  const there = yield* (yield* FileSystem.FileSystem).exists(path.dirname(path.resolve(given.text))).pipe(
    Effect.orElseSucceed(() => false)
  )
  if (given.text !== "" && there) return given.text
  values.mistake(`${given.name} takes a file in a folder that exists, not "${given.text}"`)
  return undefined
})
