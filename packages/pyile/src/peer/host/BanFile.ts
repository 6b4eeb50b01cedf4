/**
 * What a ban file holds: a line for each ban, and for each ban that was lifted, in their order. Pure.
 *
 *     { "network": "10.0.0.7/32", "reason": "3 wrong passwords", "until": "2026-01-01T00:00:00.000Z" }
 *     { "lifted": "10.0.0.7/32" }
 *
 * A list of bans stands for its elements, on a line or as the whole file.
 */
import { Result, Schema } from "effect"
import * as IpNetwork from "effect/net/IpNetwork"

/** A network that may not join, why, and until when; for ever without. */
export const Ban = Schema.Struct({
  network: Schema.IpNetworkFromString,
  reason: Schema.String,
  until: Schema.OptionFromOptionalKey(Schema.DateTimeUtcFromString)
})
export type Ban = typeof Ban.Type

const Lifted = Schema.Struct({ lifted: Schema.IpNetworkFromString })
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
  const key = IpNetwork.format(ban.network)
  bans.delete(key)
  bans.set(key, ban)
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
    if ("lifted" in entry.success) bans.delete(IpNetwork.format(entry.success.lifted))
    else if ("network" in entry.success) note(bans, entry.success)
    else for (const ban of entry.success) note(bans, ban)
  }
  return lines.length === 0 ? Result.fail("Unreadable") : found(bans, lines.length, isEnded)
}

/** The whole file. */
export const all = (bans: ReadonlyArray<Ban>): string =>
  writeAll(bans).map((ban) => `${JSON.stringify(ban)}\n`).join("") || "[]\n"

/**
 * The lines that make one of another: what was lifted, and what is new. Bans that are the same object are the same, as
 * to write the network of each would take longer than the rest.
 */
export const changes = (before: ReadonlySet<Ban>, now: ReadonlySet<Ban>): ReadonlyArray<string> => {
  const added = [...now].filter((ban) => !before.has(ban))
  const replaced = new Set(added.map(({ network }) => IpNetwork.format(network)))
  const lifted = [...before].filter((ban) => !now.has(ban) && !replaced.has(IpNetwork.format(ban.network)))
  return [...lifted.map(({ network }) => ({ lifted: network })), ...added].map((entry) => `${write(entry)}\n`)
}
