/**
 * What a peer remembers: its conversations, by peer and "Broadcast", and a leveled log of what it did. Both are bounded,
 * in number and in bytes; the oldest goes first. Both can be watched.
 */
import { OptionValue, Timeouts } from "@peerage/transport"
import { Events } from "@peerage/wire"
import { Clock, Effect, PubSub, Ref, type Scope, Stream } from "effect"
import type { Data } from "../../codec/Message.ts"
import type { Sender } from "../../PyileEvent.ts"

/** One message of a conversation. */
export interface Entry {
  /** Counts the messages of this peer, as several have the same time. */
  readonly order: number
  /** When it was sent or arrived here, in milliseconds since 1970. */
  readonly at: number
  /** `host:port` as claimed, or of this peer. */
  readonly from: string
  /** True when this peer sent it. */
  readonly own: boolean
  readonly alias: string | undefined
  /** `undefined` for own messages. */
  readonly sender: Sender | undefined
  readonly data: Data
}

/** A message to remember: in which conversation, what, and about how many bytes of memory it takes. */
export interface Filing {
  readonly conversation: string
  readonly entry: Omit<Entry, "at" | "order">
  readonly bytes: number
}

/** Levels of the log, as the original names them. */
export type Level = "INFO" | "WARNING" | "ERROR"

/** One line of the log. */
export interface LogEntry {
  /** Counts the lines of this peer. */
  readonly order: number
  /** In milliseconds since 1970. */
  readonly at: number
  readonly level: Level
  readonly text: string
}

/** How much is remembered. */
export interface Limits {
  readonly maxConversations: number
  /** Of one conversation. */
  readonly maxMessages: number
  /** Of all conversations together, in memory, about. A subscriber that does not keep up holds as many more at most. */
  readonly maxHistoryBytes: number
  readonly maxLogEntries: number
}

/** Conversations and log of one peer. */
export interface History {
  readonly file: (filings: ReadonlyArray<Filing>) => Effect.Effect<void>
  readonly log: (level: Level, text: string) => Effect.Effect<void>
  /** Names of the conversations, the least recently used first. */
  readonly conversations: Effect.Effect<ReadonlyArray<string>>
  /** The messages of one conversation, oldest first; empty for one that is not known. */
  readonly messages: (conversation: string) => Effect.Effect<ReadonlyArray<Entry>>
  /** The log, oldest first, from `level` upward (default INFO). */
  readonly entries: (level?: Level) => Effect.Effect<ReadonlyArray<LogEntry>>
  /** Messages from now on. A subscriber that does not keep up misses the oldest. */
  readonly filed: Stream.Stream<readonly [conversation: string, entry: Entry]>
  /** Lines of the log from now on. A subscriber that does not keep up misses the oldest. */
  readonly lines: Stream.Stream<LogEntry>
}

const weight: { readonly [level in Level]: number } = { INFO: 0, WARNING: 1, ERROR: 2 }
const watched = 256

/** A remembered message. */
export interface Kept {
  readonly entry: Entry
  readonly bytes: number
}

/** The conversations, the least recently used first, and the bytes of all their messages. */
export interface Archive {
  readonly conversations: ReadonlyMap<string, ReadonlyArray<Kept>>
  readonly bytes: number
}

/** Nothing was said yet. */
export const empty: Archive = { conversations: new Map(), bytes: 0 }

const bytesOf = (messages: ReadonlyArray<Kept>): number => messages.reduce((sum, { bytes }) => sum + bytes, 0)

/** The latest of these messages whose removal does not suffice to save `excess` bytes; none where there are too few. */
const without = (messages: ReadonlyArray<Kept>, excess: number): ReadonlyArray<Kept> => {
  let [saved, first] = [0, 0]
  while (saved < excess && first < messages.length) saved += messages[first++]?.bytes ?? 0
  return messages.slice(first)
}

/** Removes what exceeds the limits: the oldest messages of the least recently used conversations. */
const trimmed = ({ bytes, conversations }: Archive, limits: Limits): Archive => {
  if (bytes <= limits.maxHistoryBytes && conversations.size <= limits.maxConversations) return { bytes, conversations }
  const rest = new Map(conversations)
  let left = bytes
  for (const [name, messages] of conversations) {
    const kept = rest.size > limits.maxConversations ? [] : without(messages, left - limits.maxHistoryBytes)
    left -= bytesOf(messages) - bytesOf(kept)
    if (kept.length > 0) {
      rest.set(name, kept)
      break
    }
    rest.delete(name)
  }
  return { conversations: rest, bytes: left }
}

