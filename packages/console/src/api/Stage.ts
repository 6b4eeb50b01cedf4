/** What a page is shown of a simulated network, and what can be done to it. Times are simulated milliseconds. */
import * as Schema from "effect/Schema"

/** A host, as it is from a moment on. */
export const Host = Schema.Struct({
  at: Schema.Finite,
  name: Schema.String,
  address: Schema.String,
  /** As "host" or "member". */
  role: Schema.String,
  state: Schema.Literals(["running", "paused", "killed", "stopped"]),
  /** Names of the hosts that it knows. */
  knows: Schema.Array(Schema.String)
})
/** A host, as it is from a moment on. */
export type Host = typeof Host.Type

/** The pairs of hosts between which nothing arrives, in that direction, from a moment on. */
export const Cuts = Schema.Struct({
  at: Schema.Finite,
  pairs: Schema.Array(Schema.Struct({ from: Schema.String, to: Schema.String })),
  /** Pairs that are too many to be told. */
  more: Schema.Int
})
/** The pairs of hosts between which nothing arrives. */
export type Cuts = typeof Cuts.Type

const settings = {
  /** In milliseconds; up to `jitter` more are added at random. */
  latency: Schema.optionalKey(Schema.Finite),
  jitter: Schema.optionalKey(Schema.Finite),
  /** Bytes a second; without it there is no bound. */
  bandwidth: Schema.optionalKey(Schema.Finite),
  /** Probabilities from 0 to 1: that a packet is lost, and that a datagram arrives twice, or late by `reorderDelay`. */
  loss: Schema.optionalKey(Schema.Finite),
  duplication: Schema.optionalKey(Schema.Finite),
  reordering: Schema.optionalKey(Schema.Finite),
  /** In milliseconds. */
  reorderDelay: Schema.optionalKey(Schema.Finite)
}

/** What a link is like. */
export const LinkSettings = Schema.Struct(settings)
/** What a link is like. */
export type LinkSettings = typeof LinkSettings.Type

/** What links are like from a moment on: most of them, and those that are otherwise, in that direction. */
export const Links = Schema.Struct({
  at: Schema.Finite,
  usual: LinkSettings,
  others: Schema.Array(Schema.Struct({ from: Schema.String, to: Schema.String, ...settings })),
  /** Others that are too many to be told. */
  more: Schema.Int
})
/** What links are like from a moment on. */
export type Links = typeof Links.Type

/** A packet on its way. Without `arrives` it was dropped. */
export const Packet = Schema.Struct({
  n: Schema.Int,
  at: Schema.Finite,
  arrives: Schema.optionalKey(Schema.Finite),
  /** Name of a host. */
  from: Schema.String,
  /** Name of a host; "all" for a broadcast. */
  to: Schema.String,
  kind: Schema.Literals(["message", "heartbeat", "open", "close", "reset", "datagram"]),
  /** In bytes. */
  length: Schema.Int,
  /** What it says, shortened. */
  gist: Schema.String,
  /** Why it was dropped: by chance, by a cut, or because nobody is there who would take it. */
  dropped: Schema.optionalKey(Schema.Literals(["lost", "cut", "down"]))
})
/** A packet on its way. */
export type Packet = typeof Packet.Type

/** Something that happened. */
export const Note = Schema.Struct({
  n: Schema.Int,
  at: Schema.Finite,
  /** A fault that begins, one that is put right, an event of a host, what came true as expected, and what did not. */
  kind: Schema.Literals(["fault", "mended", "event", "kept", "broken"]),
  host: Schema.optionalKey(Schema.String),
  text: Schema.String
})
/** Something that happened. */
export type Note = typeof Note.Type

/** What happened since the last act. */
export const Act = Schema.Struct({
  /** True for the first of a stream, and after a branch: it replaces all that a page has. */
  first: Schema.Boolean,
  now: Schema.Finite,
  /** When the scenario is over. Time stops there, and can go on. */
  end: Schema.Finite,
  seed: Schema.Union([Schema.Finite, Schema.String]),
  speed: Schema.Finite,
  paused: Schema.Boolean,
  /** True while a branch is played anew. */
  replaying: Schema.Boolean,
  /** Hosts that are new or have changed, in the order of that. */
  hosts: Schema.Array(Host),
  cuts: Schema.Array(Cuts),
  links: Schema.Array(Links),
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
  speed: Schema.optionalKey(Schema.Finite),
  /** Lets so many milliseconds pass, and pauses. */
  step: Schema.optionalKey(Schema.Finite)
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
    /** True for packets from a to b only. */
    oneWay: Schema.optionalKey(Schema.Boolean),
    ...settings,
    /** Without it the bandwidth stays; "unlimited" lifts its bound. */
    bandwidth: Schema.optionalKey(Schema.Union([Schema.Finite, Schema.Literal("unlimited")]))
  })
])
/** Something that goes wrong. */
export type Fault = typeof Fault.Type

/** What plays a run again: a scenario file, a name for it, and the command that plays it. */
export const Score = Schema.Struct({ name: Schema.String, text: Schema.String, command: Schema.String })
/** What plays a run again. */
export type Score = typeof Score.Type
