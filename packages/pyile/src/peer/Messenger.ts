/**
 * What a peer remembers: its conversations, by peer and "Broadcast", and a leveled log of what it did. Both are
 * bounded, the oldest goes first, and both can be watched.
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
  readonly maxLogEntries: number
}

/** Conversations and log of one peer. */
export interface Messenger {
  /** Files messages under a peer, "Broadcast", or whatever a message was addressed to. */
  readonly file: (conversation: string, entry: Omit<Entry, "at">) => Effect.Effect<void>
  readonly log: (level: Level, text: string) => Effect.Effect<void>
  /** Names of the conversations, the least recently used first. */
  readonly conversations: Effect.Effect<ReadonlyArray<string>>
  /** What was said in one conversation, oldest first; empty for one that is not known. */
  readonly history: (conversation: string) => Effect.Effect<ReadonlyArray<Entry>>
  /** The log, oldest first, from `level` upward (default INFO). */
  readonly entries: (level?: Level) => Effect.Effect<ReadonlyArray<LogEntry>>
  /** Messages and log lines from now on. */
  readonly messages: Stream.Stream<readonly [conversation: string, entry: Entry]>
  readonly lines: Stream.Stream<LogEntry>
}

const weight: { readonly [level in Level]: number } = { INFO: 0, WARNING: 1, ERROR: 2 }
const watched = 256

const trim = <A>(list: Array<A>, limit: number): void => {
  // Cut by halves, so that a full memory costs a shift of the array only now and then.
  if (list.length > limit * 2) list.splice(0, list.length - limit)
}

const last = <A>(list: ReadonlyArray<A>, limit: number): ReadonlyArray<A> => list.slice(-limit)

/** An empty memory, held for the scope's life. */
export const make = Effect.fnUntraced(function*(limits: Limits): Effect.fn.Return<Messenger, never, Scope.Scope> {
  const conversations = new Map<string, Array<Entry>>()
  const log: Array<LogEntry> = []
  const messages = yield* Effect.acquireRelease(PubSub.sliding<readonly [string, Entry]>(watched), PubSub.shutdown)
  const lines = yield* Effect.acquireRelease(PubSub.sliding<LogEntry>(watched), PubSub.shutdown)

  const remember = (name: string, entry: Entry) => {
    const entries = conversations.get(name) ?? []
    entries.push(entry)
    trim(entries, limits.maxMessages)
    conversations.delete(name)
    conversations.set(name, entries)
    const oldest = conversations.keys().next().value
    if (conversations.size > limits.maxConversations && oldest !== undefined) conversations.delete(oldest)
  }

  return {
    file: (name, entry) =>
      Effect.flatMap(Clock.currentTimeMillis, (at) => {
        const dated = { ...entry, at }
        remember(name, dated)
        return Effect.asVoid(PubSub.publish(messages, [name, dated] as const))
      }),
    log: (level, text) =>
      Effect.flatMap(Clock.currentTimeMillis, (at) => {
        const entry = { at, level, text }
        log.push(entry)
        trim(log, limits.maxLogEntries)
        return Effect.asVoid(PubSub.publish(lines, entry))
      }),
    conversations: Effect.sync(() => [...conversations.keys()]),
    history: (name) => Effect.sync(() => last(conversations.get(name) ?? [], limits.maxMessages)),
    entries: (level = "INFO") =>
      Effect.sync(() => last(log, limits.maxLogEntries).filter((entry) => weight[entry.level] >= weight[level])),
    messages: Stream.fromPubSub(messages),
    lines: Stream.fromPubSub(lines)
  }
})
