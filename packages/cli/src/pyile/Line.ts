/**
 * The language of a Pyile room: a typed line becomes a command, or a mistake that says what would be right. Pure.
 *
 *     hello                        says it to everybody
 *     /to 10.0.0.2:49152 hello     says it to one
 *     /ban 10.0.0.0/24 2h          the host only
 */
import { Messenger, Moderation, PeerAddress } from "@peerage/pyile"
import { type Duration, Result, type Schema } from "effect"
import type * as IpNetwork from "effect/net/IpNetwork"
import * as Vocabulary from "../before/Vocabulary.ts"
import { alone, mistake, unknown } from "../before/Vocabulary.ts"
import { first } from "../before/Words.ts"
import { printable } from "../Printable.ts"
import { duration } from "../Values.ts"

/** Who is typing: only the host may ban and kick. */
export type Role = "Host" | "Member"

/** A line, understood. A `name` is an address or an alias. */
export type Line =
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "Say"; readonly data: Schema.Json }
  | { readonly _tag: "Tell"; readonly name: string; readonly data: Schema.Json }
  | { readonly _tag: "Peers" }
  | { readonly _tag: "History"; readonly name: string | undefined }
  | { readonly _tag: "Log"; readonly level: Messenger.Level }
  | { readonly _tag: "Ban"; readonly network: IpNetwork.IpNetwork; readonly for: Duration.Duration | undefined }
  | { readonly _tag: "Unban"; readonly network: IpNetwork.IpNetwork }
  | { readonly _tag: "Bans" }
  | { readonly _tag: "Kick"; readonly peer: PeerAddress.PeerAddress }
  | { readonly _tag: "Limbo" }
  | { readonly _tag: "Help" }
  | { readonly _tag: "Exit" }
  | { readonly _tag: "Mistake"; readonly reason: "HostOnly"; readonly message: string }
  | Vocabulary.Mistake

/** What can be typed, and by whom. */
export interface Word extends Vocabulary.Word<Line> {
  readonly hostOnly: boolean
}

const value = (text: string, done: (data: Schema.Json) => Line): Line => {
  if (text === "") return mistake("A JSON value is missing, such as /json {\"x\": 1}.")
  const parsed = Result.try((): Schema.Json => JSON.parse(text))
  return Result.match(parsed, {
    onSuccess: done,
    onFailure: () => mistake(`This is not JSON: ${printable(text)}. Text needs quotes in JSON.`)
  })
}

const tell = (rest: string): Line => {
  const [name, text] = first(rest)
  if (name === "") return mistake("Say to whom and what, such as /to 10.0.0.2:49152 hello.")
  if (text === "") return mistake(`Say what to tell ${printable(name)}, such as /to ${printable(name)} hello.`)
  const [word, json] = first(text)
  return word === "/json"
    ? value(json, (data) => ({ _tag: "Tell", name, data }))
    : { _tag: "Tell", name, data: text }
}

const target = (text: string, done: (network: IpNetwork.IpNetwork) => Line): Line => {
  const network = Moderation.parseTarget(text)
  if (network !== undefined) return done(network)
  if (text === "") return mistake("An address is missing, such as 10.0.0.7 or 10.0.0.0/24.")
  const peer = PeerAddress.parse(text)
  return mistake(
    peer === undefined
      ? `"${
        printable(text)
      }" is not an IPv4 address or prefix, such as 10.0.0.7 or 10.0.0.0/24. An alias is only a claim.`
      : `Bans are for addresses without a port: ${PeerAddress.host(peer)}. To remove just this peer, /kick ${peer}.`
  )
}

const ban = (rest: string): Line => {
  const [text, time] = first(rest)
  return target(text, (network) => {
    if (time === "" || time === "forever") return { _tag: "Ban", network, for: undefined }
    return Result.match(duration(time), {
      onSuccess: (length) => ({ _tag: "Ban", network, for: length }),
      onFailure: (wanted) => mistake(`A ban lasts for ever or for ${wanted}, not "${printable(time)}".`)
    })
  })
}

