/**
 * What a ban file holds: a line for each ban, and for each ban that was lifted, in their order. Pure.
 *
 *     { "network": "10.0.0.7/32", "reason": "3 wrong passwords", "until": "2026-01-01T00:00:00.000Z" }
 *     { "key": "qVF0c7y9...", "reason": "rude" }
 *     { "lifted": "10.0.0.7/32" }
 *
 * A list of bans stands for its elements, on a line or as the whole file. Versions that know no keys call a file with
 * keys unreadable, and leave it as it is.
 */
import { PeerKey } from "@peerage/transport"
import { Result, Schema } from "effect"
import * as IpNetwork from "effect/net/IpNetwork"

const terms = {
  reason: Schema.String,
  until: Schema.OptionFromOptionalKey(Schema.DateTimeUtcFromString)
}

/** A network, or the key of a peer on a secure transport, that may not join, why, and until when; for ever without. */
export const Ban = Schema.Union([
  Schema.Struct({ network: Schema.IpNetworkFromString, ...terms }),
  Schema.Struct({ key: PeerKey.PeerKey, ...terms })
])
export type Ban = typeof Ban.Type

/** Whom a ban can be for. */
export type Target = IpNetwork.IpNetwork | PeerKey.PeerKey

/** Whom a ban is for. */
export const targetOf = (
  ban: { readonly key: PeerKey.PeerKey } | { readonly network: IpNetwork.IpNetwork }
): Target => "key" in ban ? ban.key : ban.network

/** The text of a target, which no other target has. */
export const textOf = (target: Target): string => typeof target === "string" ? target : IpNetwork.format(target)

/** The text of a ban's target. */
export const nameOf = (ban: Ban): string => textOf(targetOf(ban))

const Lifted = Schema.Struct({ lifted: Schema.Union([Schema.IpNetworkFromString, PeerKey.PeerKey]) })
const Entry = Schema.fromJsonString(Schema.Union([Ban, Lifted, Schema.Array(Ban)]))
const List = Schema.fromJsonString(Schema.Array(Ban))
const readEntry = Schema.decodeResult(Entry)
const readList = Schema.decodeResult(List)
const write = Schema.encodeSync(Entry)
const writeAll = Schema.encodeSync(Schema.Array(Ban))

/** What was read. */
export interface Read {
  /** The bans, in the order of their lines. */
  readonly bans: ReadonlySet<Ban>
  /** How many lines there are. */
  readonly lines: number
  /** Whether lines can follow as it is. */
  readonly isOpen: boolean
}

/** A line that cannot be read. */
export type Unreadable = "Unreadable"

const note = (bans: Map<string, Ban>, ban: Ban) => {
  const name = nameOf(ban)
  bans.delete(name)
  bans.set(name, ban)
}

const found = (bans: ReadonlyMap<string, Ban>, lines: number, isOpen: boolean): Result.Result<Read> =>
  Result.succeed({ bans: new Set(bans.values()), lines, isOpen })

/** Reads a file. A last line without its newline was being written when its process ended: it counts if it is whole. */
export const read = (text: string): Result.Result<Read, Unreadable> => {
  const bans = new Map<string, Ban>()
  const isEnded = text.endsWith("\n")
  const whole = readList(text)
  if (Result.isSuccess(whole)) {
    for (const ban of whole.success) note(bans, ban)
    return found(bans, 1, isEnded && !text.trimEnd().includes("\n"))
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "")
  for (const [index, line] of lines.entries()) {
    const entry = readEntry(line)
    if (Result.isFailure(entry)) {
      const isTorn = index > 0 && index === lines.length - 1 && !isEnded
      return isTorn ? found(bans, lines.length, false) : Result.fail("Unreadable")
    }
    if ("lifted" in entry.success) bans.delete(textOf(entry.success.lifted))
    else if ("reason" in entry.success) note(bans, entry.success)
    else for (const ban of entry.success) note(bans, ban)
  }
  return lines.length === 0 ? Result.fail("Unreadable") : found(bans, lines.length, isEnded)
}

/** The whole file. */
export const all = (bans: ReadonlyArray<Ban>): string =>
  writeAll(bans).map((ban) => `${JSON.stringify(ban)}\n`).join("") || "[]\n"

/**
 * The lines that make one of another: what was lifted, and what is new. Bans that are the same object are the same, as
 * to write the target of each would take longer than the rest.
 */
export const changes = (before: ReadonlySet<Ban>, now: ReadonlySet<Ban>): ReadonlyArray<string> => {
  const added = [...now].filter((ban) => !before.has(ban))
  const replaced = new Set(added.map(nameOf))
  const lifted = [...before].filter((ban) => !now.has(ban) && !replaced.has(nameOf(ban)))
  return [...lifted.map((ban) => ({ lifted: targetOf(ban) })), ...added].map((entry) => `${write(entry)}\n`)
}
