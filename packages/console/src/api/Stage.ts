/** What a page is shown of a simulated network, and what can be done to it. Times are simulated milliseconds. */
import * as Schema from "effect/Schema"

/** A host: who it is and how it is. */
export const Host = Schema.Struct({
  name: Schema.String,
  address: Schema.String,
  /** As "host" or "member". */
  role: Schema.String,
  state: Schema.Literals(["running", "paused", "killed", "stopped"]),
  /** Names of the hosts that it knows. */
  knows: Schema.Array(Schema.String)
})
/** A host. */
export type Host = typeof Host.Type

/** A packet on its way. Without `arrives` it was dropped. */
export const Packet = Schema.Struct({
  n: Schema.Int,
  at: Schema.Number,
  arrives: Schema.optionalKey(Schema.Number),
  /** Names of hosts. */
  from: Schema.String,
  to: Schema.String,
  kind: Schema.Literals(["message", "heartbeat", "open", "close", "reset", "datagram"]),
  /** In bytes. */
  length: Schema.Int,
  /** What it says, shortened. */
  gist: Schema.optionalKey(Schema.String)
})
/** A packet on its way. */
export type Packet = typeof Packet.Type

/** Something that happened. */
export const Note = Schema.Struct({
  n: Schema.Int,
  at: Schema.Number,
  kind: Schema.Literals(["fault", "event", "kept", "broken"]),
  host: Schema.optionalKey(Schema.String),
  text: Schema.String
})
/** Something that happened. */
export type Note = typeof Note.Type

/** What happened since the last act. */
export const Act = Schema.Struct({
  /** True for the first of a stream, and after a branch: it replaces all that a page has. */
  first: Schema.Boolean,
  now: Schema.Number,
  end: Schema.Number,
  seed: Schema.Union([Schema.Number, Schema.String]),
  speed: Schema.Number,
  paused: Schema.Boolean,
  /** True while a branch is played anew. */
  replaying: Schema.Boolean,
  hosts: Schema.optionalKey(Schema.Array(Host)),
  /** Pairs of hosts between which nothing arrives, in that direction. */
  cuts: Schema.optionalKey(Schema.Array(Schema.Struct({ from: Schema.String, to: Schema.String }))),
  packets: Schema.Array(Packet),
  /** Packets that were too many to be told. */
  skipped: Schema.Int,
  notes: Schema.Array(Note)
})
/** What happened since the last act. */
export type Act = typeof Act.Type

/** How time passes; what is absent stays. */
export const Pace = Schema.Struct({
  paused: Schema.optionalKey(Schema.Boolean),
  /** Simulated time over real time. */
  speed: Schema.optionalKey(Schema.Number),
  /** Lets so many milliseconds pass, and pauses. */
  step: Schema.optionalKey(Schema.Number)
})
/** How time passes. */
export type Pace = typeof Pace.Type

/** Something that goes wrong, or right again. Hosts by name. */
export const Fault = Schema.Union([
  Schema.TaggedStruct("Cut", { a: Schema.String, b: Schema.String }),
  Schema.TaggedStruct("Heal", { a: Schema.String, b: Schema.String }),
  Schema.TaggedStruct("HealAll", {}),
  Schema.TaggedStruct("Kill", { host: Schema.String }),
  Schema.TaggedStruct("Restart", { host: Schema.String }),
  Schema.TaggedStruct("Pause", { host: Schema.String }),
  Schema.TaggedStruct("Resume", { host: Schema.String }),
  Schema.TaggedStruct("Link", {
    a: Schema.String,
    b: Schema.String,
    /** In milliseconds. */
    latency: Schema.optionalKey(Schema.Number),
    /** From 0 to 1. */
    loss: Schema.optionalKey(Schema.Number)
  })
])
/** Something that goes wrong. */
export type Fault = typeof Fault.Type

/** What plays a run again: a scenario file, and a name for it. */
export const Score = Schema.Struct({ name: Schema.String, text: Schema.String })
/** What plays a run again. */
export type Score = typeof Score.Type
