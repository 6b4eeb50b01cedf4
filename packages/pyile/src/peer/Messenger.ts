/**
 * What a peer remembers: its conversations, by peer and "Broadcast", and a leveled log of what it did. Both are
 * bounded, in number and in bytes, the oldest goes first, and both can be watched.
 */
import { Clock, Effect, PubSub, type Schema, type Scope, Stream } from "effect"
import type { Sender } from "../PyileEvent.ts"

/** One message of a conversation. */
export interface Entry {
  /** When it was sent or arrived here, in milliseconds since 1970. */
  readonly at: number
  /** `host:port` as claimed, or of this peer. */
  readonly from: string
  /** True when this peer sent it. */
  readonly own: boolean
  readonly alias: string | undefined
  /** `undefined` for own messages. */
  readonly sender: Sender | undefined
  readonly data: Schema.Json
}

/** A message to be filed: where, what, and how large it was on the wire. */
export interface Filing {
  readonly conversation: string
  readonly entry: Omit<Entry, "at">
  readonly bytes: number
}

/** Levels of the log, as the original names them. */
export type Level = "INFO" | "WARNING" | "ERROR"

/** One line of the log. */
export interface LogEntry {
  readonly at: number
  readonly level: Level
  readonly text: string
}

/** The size of a memory. */
export interface Limits {
  readonly maxConversations: number
  readonly maxMessages: number
  readonly maxHistoryBytes: number
  readonly maxLogEntries: number
}

/** Conversations and log of one peer. */
export interface Messenger {
  readonly file: (filings: ReadonlyArray<Filing>) => Effect.Effect<void>
  readonly log: (level: Level, text: string) => Effect.Effect<void>
  /** Names of the conversations, the least recently used first. */
  readonly conversations: Effect.Effect<ReadonlyArray<string>>
  /** What was said in one conversation, oldest first; empty for one that is not known. */
  readonly history: (conversation: string) => Effect.Effect<ReadonlyArray<Entry>>
  /** The log, oldest first, from `level` upward (default INFO). */
  readonly entries: (level?: Level) => Effect.Effect<ReadonlyArray<LogEntry>>
  /** Messages and log lines from now on. A subscriber that does not keep up misses the oldest. */
  readonly messages: Stream.Stream<readonly [conversation: string, entry: Entry]>
  readonly lines: Stream.Stream<LogEntry>
}

const weight: { readonly [level in Level]: number } = { INFO: 0, WARNING: 1, ERROR: 2 }
const watched = 256

interface Kept {
  readonly entry: Entry
  readonly bytes: number
}

/** The conversations, the least recently used first. Small enough after each message, whatever was said. */
class Archive {
  readonly conversations = new Map<string, Array<Kept>>()
  private bytes = 0
  private readonly limits: Limits
  constructor(limits: Limits) {
    this.limits = limits
  }

  file(name: string, kept: Kept) {
    const entries = this.conversations.get(name) ?? []
    this.conversations.delete(name)
    this.conversations.set(name, entries)
    entries.push(kept)
    this.bytes += kept.bytes
    if (entries.length > this.limits.maxMessages) this.forgetFirst(entries)
    for (const [oldest, messages] of this.conversations) {
      while (this.bytes > this.limits.maxHistoryBytes && messages.length > 0) this.forgetFirst(messages)
      if (this.conversations.size > this.limits.maxConversations) {
        while (messages.length > 0) this.forgetFirst(messages)
      }
      if (messages.length > 0) return
      this.conversations.delete(oldest)
    }
  }

  private forgetFirst(messages: Array<Kept>) {
    this.bytes -= messages.shift()?.bytes ?? 0
  }
}

/** An empty memory, held for the scope's life. */
export const make = Effect.fnUntraced(function*(limits: Limits): Effect.fn.Return<Messenger, never, Scope.Scope> {
  const archive = new Archive(limits)
  const log: Array<LogEntry> = []
  const messages = yield* Effect.acquireRelease(PubSub.sliding<readonly [string, Entry]>(watched), PubSub.shutdown)
  const lines = yield* Effect.acquireRelease(PubSub.sliding<LogEntry>(watched), PubSub.shutdown)

  return {
    file: (filings) =>
      Effect.flatMap(Clock.currentTimeMillis, (at) => {
        const dated = filings.map(({ conversation, entry }) => [conversation, { ...entry, at }] as const)
        dated.forEach(([conversation, entry], index) =>
          archive.file(conversation, { entry, bytes: filings[index]?.bytes ?? 0 })
        )
        return Effect.asVoid(PubSub.publishAll(messages, dated))
      }),
    log: (level, text) =>
      Effect.flatMap(Clock.currentTimeMillis, (at) => {
        const entry = { at, level, text }
        log.push(entry)
        if (log.length > limits.maxLogEntries) log.shift()
        return Effect.asVoid(PubSub.publish(lines, entry))
      }),
    conversations: Effect.sync(() => [...archive.conversations.keys()]),
    history: (name) => Effect.sync(() => (archive.conversations.get(name) ?? []).map(({ entry }) => entry)),
    entries: (level = "INFO") => Effect.sync(() => log.filter((entry) => weight[entry.level] >= weight[level])),
    messages: Stream.fromPubSub(messages),
    lines: Stream.fromPubSub(lines)
  }
})
