/**
 * What a packet says, in a few words: its text, where the protocol has some. Content is cut off after some bytes, so
 * nothing here needs a whole message. Pure.
 */
import { printable } from "@peerage/console/Printable"
import type { Trace } from "@peerage/transport"
import type { ProtocolName } from "../ScenarioFile.ts"

/** What a packet is for. */
export type Kind = "message" | "heartbeat" | "open" | "close" | "reset" | "datagram"

/** What a packet is for, and what it says. */
export interface Gist {
  readonly kind: Kind
  readonly gist: string
}

const text = new TextDecoder()
const longest = 60

const quoted = (said: string): string => `“${said}”`

/** The first group of the first pattern that a text has. */
const found = (said: string, ...patterns: ReadonlyArray<RegExp>): string | undefined => {
  for (const pattern of patterns) {
    const [, group] = pattern.exec(said) ?? []
    if (group !== undefined) return group
  }
  return undefined
}

const message = (gist: string): Gist => ({ kind: "message", gist })
const heartbeat: Gist = { kind: "heartbeat", gist: "♥" }

const hosts = (said: string) => `${said.match(/\d+\.\d+\.\d+\.\d+/g)?.length ?? 0}`

const pyile = (said: string): Gist => {
  if (said.startsWith("{\"<3\"")) return heartbeat
  const data = found(said, /"data": ?"((?:[^"\\]|\\.)*)/)
  if (data !== undefined) return message(quoted(data))
  if (said.startsWith("{\"shadow\"")) return message("password")
  if (said.startsWith("{\"authenticated\": true")) return message("welcome")
  if (said.startsWith("{\"authenticated\": false")) return message("wrong password")
  if (said.startsWith("{\"banned\": true")) return message("banned")
  if (said.startsWith("{\"banned\"")) return message("not banned")
  if (said.startsWith("{\"distro\"")) return message("list of members")
  if (said.startsWith("{\"peer_address\"") || said.startsWith("{\"dist_addr\"")) return message("address")
  return message(said)
}

/** Reads a number as protobuf writes it. Gives it with the place behind it. */
const varint = (bytes: Uint8Array, at: number): readonly [value: number, next: number] => {
  const byte = bytes[at] ?? 0
  if (byte < 128) return [byte, at + 1]
  const [rest, next] = varint(bytes, at + 1)
  return [byte - 128 + rest * 128, next]
}

/** The text of a message, whose other fields are numbers. */
const chatText = (bytes: Uint8Array): string => {
  let [, at] = varint(bytes, 7)
  while (bytes[at] === 0x08 || bytes[at] === 0x10) at = varint(bytes, at + 1)[1]
  const [length, start] = varint(bytes, at + 1)
  return text.decode(bytes.subarray(start, start + length))
}

/** By the type of the first message, and of an announcement by its first field: that of a join is a zero, left out. */
const chat = (said: string, bytes: Uint8Array): Gist => {
  const [tag, type, , , field] = bytes.subarray(4)
  if (tag !== 8) return message(said)
  if (type === 1) return message(quoted(chatText(bytes)))
  if (type === 2) return message(field === 8 ? "leaves" : "joins")
  return message(type === 3 ? "my id" : "welcome")
}

const peerpy = (said: string): Gist => {
  const word = found(said, /^([A-Z]+)\|/) ?? ""
  const value = word === "DATA" ? found(said, /\|+([^|]+)$/) : undefined
  if (word === "DATA") return message(value === undefined ? "data" : quoted(value))
  return message(word === "" ? said : word.toLowerCase())
}

const pyrateSignals: { readonly [digit: string]: string } = {
  "0": "register",
  "1": "who is there?",
  "2": "unregister",
  "3": "still here",
  "4": "get",
  "5": "which files?",
  "6": "search for",
  "7": "found"
}

const pyrate = (said: string): Gist => {
  const signal = found(said, /^(\d):/)
  if (signal !== undefined) {
    const name = found(said, /:([^:]+\.txt)/)
    const word = pyrateSignals[signal] ?? said
    return signal === "3" ? { kind: "heartbeat", gist: word } : message(name === undefined ? word : `${word} ${name}`)
  }
  return message(/^10\.0\.\d/.test(said) ? `${hosts(said)} peers` : "part of a file")
}

const gists: { readonly [name in ProtocolName]: (said: string, bytes: Uint8Array) => Gist } = {
  pyile,
  "p2p-chat": chat,
  peerpy,
  pyrate
}

const handshakes = { SYN: "open", "SYN-ACK": "open", FIN: "close", RST: "reset", PROBE: "open" } as const

/** What a packet of a protocol is for, and what it says. */
export const gistOf = (protocol: ProtocolName, { bytes, kind, length }: Trace.Entry): Gist => {
  if (kind !== "DATA" && kind !== "DATAGRAM") return { kind: handshakes[kind], gist: kind }
  if (length === 0) return { kind: "datagram", gist: "" }
  const { gist, kind: purpose } = gists[protocol](text.decode(bytes), bytes)
  const shown = printable(gist)
  const cut = shown.length > longest ? `${shown.slice(0, longest - 2)}..` : shown
  return { kind: kind === "DATAGRAM" && purpose === "message" ? "datagram" : purpose, gist: cut }
}