const unban = (rest: string): Line => target(rest.trim(), (network) => ({ _tag: "Unban", network }))

const kick = (rest: string): Line => {
  if (rest.trim() === "") return mistake("Kick whom? Give a host:port as /peers shows it.")
  const peer = PeerAddress.parse(rest.trim())
  return peer === undefined
    ? mistake(`Kick by host:port as /peers shows it, not "${printable(rest)}". An alias is only a claim.`)
    : { _tag: "Kick", peer }
}

const log = (rest: string): Line => {
  switch (rest.toUpperCase()) {
    case "":
    case "DEBUG":
    case "INFO":
      return { _tag: "Log", level: "INFO" }
    case "WARNING":
      return { _tag: "Log", level: "WARNING" }
    case "ERROR":
    case "CRITICAL":
      return { _tag: "Log", level: "ERROR" }
    default:
      return mistake(`The levels of the log are INFO, WARNING and ERROR, not "${printable(rest)}".`)
  }
}

const history = (rest: string): Line => {
  const [name, more] = first(rest)
  return more === ""
    ? { _tag: "History", name: name === "" ? undefined : name }
    : mistake("One peer at a time, such as /history 10.0.0.2:49152. An alias with blanks needs quotes.")
}

const say = (rest: string): Line => rest === "" ? mistake("Say what, such as /say exit.") : { _tag: "Say", data: rest }

const word = (usage: string, does: string, parse: (rest: string) => Line, hostOnly = false): Word => ({
  ...Vocabulary.word(usage, does, parse),
  hostOnly
})

/** Every command. */
export const words: ReadonlyArray<Word> = [
  word("/to PEER TEXT", "say something to one peer: its host:port, or an alias that only one peer has", tell),
  word(
    "/json VALUE",
    "say any JSON value to everybody; /to PEER /json VALUE to one",
    (rest) => value(rest, (data) => ({ _tag: "Say", data }))
  ),
  word("/say TEXT", "say something that would otherwise be a command", say),
  word("/peers", "who is here", alone({ _tag: "Peers" })),
  word("/history [PEER]", "what was said to everybody, or to and by one peer", history),
  word("/log [LEVEL]", "what happened, from INFO, WARNING or ERROR upward", log),
  word("/ban HOST[/PREFIX] [DURATION]", "ban an address or a prefix, for ever or for a time such as 10m", ban, true),
  word("/unban HOST[/PREFIX]", "lift a ban", unban, true),
  word("/bans", "the bans in force", alone({ _tag: "Bans" }), true),
  word("/kick PEER", "remove one peer for a moment", kick, true),
  word("/limbo", "addresses that gave wrong passwords", alone({ _tag: "Limbo" }), true),
  word("/help", "this list", alone({ _tag: "Help" })),
  word("/exit", "leave", alone({ _tag: "Exit" }))
]

/** The commands that somebody in a role has. */
export const wordsFor = (role: Role): ReadonlyArray<Word> =>
  words.filter(({ hostOnly }) => role === "Host" || !hostOnly)

/** Understands a line. */
export const parse = (text: string, role: Role): Line => {
  const trimmed = text.trim()
  if (trimmed === "") return { _tag: "Nothing" }
  // The words of the original.
  if (trimmed === "exit") return { _tag: "Exit" }
  if (trimmed === "peers") return { _tag: "Peers" }
  if (!trimmed.startsWith("/")) return { _tag: "Say", data: trimmed }
  const [name, rest] = first(trimmed)
  const known = words.find((candidate) => candidate.name === name.toLowerCase())
  if (known === undefined) return unknown(name, wordsFor(role), "/help lists what there is; /say says it as it is.")
  return known.hostOnly && role !== "Host"
    ? { _tag: "Mistake", reason: "HostOnly", message: `Only the host can ${name}.` }
    : known.parse(rest)
}
