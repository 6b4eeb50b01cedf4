/**
 * The language of a chat room: a typed line becomes a command, or a mistake that says what would be right. There is no
 * broadcast, so that a line which is neither is a mistake too. Pure.
 *
 *     11 hello          says it to the peer 11, as in the original
 *     /to 11 hello      the same
 *     table             how the others are reached, as in the original
 */
import { PeerId } from "@peerage/p2p-chat"
import { printable } from "../Printable.ts"
import { alone, log, type Mistake, mistake, unknown, type Word, word } from "../room/Vocabulary.ts"
import { first } from "../room/Words.ts"
import type { Level } from "./Journal.ts"

/** A line, understood. */
export type Line =
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Tell"; readonly to: PeerId.PeerId; readonly text: string }
  | { readonly _tag: "Table" }
  | { readonly _tag: "Buffer" }
  | { readonly _tag: "Peers" }
  | { readonly _tag: "History"; readonly peer: PeerId.PeerId | undefined }
  | { readonly _tag: "Log"; readonly level: Level }
  | { readonly _tag: "Help" }
  | { readonly _tag: "Exit" }
  | Mistake

const noId = (text: string): Line =>
  mistake(
    `"${printable(text)}" is no id: ids are whole numbers from 1 to 9223372036854775807. /peers shows who is there.`
  )

const tell = (rest: string): Line => {
  const [name, text] = first(rest)
  if (name === "") return mistake("Say to whom and what, such as /to 11 hello.")
  const to = PeerId.parse(name)
  if (to === undefined) return noId(name)
  return text === "" ? mistake(`Say what to tell ${to}, such as ${to} hello.`) : { _tag: "Tell", to, text }
}

const history = (rest: string): Line => {
  const [name, more] = first(rest)
  if (more !== "") return mistake("One peer at a time, such as /history 11.")
  const peer = PeerId.parse(name)
  return peer === undefined && name !== "" ? noId(name) : { _tag: "History", peer }
}

/** Every command. */
export const words: ReadonlyArray<Word<Line>> = [
  word("/to ID TEXT", "say something to a peer, as ID TEXT does by itself", tell),
  word("/peers", "who can be reached", alone({ _tag: "Peers" })),
  word("/table", "how each of them is reached, as table does by itself", alone({ _tag: "Table" })),
  word("/buffer", "messages kept for those who cannot be reached, as buffer by itself", alone({ _tag: "Buffer" })),
  word("/history [ID]", "what was said, to and by everybody or one peer", history),
  word("/log [LEVEL]", "what happened, from INFO or WARNING upward", log),
  word("/help", "this list", alone({ _tag: "Help" })),
  word("/exit", "leave, as end does by itself", alone({ _tag: "Exit" }))
]

/** The words of the original, which takes them in any case, and `exit`. */
const plainWords: ReadonlyMap<string, Line> = new Map<string, Line>([
  ["table", { _tag: "Table" }],
  ["buffer", { _tag: "Buffer" }],
  ["end", { _tag: "Exit" }],
  ["exit", { _tag: "Exit" }]
])

const find = (name: string) => words.find((known) => known.name === name.toLowerCase())

const number = /^[+-]?\d+$/

/** Understands a line. */
export const parse = (text: string): Line => {
  const trimmed = text.trim()
  if (trimmed === "") return { _tag: "Nothing" }
  const plain = plainWords.get(trimmed.toLowerCase())
  if (plain !== undefined) return plain
  const [name, rest] = first(trimmed)
  if (name.startsWith("/")) return find(name)?.parse(rest) ?? unknown(name, words, "/help lists what there is.")
  if (number.test(name)) return tell(trimmed)
  const command = find(`/${name}`)
  return mistake(
    command === undefined
      ? "Say to whom: an id and then the text, such as 11 hello. /peers shows who is there."
      : `Commands begin with a slash. Did you mean ${command.name}?`
  )
}
