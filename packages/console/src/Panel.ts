/**
 * What a console shows of one peer, and what can be asked of it. The console knows no protocol: each has one file that
 * makes a panel of its peer. Nothing of a panel runs while no page is open.
 */
import type { Effect, Stream } from "effect"
import type { Ability, About } from "./api/About.ts"
import type { Done, Refused, Values } from "./api/Api.ts"
import type { Graph, Line, Member, Meter, Row, Said, Status, Transfer } from "./api/Frame.ts"

/** An event of a library. */
export interface Tagged {
  readonly _tag: string
}

/** The parts of a frame that events change: lists, or a table by its name. */
export type Part = "members" | "graph" | "transfers" | `table:${string}`

/**
 * A message of a conversation. `n` counts the messages of all conversations, as several have the same time. `data` is any
 * JSON, also with a bigint. Nothing is made printable or cut yet: frames do that.
 */
export type Message = Omit<Said, "cut" | "data"> & { readonly data: unknown }

/** Conversations, as they are kept for a terminal too. */
export interface Talk {
  /** The messages of a conversation, oldest first. "" is the one with everybody. */
  readonly history: (conversation: string) => Effect.Effect<ReadonlyArray<Message>>
  /** The latest messages of all conversations whose `n` is more than this, oldest first; at most `most`. */
  readonly since: (n: number, most: number) => Effect.Effect<ReadonlyArray<Message>>
}

/** The log, as it is kept for a terminal too. `n` counts its lines. */
export interface Log {
  /** The lines whose `n` is more than this, oldest first. */
  readonly since: (n: number) => Effect.Effect<ReadonlyArray<Line>>
}

/** Something that can be asked, and the doing of it. */
export interface Asking extends Ability {
  readonly run: (values: Values) => Effect.Effect<Done, Refused>
}

/**
 * What a console shows of one peer. Lists are asked for when an event touches them, and once a second, as what is overdue or
 * over becomes so without an event.
 */
export interface Panel<Event extends Tagged = Tagged> {
  /** Asked for when a page opens: addresses and invitations may change. */
  readonly about: Effect.Effect<Omit<About, "kind" | "run" | "version" | "abilities">>
  readonly status: Effect.Effect<Status>
  /** The library's own events. */
  readonly events: Stream.Stream<Event>
  /** An event as `--json` prints it: any JSON, also with a bigint. */
  encode(event: Event): unknown
  /** Which parts an event changes. Called for every event: no more than a look at its tag. */
  touches(event: Event): ReadonlyArray<Part>
  readonly members: Effect.Effect<ReadonlyArray<Member>>
  readonly talk?: Talk | undefined
  readonly log?: Log | undefined
  readonly tables: { readonly [name: string]: Effect.Effect<ReadonlyArray<Row>> }
  readonly graph?: Effect.Effect<Graph> | undefined
  readonly transfers?: Effect.Effect<ReadonlyArray<Transfer>> | undefined
  readonly meters: Effect.Effect<ReadonlyArray<Meter>>
  readonly abilities: ReadonlyArray<Asking>
}
