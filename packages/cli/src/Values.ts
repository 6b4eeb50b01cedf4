/** Readers of arguments: the value, or what it should have been. All pure. */
import * as PeerId from "@peerage/p2p-chat/PeerId"
import * as FileName from "@peerage/pyrate/FileName"
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Duration, Record, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { mistakenAddress, unseenIn } from "./Mistaken.ts"
import { enumerated } from "./room/Words.ts"
import { type Kind, kind, type Reader } from "./Usage.ts"

const digits = /^\d+$/

/** A whole number in a range. */
export const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Kind<number> =>
  kind("N", (text) => {
    const value = Number(text)
    if (digits.test(text) && value >= least && value <= most) return Result.succeed(value)
    // A bound that nobody comes near is not worth a word otherwise.
    const isBounded = most < Number.MAX_SAFE_INTEGER || value > most
    return Result.fail(isBounded ? `a whole number from ${least} to ${most}` : `a whole number from ${least}`)
  })

/** A port that can be dialed. */
export const port = kind("N", (text) => Result.mapError(whole(1, 65_535)(text), () => "a port from 1 to 65535"))

const isIpv4 = (text: string): boolean => Result.isSuccess(NetAddress.ipv4FromString(text))

/** An IPv4 address without a port. */
export const ipv4 = kind("HOST", (text) =>
  isIpv4(text)
    ? Result.succeed(text)
    : Result.fail(mistakenAddress(text, "an IPv4 address") ?? "an IPv4 address such as 192.0.2.1"))

/** IPv4 addresses without ports. */
export const ipv4s = kind("HOST[,HOST]", (text): Result.Result<ReadonlyArray<string>, string> =>
  Result.mapError(
    Result.all(text.split(",").map((one) => ipv4(one.trim()))),
    () => "IPv4 addresses with commas between them, such as 192.0.2.1,192.0.2.2"
  ))

/** A host and perhaps a port. */
export interface Endpoint {
  readonly host: string
  readonly port?: number | undefined
  /** The key that has to answer there, where an invitation says it. */
  readonly key?: PeerKey | undefined
}

const name = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i
const numeric = /^[\d.]+$/
const isHost = (host: string) => isIpv4(host) || (name.test(host) && !numeric.test(host))

const endpoint =
  (isHost: (host: string) => boolean, readPort: Reader<number>, wanted: string): Reader<Endpoint> => (text) => {
    const colon = text.lastIndexOf(":")
    const host = colon === -1 ? text : text.slice(0, colon)
    const port = colon === -1 ? Result.succeed(undefined) : readPort(text.slice(colon + 1))
    if (!isHost(host)) return Result.fail(mistakenAddress(text, "an address") ?? wanted)
    return Result.map(
      Result.mapError(port, (wanted) => mistakenAddress(text, "an address") ?? `${wanted} after the colon`),
      (port) => ({ host, port })
    )
  }

const localPort: Reader<number> = (text) => Result.mapError(whole(0, 65_535)(text), () => "a port from 0 to 65535")

/** An IPv4 address of this machine, with a port or not; port 0 is a free one of the system's choice. */
export const local = kind(
  "HOST:PORT",
  endpoint(isIpv4, localPort, "an IPv4 address with or without a port, such as 0.0.0.0:4702")
)

/** Another host's address: IPv4 or a name to look up, with a port or not. */
export const remote: Reader<Endpoint> = endpoint(
  isHost,
  port,
  "an IPv4 address or a name, with or without a port, such as 192.0.2.1:4702"
)

const dialable: Reader<Endpoint> = endpoint(
  (host) => isIpv4(host) && host !== "0.0.0.0",
  port,
  "an IPv4 address with or without a port, such as 192.0.2.1:50000"
)

/** An IPv4 address that others dial, with a port or not, as text. */
export const advertised: Reader<string> = (text) => Result.map(dialable(text), () => text)

/** A host and its port. */
export interface Address extends Endpoint {
  readonly port: number
}

const withPort =
  (isHost: (host: string) => boolean, readPort: Reader<number>, wanted: string): Reader<Address> => (text) =>
    Result.flatMap(
      endpoint(isHost, readPort, wanted)(text),
      ({ host, port }) => port === undefined ? Result.fail(wanted) : Result.succeed({ host, port })
    )

/** An IPv4 address of this machine and a port; port 0 is a free one of the system's choice. */
export const localAddress: Reader<Address> = withPort(
  isIpv4,
  localPort,
  "an IPv4 address and a port, such as 0.0.0.0:5000 (port 0 is a free one)"
)

