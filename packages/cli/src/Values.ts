/** Readers of arguments: the value, or what it should have been. All pure. */
import { type Address, type Endpoint, endpoint, isIpv4, withPort } from "@peerage/console/Address"
import { mistakenAddress, unseenIn } from "@peerage/console/Mistaken"
import * as Numbers from "@peerage/console/Numbers"
import type { Reader } from "@peerage/console/Reader"
import * as Time from "@peerage/console/Time"
import * as PeerId from "@peerage/p2p-chat/PeerId"
import { Record, Result } from "effect"
import { enumerated } from "./room/Words.ts"
import { type Kind, kind } from "./Usage.ts"

/** A whole number in a range. */
export const whole = (least: number, most?: number): Kind<number> => kind("N", Numbers.whole(least, most))

/** A port that can be dialed. */
export const port = kind("N", Numbers.port)

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

const localPort: Reader<number> = (text) => Result.mapError(whole(0, 65_535)(text), () => "a port from 0 to 65535")

/** A port to listen at; 0 is a free one of the system's choice. Brackets: it need not be given. */
export const consolePort = kind("[PORT]", localPort)

/** An IPv4 address of this machine, with a port or not; port 0 is a free one of the system's choice. */
export const local = kind(
  "HOST:PORT",
  endpoint(isIpv4, localPort, "an IPv4 address with or without a port, such as 0.0.0.0:4702")
)

const dialable: Reader<Endpoint> = endpoint(
  (host) => isIpv4(host) && host !== "0.0.0.0",
  port,
  "an IPv4 address with or without a port, such as 192.0.2.1:50000"
)

/** An IPv4 address that others dial, with a port or not, as text. */
export const advertised: Reader<string> = (text) => Result.map(dialable(text), () => text)

/** An IPv4 address of this machine and a port; port 0 is a free one of the system's choice. */
export const localAddress: Reader<Address> = withPort(
  isIpv4,
  localPort,
  "an IPv4 address and a port, such as 0.0.0.0:5000 (port 0 is a free one)"
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

/** A length of time: `90s`, `10m`, `1h30m`, `2 hours`. */
export const duration = kind("DURATION", Time.duration)

const aliasLength = 64

/** A name to go by. */
export const alias = kind("NAME", (text) => {
  const problem = unseenIn(text)
  if (problem !== undefined) return Result.fail(`a name without ${problem}`)
  return text.trim() !== "" && text.length <= aliasLength
    ? Result.succeed(text.trim())
    : Result.fail(`a name of 1 to ${aliasLength} characters`)
})

/** The names of levels, and Effect's names for them. */
const levels = { DEBUG: "Debug", INFO: "Info", WARNING: "Warn", ERROR: "Error", CRITICAL: "Fatal" } as const
const levelName = oneOf(...Record.keys(levels))

/** The level from which on log lines are written. */
export type Level = typeof levels[keyof typeof levels]

/** A level of the log, in any case. */
export const level = kind(levelName.metavar, (text) => Result.map(levelName(text), (name): Level => levels[name]))
