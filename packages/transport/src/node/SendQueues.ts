/**
 * How many bytes of each connection the system holds that the peer has not acknowledged.
 *
 * Node counts what it has handed to the system, which may hold megabytes: a slow peer then seems to take nothing for
 * minutes. Linux lists its queues in `/proc/net/tcp`, one line a connection. Elsewhere the system's share is unknown, and
 * counts as taken.
 */
import type * as Clock from "effect/Clock"
import * as NetAddress from "effect/net/NetAddress"
import * as Fs from "node:fs"
import type { Ends } from "./NodePipe.ts"

/** The bytes of the connection with these ends. */
export type SendQueues = (ends: Ends) => number

/** So long one look is good for all connections, in milliseconds: with thousands of them a look takes some of these. */
const freshFor = 100

const tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"]

/** `sl local remote state queued:unread`, of those connections that have something queued. */
const line = /: ([\dA-F]+:[\dA-F]{4}) ([\dA-F]+:[\dA-F]{4}) [\dA-F]{2} (?!0{8})([\dA-F]{8}):/g

// Of an IPv4 address in a table of IPv6 ones.
const mapped = /^0{16}FFFF0{4}/

const look = (): ReadonlyMap<string, number> => {
  const queues = new Map<string, number>()
  for (const table of tables) {
    for (const [, local = "", remote = "", bytes = ""] of read(table).matchAll(line)) {
      queues.set(`${local.replace(mapped, "")} ${remote.replace(mapped, "")}`, Number.parseInt(bytes, 16))
    }
  }
  return queues
}

const read = (path: string): string => {
  try {
    return Fs.readFileSync(path, "latin1")
  } catch {
    return ""
  }
}

/** An address as the tables have it: words of four octets, which most machines keep in reverse, and the port. */
const printed = ({ address, port }: NetAddress.InetAddress): string => {
  const octets = NetAddress.isIpv4Address(address) ? NetAddress.ipv4ToOctets(address) : NetAddress.ipv6ToOctets(address)
  const words: Array<string> = []
  for (let at = 0; at < octets.length; at += 4) {
    words.push(...octets.slice(at, at + 4).reverse().map((octet) => hex(2, octet)))
  }
  return `${words.join("")}:${hex(4, port)}`
}

const hex = (digits: number, value: number): string => value.toString(16).toUpperCase().padStart(digits, "0")

/** Looks at most ten times a second of the clock. */
export const make = (clock: Clock.Clock): SendQueues => {
  let queues: ReadonlyMap<string, number> = new Map()
  let lookedAt = -Infinity
  return ({ local, remote }) => {
    const now = clock.currentTimeMillisUnsafe()
    if (Math.abs(now - lookedAt) >= freshFor) {
      queues = look()
      lookedAt = now
    }
    return queues.get(`${printed(local)} ${printed(remote)}`) ?? 0
  }
}