/** Another host's address, IPv4 or a name to look up, and its port. */
export const remoteAddress: Reader<Address> = withPort(
  isHost,
  port,
  "an IPv4 address or a name, and a port from 1 to 65535, such as 192.0.2.1:5000"
)

/** One of several words, in any case. */
export const oneOf = <Word extends string>(...words: ReadonlyArray<Word>): Kind<Word> =>
  kind(words.join("|"), (text) => {
    const found = words.find((word) => word.toLowerCase() === text.toLowerCase())
    return found === undefined ? Result.fail(enumerated(words, "or")) : Result.succeed(found)
  })

const booleans = [["true", "yes", "on", "1", "y"], ["false", "no", "off", "0", "n"]] as const

/** Whether a flag without a value is given, as the environment says it. */
export const yesOrNo = kind("true|false", (text) => {
  const said = booleans.findIndex((words) => words.some((word) => word === text.toLowerCase()))
  return said === -1 ? Result.fail("true or false") : Result.succeed(said === 0)
})

/** The id of a peer. */
export const peerId = kind("N", (text) => {
  const id = PeerId.parse(text)
  return id === undefined ? Result.fail("a whole number from 1 to 9223372036854775807") : Result.succeed(id)
})

const units = new Map([["ms", 1], ["s", 1000], ["m", 60_000], ["h", 3_600_000], ["d", 86_400_000], ["w", 604_800_000]])
const abbreviations = new Map(Object.entries(
  { millisecond: "ms", second: "s", sec: "s", minute: "m", min: "m", hour: "h", day: "d", week: "w" }
))
const millisIn = (unit: string): number =>
  units.get(unit) ?? units.get(abbreviations.get(unit.replace(/s$/, "")) ?? "") ?? NaN

// Dates end there, and a ban of that length is one for ever.
const longest = 8.64e15 / 2

/** What a length of time should have been. */
const wantedTime = (text: string, millis: number): string => {
  const examples = "such as 90s, 10m or 1h30m"
  if (/^-?[\d.]+$/.test(text)) return `a length of time with its unit, ${examples}`
  if (text.startsWith("-") || millis < 1) return `a length of time of at least 1ms, ${examples}`
  return millis > longest ? `a length of time up to ${longest / millisIn("d")}d` : `a length of time ${examples}`
}

/** A length of time: `90s`, `10m`, `1h30m`, `2 hours`. */
export const duration = kind("DURATION", (text) => {
  const given = text.trim().toLowerCase()
  const parts = given.match(/\d+(?:\.\d+)?\s*[a-z]+\s*/gy) ?? []
  const sum = parts.reduce((sum, part) => sum + parseFloat(part) * millisIn(part.replace(/[^a-z]/g, "")), 0)
  const millis = parts.length > 0 && parts.join("") === given ? sum : NaN
  return millis >= 1 && millis <= longest
    ? Result.succeed(Duration.millis(Math.round(millis)))
    : Result.fail(wantedTime(given, millis))
})

const aliasLength = 64

/** A name to go by. */
export const alias = kind("NAME", (text) => {
  const problem = unseenIn(text)
  if (problem !== undefined) return Result.fail(`a name without ${problem}`)
  return text.trim() !== "" && text.length <= aliasLength
    ? Result.succeed(text.trim())
    : Result.fail(`a name of 1 to ${aliasLength} characters`)
})

/** The name of a file that can be shared. */
export const fileName: Reader<FileName.FileName> = (text) => {
  const name = FileName.parse(text)
  if (name !== undefined) return Result.succeed(name)
  // Names may have the two joiners, as Persian is written with them.
  const problem = unseenIn(text.replace(/[\u200C\u200D]/g, ""))
  return Result.fail(
    problem !== undefined
      ? `a file name without ${problem}`
      : "a plain file name, without separators, colons, dots or blanks at its ends, or a name that Windows keeps for itself"
  )
}

/** The names of levels, and Effect's names for them. */
const levels = { DEBUG: "Debug", INFO: "Info", WARNING: "Warn", ERROR: "Error", CRITICAL: "Fatal" } as const
const levelName = oneOf(...Record.keys(levels))

/** The level from which on log lines are written. */
export type Level = typeof levels[keyof typeof levels]

/** A level of the log, in any case. */
export const level = kind(levelName.metavar, (text) => Result.map(levelName(text), (name): Level => levels[name]))