/** The archive with messages added at the end of their conversations, which are the most recently used then. */
export const file = (
  archive: Archive,
  filings: ReadonlyArray<readonly [conversation: string, kept: Kept]>,
  limits: Limits
): Archive => {
  const conversations = new Map(archive.conversations)
  let { bytes } = archive
  for (const [name, kept] of filings) {
    const before = conversations.get(name) ?? []
    const dropped = before.length < limits.maxMessages ? [] : before.slice(0, before.length + 1 - limits.maxMessages)
    conversations.delete(name)
    conversations.set(name, [...before.slice(dropped.length), kept])
    bytes += kept.bytes - bytesOf(dropped)
  }
  return trimmed({ conversations, bytes }, limits)
}

/** The lines of a log from the latest one back. */
interface Log {
  readonly latest: LogEntry
  readonly before: Log | undefined
  /** How many there are. */
  readonly size: number
}

/** The latest of these lines, oldest first. */
const lastOf = (log: Log | undefined, most: number): ReadonlyArray<LogEntry> => {
  const entries: Array<LogEntry> = []
  for (let rest = log; rest !== undefined && entries.length < most; rest = rest.before) entries.push(rest.latest)
  return entries.reverse()
}

const added = (before: Log | undefined, latest: LogEntry): Log => ({ latest, before, size: (before?.size ?? 0) + 1 })

/** The log with one more line. It grows to twice its limit before it is cut, as cutting costs more than appending. */
const append = (log: Log | undefined, entry: LogEntry, most: number): Log =>
  added(
    log === undefined || log.size < 2 * most ? log : lastOf(log, most).reduce<Log | undefined>(added, undefined),
    entry
  )

const checkLimits = OptionValue.checkAll("History.make", {
  maxConversations: OptionValue.count,
  maxMessages: OptionValue.count,
  maxHistoryBytes: OptionValue.count,
  maxLogEntries: OptionValue.count
})

/** Remembers nothing yet. The streams end with the scope. */
export const make = Effect.fnUntraced(function*(limits: Limits): Effect.fn.Return<History, never, Scope.Scope> {
  checkLimits(limits)
  const clock = yield* Clock.Clock
  const archive = yield* Ref.make(empty)
  const filings = yield* Ref.make(0)
  const log = yield* Ref.make<Log | undefined>(undefined)
  const filed = yield* Events.make<readonly [string, Entry]>({ buffer: watched, maxBytes: limits.maxHistoryBytes })
  const lines = yield* Effect.acquireRelease(PubSub.sliding<LogEntry>(watched), PubSub.shutdown)

  return {
    file: Effect.fnUntraced(function*(messages) {
      const at = Timeouts.sinceEpoch(clock)
      const order = yield* Ref.getAndUpdate(filings, (before) => before + messages.length)
      const dated = messages.map(({ bytes, conversation, entry }, index) =>
        [conversation, { entry: { ...entry, at, order: order + index }, bytes }] as const
      )
      yield* Ref.update(archive, (before) => file(before, dated, limits))
      yield* filed.publish(
        dated.map(([conversation, { entry }]) => [conversation, entry] as const),
        dated.map(([, { bytes }]) => bytes)
      )
    }),
    log: (level, text) =>
      Effect.flatMap(
        Ref.modify(log, (before) => {
          const order = before === undefined ? 0 : before.latest.order + 1
          const entry = { order, at: Timeouts.sinceEpoch(clock), level, text }
          return [entry, append(before, entry, limits.maxLogEntries)]
        }),
        (entry) => PubSub.publish(lines, entry)
      ),
    conversations: Effect.map(Ref.get(archive), ({ conversations }) => [...conversations.keys()]),
    messages: (name) =>
      Effect.map(Ref.get(archive), ({ conversations }) => (conversations.get(name) ?? []).map(({ entry }) => entry)),
    entries: (level = "INFO") =>
      Effect.map(
        Ref.get(log),
        (lines) => lastOf(lines, limits.maxLogEntries).filter((entry) => weight[entry.level] >= weight[level])
      ),
    filed: filed.stream,
    lines: Stream.fromPubSub(lines)
  }
})
