/** What the PeerPy commands share: the library's numbers, and where a peer listens. */
import { Discovery, type Peer, PeerPyConfig } from "@peerage/peerpy"
import { Config, type Duration, Effect, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { ownAddress } from "../../before/Invitation.ts"
import { tuning } from "../../before/Perform.ts"
import { text } from "../../Flags.ts"
import type { Endpoint } from "../../Values.ts"

/** The flag for patience. */
export const timeout = text("timeout", {
  metavar: "DURATION",
  description: "How long an answer is waited for, and after which silence a connection is probed (default 2s)"
})

const Port = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }))

const settings = Config.all({
  numbers: PeerPyConfig.config,
  /** UDP port of the discovery; all who are to find one another have the same. */
  discoveryPort: Config.schema(Port, "DISCOVERY_PORT").pipe(
    Config.withDefault(Discovery.defaultPort),
    Config.nested("PEERPY")
  )
})

const eventBuffer = 65_536

/** What flags say in place of the environment. */
export interface Overrides {
  readonly timeout?: Duration.Duration | undefined
  readonly maxConnections?: number | undefined
  readonly discoverFor?: Duration.Duration | undefined
}

/**
 * The numbers from the environment and the flags, but for the events that the library holds for the screen: one read
 * from a socket can be thousands of payloads, and here none may be missed.
 */
export const tuned = Effect.fnUntraced(function*(command: string, overrides: Overrides = {}) {
  const { discoveryPort, numbers } = yield* tuning(command, settings)
  const given = numbers.eventBuffer === PeerPyConfig.defaults.eventBuffer ? eventBuffer : numbers.eventBuffer
  const config: PeerPyConfig.PeerPyConfig = {
    ...numbers,
    eventBuffer: given,
    timeout: overrides.timeout ?? numbers.timeout,
    maxConnections: overrides.maxConnections ?? numbers.maxConnections,
    discoverFor: overrides.discoverFor ?? numbers.discoverFor
  }
  return { config, discoveryPort }
})

/** Where a peer listens, and by which address others know it: where it listens everywhere, this machine's. */
export const listening = (
  given: Endpoint | undefined,
  otherwise: string
): Pick<Peer.PeerOptions, "listen" | "advertise" | "waitForOriginals"> => {
  const { host, port = 0 } = given ?? { host: otherwise, port: undefined }
  return {
    listen: `${host}:${port}`,
    advertise: host === NetAddress.formatIp(NetAddress.ipv4Unspecified) ? ownAddress() : undefined,
    // The process ends with the command.
    waitForOriginals: true
  }
}
