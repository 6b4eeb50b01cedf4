/**
 * The language of a PeerPy room: a typed line becomes a command, or a mistake that says what would be right. Pure.
 *
 *     hello                         says it to everybody who is connected
 *     /to 10.0.0.2:20000 hello      says it to one
 *     /accept 10.0.0.2:20000        the listening side only
 */
import { DataType } from "@peerage/peerpy"
import { PeerAddress } from "@peerage/transport"
import { Result, Schema } from "effect"
import type { Level } from "../before/Journal.ts"
import * as Vocabulary from "../before/Vocabulary.ts"
import { alone, log, mistake, unknown } from "../before/Vocabulary.ts"
import { first } from "../before/Words.ts"
import { printable } from "../Printable.ts"
import { type Address, remoteAddress } from "../Values.ts"
import { type Content, parseHex, parseJson } from "./Content.ts"

/** Whose room it is: only somebody who listens has others come. */
export type Role = "Listener" | "Connector"

/** A line, understood. A `name` is the address that a peer says it has, or the one it comes from; none is the only one. */
export type Line =
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Say"; readonly content: Content }
  | { readonly _tag: "Tell"; readonly name: string; readonly content: Content }
  | { readonly _tag: "Peers" }
  | { readonly _tag: "Close"; readonly name: string | undefined }
  | { readonly _tag: "Connect"; readonly address: Address; readonly type: DataType.DataType }
  | { readonly _tag: "Answer"; readonly wanted: boolean; readonly name: string | undefined }
  | { readonly _tag: "Discover" }
  | { readonly _tag: "Invisible"; readonly invisible: boolean | undefined }
  | { readonly _tag: "History"; readonly peer: PeerAddress.PeerAddress | undefined }
  | { readonly _tag: "Log"; readonly level: Level }
  | { readonly _tag: "Help" }
  | { readonly _tag: "Exit" }
  | { readonly _tag: "Mistake"; readonly reason: "ListenerOnly"; readonly message: string }
  | Vocabulary.Mistake

/** What can be typed, and by whom. */
export interface Word extends Vocabulary.Word<Line> {
  readonly listenerOnly: boolean
}

const value = (text: string, done: (content: Content) => Line): Line => {
  if (text === "") return mistake("A JSON value is missing, such as /json {\"x\": 1}.")
  const parsed = parseJson(text)
  return parsed === undefined
    ? mistake(`This is not JSON: ${printable(text)}. Text needs quotes in JSON.`)
    : done({ _tag: "Json", value: parsed })
}

const bytes = (text: string, done: (content: Content) => Line): Line => {
  const parsed = parseHex(text)
  return parsed === undefined
    ? mistake(`Bytes are pairs of hexadecimal digits, such as /hex 00 ff, not "${printable(text)}".`)
    : done({ _tag: "Bytes", bytes: parsed })
}

const say = (content: Content): Line => ({ _tag: "Say", content })

const tell = (rest: string): Line => {
  const [name, text] = first(rest)
  if (name === "") return mistake("Say to whom and what, such as /to 10.0.0.2:20000 hello.")
  if (text === "") return mistake(`Say what to tell ${printable(name)}, such as /to ${printable(name)} hello.`)
  const to = (content: Content): Line => ({ _tag: "Tell", name, content })
  const [word, more] = first(text)
  if (word === "/json") return value(more, to)
  return word === "/hex" ? bytes(more, to) : to({ _tag: "Text", text: word === "/say" ? more : text })
}

const named = (done: (name: string | undefined) => Line) => (rest: string): Line => {
  const [name, more] = first(rest)
  return more === "" ? done(name === "" ? undefined : name) : mistake("One peer at a time: its host:port.")
}

const answer = (wanted: boolean) => (name: string | undefined): Line => ({ _tag: "Answer", wanted, name })

const type = Schema.decodeUnknownResult(DataType.DataType)

const connect = (rest: string): Line => {
  const [text, word] = first(rest)
  const address = remoteAddress(text)
  if (Result.isFailure(address)) return mistake(`Connect to whom? This takes ${address.failure}.`)
  const wanted = type(word === "" ? "json" : word)
  return Result.isFailure(wanted)
    ? mistake(`A connection is for json, bytes or raw, not "${printable(word)}".`)
    : { _tag: "Connect", address: address.success, type: wanted.success }
}

const invisible = (rest: string): Line => {
  const settings = new Map([["on", true], ["off", false], ["", undefined]])
  const word = rest.toLowerCase()
  return settings.has(word)
    ? { _tag: "Invisible", invisible: settings.get(word) }
    : mistake(`Say /invisible on or /invisible off, not "${printable(rest)}".`)
}

const history = (rest: string): Line => {
  const peer = PeerAddress.parse(rest)
  return peer === undefined && rest !== ""
    ? mistake(`"${printable(rest)}" is no peer: give one host:port, such as 10.0.0.2:20000.`)
    : { _tag: "History", peer }
}

const word = (usage: string, does: string, parse: (rest: string) => Line, listenerOnly = false): Word => ({
  ...Vocabulary.word(usage, does, parse),
  listenerOnly
})

/** Every command. */
export const words: ReadonlyArray<Word> = [
  word("/to PEER TEXT", "say something to one peer: the host:port it goes by, or the one it comes from", tell),
  word("/json VALUE", "say any JSON value; /to PEER /json VALUE to one", (rest) => value(rest, say)),
  word("/hex DIGITS", "say bytes, such as /hex 00 ff; /to PEER /hex DIGITS to one", (rest) => bytes(rest, say)),
  word(
    "/say TEXT",
    "say something that would otherwise be a command",
    (rest) => rest === "" ? mistake("Say what, such as /say /help.") : say({ _tag: "Text", text: rest })
  ),
  word("/peers", "who is connected, and who waits for an answer", alone({ _tag: "Peers" })),
  word("/accept [PEER]", "take the connection that a peer wants", named(answer(true)), true),
  word("/deny [PEER]", "turn it away", named(answer(false)), true),
  word("/connect HOST:PORT [TYPE]", "open a connection for json, bytes or raw; json if not said", connect, true),
  word("/close [PEER]", "close a connection", named((name) => ({ _tag: "Close", name }))),
  word("/discover", "who else is on this network", alone({ _tag: "Discover" })),
  word("/invisible [on|off]", "whether others who look for peers find you", invisible, true),
  word("/history [PEER]", "what was said, to and by everybody or one peer", history),
  word("/log [LEVEL]", "what happened, from INFO or WARNING upward", log),
  word("/help", "this list", alone({ _tag: "Help" })),
  word("/exit", "leave", alone({ _tag: "Exit" }))
]

/** The commands that somebody in a role has. */
export const wordsFor = (role: Role): ReadonlyArray<Word> =>
  words.filter(({ listenerOnly }) => role === "Listener" || !listenerOnly)

/** Understands a line. */
export const parse = (text: string, role: Role): Line => {
  const trimmed = text.trim()
  if (trimmed === "") return { _tag: "Nothing" }
  if (!trimmed.startsWith("/")) return say({ _tag: "Text", text: trimmed })
  const [name, rest] = first(trimmed)
  const known = words.find((candidate) => candidate.name === name.toLowerCase())
  if (known === undefined) return unknown(name, wordsFor(role), "/help lists what there is; /say says it as it is.")
  return known.listenerOnly && role !== "Listener"
    ? { _tag: "Mistake", reason: "ListenerOnly", message: `Only somebody who listens has ${known.name}.` }
    : known.parse(rest.trimEnd())
}
