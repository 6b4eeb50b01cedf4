/**
 * What a page is shown of a running peer. A frame says what has changed since the one before: lists are whole and
 * bounded, messages, lines and events are those that are new. Text in it was made printable by the peer's process.
 */
import * as Schema from "effect/Schema"

/** A serial number by which a page knows that two frames mean the same thing. Grows by one. */
const Serial = Schema.Int
/** Milliseconds since 1970. */
const Moment = Schema.Finite

/** How things are, in a word and in a sentence; `tone` is its colour. */
export const Status = Schema.Struct({
  tone: Schema.Literals(["good", "waiting", "bad"]),
  word: Schema.String,
  sentence: Schema.optionalKey(Schema.String)
})
/** How things are. */
export type Status = typeof Status.Type

/** Somebody who is here, or who was and has a conversation. */
export const Member = Schema.Struct({
  /** What abilities take, and the name of the conversation. */
  id: Schema.String,
  /** As people call it: an alias, or the id itself, shortened. */
  name: Schema.String,
  /** What tells it from others of that name, as its address. */
  detail: Schema.optionalKey(Schema.String),
  /** Short facts, as "2 hops", "strict" or "has the key 1a2b". */
  marks: Schema.Array(Schema.String),
  since: Schema.optionalKey(Moment),
  state: Schema.Literals(["here", "overdue", "gone"])
})
/** Somebody who is here. */
export type Member = typeof Member.Type

/** One message of a conversation. */
export const Said = Schema.Struct({
  n: Serial,
  /** The id of a member, or "" for what was said to everybody. */
  conversation: Schema.String,
  at: Moment,
  from: Schema.String,
  name: Schema.optionalKey(Schema.String),
  own: Schema.Boolean,
  /** Why the sender may be another, in words. */
  doubt: Schema.optionalKey(Schema.String),
  data: Schema.Json,
  /** What kind of data it is, where a protocol has kinds. */
  type: Schema.optionalKey(Schema.String),
  /** True when the data is longer than what is shown. */
  cut: Schema.Boolean
})
/** One message of a conversation. */
export type Said = typeof Said.Type

/** One line of the log. */
export const Line = Schema.Struct({
  n: Serial,
  at: Moment,
  level: Schema.Literals(["INFO", "WARNING", "ERROR"]),
  text: Schema.String
})
/** One line of the log. */
export type Line = typeof Line.Type

/** One event, as `--json` prints it. */
export const Happening = Schema.Struct({ n: Serial, at: Moment, event: Schema.Json, cut: Schema.Boolean })
/** One event. */
export type Happening = typeof Happening.Type

/** A row of a table; `id` is what its abilities take. */
export const Row = Schema.Struct({ id: Schema.String, cells: Schema.Array(Schema.String) })
/** A row of a table. */
export type Row = typeof Row.Type

/** The rows of a table, and how many more there are. */
export const Rows = Schema.Struct({ rows: Schema.Array(Row), more: Schema.Int })
/** The rows of a table. */
export type Rows = typeof Rows.Type

/** A network as a peer sees it: itself, whom it knows, and over whom it reaches them. */
export const Graph = Schema.Struct({
  nodes: Schema.Array(Schema.Struct({
    id: Schema.String,
    name: Schema.String,
    /** 0 is the peer itself. */
    hops: Schema.Int,
    /** The id of the neighbour over which it is reached; its own for a neighbour. */
    via: Schema.optionalKey(Schema.String)
  })),
  more: Schema.Int
})
/** A network as a peer sees it. */
export type Graph = typeof Graph.Type

/** A file on its way. */
export const Transfer = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  peer: Schema.String,
  direction: Schema.Literals(["in", "out"]),
  bytes: Schema.Finite,
  /** In bytes; without it the length is not known. */
  total: Schema.optionalKey(Schema.Finite),
  /** Bytes a second, of late. */
  rate: Schema.Finite,
  state: Schema.Literals(["waiting", "running", "done", "failed"]),
  /** Where it is, or why it failed, in words. */
  sentence: Schema.optionalKey(Schema.String)
})
/** A file on its way. */
export type Transfer = typeof Transfer.Type

/** What has been counted since the peer started. */
export const Meter = Schema.Struct({
  name: Schema.String,
  label: Schema.String,
  unit: Schema.Literals(["events", "bytes"]),
  total: Schema.Finite
})
/** What has been counted. */
export type Meter = typeof Meter.Type

/** What changed. What is absent is as it was. */
export const Frame = Schema.Struct({
  at: Moment,
  /** True for the first of a stream: it replaces all that a page has. */
  first: Schema.Boolean,
  status: Schema.optionalKey(Status),
  members: Schema.optionalKey(Schema.Struct({ list: Schema.Array(Member), more: Schema.Int })),
  tables: Schema.optionalKey(Schema.Record(Schema.String, Rows)),
  graph: Schema.optionalKey(Graph),
  transfers: Schema.optionalKey(Schema.Array(Transfer)),
  said: Schema.Array(Said),
  lines: Schema.Array(Line),
  happenings: Schema.Array(Happening),
  /** Events since the last frame, and those of them that are not among `happenings`. */
  counted: Schema.Int,
  skipped: Schema.Int,
  meters: Schema.optionalKey(Schema.Array(Meter))
})
/** What changed. */
export type Frame = typeof Frame.Type

/** The bounds that every frame keeps. */
export const bounds = {
  /** Of a list or a table. */
  rows: 500,
  /** New messages, lines and events of one frame, each. */
  news: 64,
  /** Messages of the open conversation in the first frame. */
  messages: 200,
  /** Lines of the log in the first frame. */
  lines: 300,
  /** Bytes of UTF-8 of one text. */
  text: 4096,
  /** Bytes of one frame. */
  frame: 262_144
} as const
