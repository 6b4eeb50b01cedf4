/**
 * The language of a Pyrate room: a typed line becomes a command, or a mistake that says what would be right. Pure.
 *
 *     GET 10.0.0.2 5005 song.txt          as in the original, in any case
 *     /get 10.0.0.2:5005 song.txt         the same
 *     /get 10.0.0.2:5005 our song.txt     a name is the rest of the line; "in quotes" it is one too
 */
import { FileName } from "@peerage/pyrate"
import { Result } from "effect"
import type { Level } from "../before/Journal.ts"
import * as Vocabulary from "../before/Vocabulary.ts"
import { alone, log, mistake, unknown } from "../before/Vocabulary.ts"
import { first } from "../before/Words.ts"
import { printable } from "../Printable.ts"
import { type Address, remoteAddress } from "../Values.ts"

/** Whose room it is: a bootstrap shares nothing. */
export type Role = "Bootstrap" | "Sharer"

/** A line, understood. */
export type Line =
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Get"; readonly address: Address; readonly name: FileName.FileName }
  | { readonly _tag: "List"; readonly address: Address }
  | { readonly _tag: "Search"; readonly name: FileName.FileName }
  | { readonly _tag: "Peers" }
  | { readonly _tag: "Refresh" }
  | { readonly _tag: "Files" }
  | { readonly _tag: "Commands" }
  | { readonly _tag: "Rescan" }
  | { readonly _tag: "Log"; readonly level: Level }
  | { readonly _tag: "Help" }
  /** Leaves when all is done. */
  | { readonly _tag: "Quit" }
  /** Leaves at once. */
  | { readonly _tag: "Exit" }
  | Vocabulary.Mistake

type Word = Vocabulary.Word<Line>

const form = (text: string): Line => mistake(`This goes as ${text}`)

/** The rest of a line as a name, with or without quotes around all of it. */
const named = (rest: string, done: (name: FileName.FileName) => Line): Line => {
  const text = /^"([^"]*)"$/.exec(rest)?.[1] ?? rest
  const name = FileName.parse(text)
  return name === undefined
    ? mistake(
      `"${
        printable(text)
      }" is no name of a file that can be shared: no separators, colons, control characters or dots in front.`
    )
    : done(name)
}

const at = (text: string, done: (address: Address) => Line): Line => {
  const address = remoteAddress(text)
  return Result.isSuccess(address)
    ? done(address.success)
    : mistake(`"${printable(text)}" is no peer: a peer is ${address.failure}.`)
}

const got = (address: Address, rest: string): Line => named(rest, (name) => ({ _tag: "Get", address, name }))

const get = (rest: string): Line => {
  const [peer, name] = first(rest)
  return name === "" ? form("/get PEER NAME, such as /get 10.0.0.2:5005 song.txt.") : at(peer, (to) => got(to, name))
}

const list = (rest: string): Line => {
  const [peer, more] = first(rest)
  return peer === "" || more !== ""
    ? form("/list PEER, such as /list 10.0.0.2:5005.")
    : at(peer, (address) => ({ _tag: "List", address }))
}

const search = (usage: string) => (rest: string): Line =>
  rest === "" ? form(`${usage}.`) : named(rest, (name) => ({ _tag: "Search", name }))

const words: ReadonlyArray<Word> = [
  Vocabulary.word("/get PEER NAME", "fetch a file into the shared folder, as GET <server> <port> <filename>", get),
  Vocabulary.word("/list PEER", "the files of a peer, as LIST <server> <port>", list),
  Vocabulary.word(
    "/search NAME",
    "who has a file, as SEARCH <filename>",
    search("/search NAME, such as /search song.txt")
  ),
  Vocabulary.word("/peers", "who is there, as PEERS", alone({ _tag: "Peers" })),
  Vocabulary.word("/getpeers", "ask the bootstrap who is there, as GETPEERS", alone({ _tag: "Refresh" })),
  Vocabulary.word("/files", "what you share", alone({ _tag: "Files" })),
  Vocabulary.word("/rescan", "look at the shared folder again", alone({ _tag: "Rescan" })),
  Vocabulary.word("/commands", "what is being done, and what waits", alone({ _tag: "Commands" })),
  Vocabulary.word("/log [LEVEL]", "what happened, from INFO or WARNING upward", log),
  Vocabulary.word("/help", "this list", alone({ _tag: "Help" })),
  Vocabulary.word("/quit", "leave when downloads and searches are done, as QUIT", alone({ _tag: "Quit" })),
  Vocabulary.word("/exit", "leave at once", alone({ _tag: "Exit" }))
]

const ofBootstrap = new Set(["/peers", "/log", "/help", "/exit"])

/** Every command of a room. */
export const wordsFor = (role: Role): ReadonlyArray<Word> =>
  role === "Sharer" ?
    words :
    words.filter(({ name }) => ofBootstrap.has(name)).map((word) =>
      word.name === "/peers" ? { ...word, does: "who has registered" } : word
    )

const server = (rest: string): readonly [address: string, more: string] => {
  const [host, behind] = first(rest)
  const [port, more] = first(behind)
  return [`${host}:${port}`, more]
}

const originalGet = (rest: string): Line => {
  const [address, name] = server(rest)
  return name === ""
    ? form("GET <server> <port> <filename>, such as GET 10.0.0.2 5005 song.txt.")
    : at(address, (to) => got(to, name))
}

const originalList = (rest: string): Line => {
  const [address, more] = server(rest)
  return address.endsWith(":") || more !== ""
    ? form("LIST <server> <port>, such as LIST 10.0.0.2 5005.")
    : at(address, (to) => ({ _tag: "List", address: to }))
}

/** The words of the original that take more than a command with a slash; it takes them in any case. */
const originals: ReadonlyMap<string, (rest: string) => Line> = new Map([
  ["get", originalGet],
  ["list", originalList],
  ["search", search("SEARCH <filename>, such as SEARCH song.txt")]
])

const otherwise = {
  Bootstrap: "/help lists what there is.",
  Sharer: "Try GET, LIST, SEARCH, PEERS, GETPEERS or QUIT; /help lists what else there is."
} as const

/** Understands a line. */
export const parse = (text: string, role: Role): Line => {
  const trimmed = text.trim()
  if (trimmed === "") return { _tag: "Nothing" }
  const [typed, rest] = first(trimmed)
  const name = typed.toLowerCase()
  const known = wordsFor(role)
  const find = (wanted: string) => known.find((word) => word.name === wanted)?.parse
  const parse = (role === "Sharer" ? originals.get(name) : undefined) ?? find(name) ?? find(`/${plain(name, role)}`)
  return parse?.(rest) ?? unknown(typed, known, otherwise[role])
}

/** A bootstrap has nothing to wait for. */
const plain = (name: string, role: Role) => role === "Bootstrap" && name === "quit" ? "exit" : name
