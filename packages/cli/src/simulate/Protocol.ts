/** What a simulation needs of a protocol: how a host takes part, what its events mean, and whom it knows. */
import type { Host } from "@peerage/simulate"
import type { Effect, Stream } from "effect"
import type { Tagged } from "../room/Command.ts"
import type { Deed } from "./ScenarioFile.ts"

/** What happened at a host, in the past tense: `lost`, `14`, `: it stopped answering`. */
export interface Told {
  readonly did: string
  /** The host to which it happened, by its name. */
  readonly whom?: string | undefined
  readonly after?: string | undefined
}

/** An event as programs have it, and what people are told of it; `undefined` for nothing. */
export interface Heard {
  readonly event: Tagged
  readonly told?: Told | undefined
}

/** A host that is to take part. */
export interface Setting {
  readonly name: string
  readonly hosts: ReadonlyArray<string>
  /** The IP address of a host. */
  readonly addressOf: (name: string) => string
  /** The name of the host at an address, with a port or not. */
  readonly nameOf: (address: string) => string
  /** True where it does not know the password. */
  readonly guesses: boolean
  /** Notes something that no event of the library says. */
  readonly note: (heard: Heard) => Effect.Effect<void>
}

/** Why a deed cannot be done, for the end of a sentence. */
export interface Hindrance {
  readonly reason: string
}

/** A peer that takes part, while the scope of its host is open. */
export interface Peer {
  /** The other hosts that it knows, by name, now and after each change. */
  readonly knows: Stream.Stream<ReadonlyArray<string>>
  readonly events: Stream.Stream<Heard>
  /** Does something; only what the protocol can do is asked. */
  readonly act: (deed: Deed) => Effect.Effect<unknown, Hindrance>
}

/** Why a host cannot take part: an error of a library. */
export interface Unable extends Tagged {
  readonly message: string
}

/** One protocol. */
export interface Protocol {
  readonly start: (setting: Setting) => Effect.Effect<Peer, Unable, Host.Services>
}

/** The address of a host in the simulated network. */
export const addressOf = (name: string): string => `10.0.${Number(name) >> 8}.${Number(name) & 255}`

/** The name of the host at an address, with a port or not; another text as it is. */
export const nameOf = (address: string): string => {
  const [, high, low] = /^10\.0\.(\d+)\.(\d+)(:\d+)?$/.exec(address) ?? []
  return high === undefined ? address : String(Number(high) * 256 + Number(low))
}
