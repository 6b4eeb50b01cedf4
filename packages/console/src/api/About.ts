/** What a page draws: which peer this is, which parts it has, and what can be asked of it. */
import * as Schema from "effect/Schema"

/** A field that somebody fills in. */
export const Field = Schema.Struct({
  name: Schema.String,
  label: Schema.String,
  kind: Schema.Literals(["text", "address", "network", "duration", "file", "json", "peer", "choice"]),
  /** What may be written, as "10.0.0.7 or 10.0.0.0/24". */
  hint: Schema.optionalKey(Schema.String),
  /** True when it may be left empty. */
  optional: Schema.Boolean,
  /** For a choice. */
  choices: Schema.optionalKey(Schema.Array(Schema.String))
})
/** A field that somebody fills in. */
export type Field = typeof Field.Type

/** Something that can be asked: say, ban, kick, connect, search, download. */
export const Ability = Schema.Struct({
  name: Schema.String,
  label: Schema.String,
  /** Of what it is asked: of the peer, of a member, or of a row of the table named behind the colon. */
  on: Schema.Union([
    Schema.Literals(["panel", "member"]),
    Schema.TemplateLiteral([Schema.Literal("row:"), Schema.String])
  ]),
  /**
   * The table that it is about. One of the peer stands beside it, and without a table beside the members; one of a member
   * leads to it.
   */
  beside: Schema.optionalKey(Schema.String),
  fields: Schema.Array(Field),
  /** True when it is asked once more before it is done. */
  confirms: Schema.Boolean,
  /** True when it takes something away from somebody. */
  harsh: Schema.Boolean
})
/** Something that can be asked. */
export type Ability = typeof Ability.Type

/** A table: its name in frames, its title, its columns, and the sentence in place of rows. */
export const Table = Schema.Struct({
  name: Schema.String,
  title: Schema.String,
  columns: Schema.Array(Schema.String),
  empty: Schema.String,
  /** Beside the conversation, or under a tab of its own. */
  place: Schema.Literals(["side", "tab"])
})
/** A table. */
export type Table = typeof Table.Type

/** How others join. Holds no secret. */
export const Invite = Schema.Struct({
  /** What somebody types who wants to join. */
  command: Schema.String,
  /** An invitation as text, where the transport has them. */
  invitation: Schema.optionalKey(Schema.String),
  /** A QR code of it: its side in modules, and an SVG path over that square. */
  code: Schema.optionalKey(Schema.Struct({ size: Schema.Int, path: Schema.String })),
  /** What else they need, in a sentence, as "the passphrase that the terminal showed". */
  needs: Schema.optionalKey(Schema.String)
})
/** How others join. */
export type Invite = typeof Invite.Type

/** One console. */
export const About = Schema.Struct({
  kind: Schema.Literals(["peer", "simulation"]),
  /** Differs for every process, so that a page notices when another answers. */
  run: Schema.String,
  /** As "Pyile". */
  protocol: Schema.String,
  /** As "host". */
  role: Schema.String,
  self: Schema.String,
  version: Schema.String,
  /** What members are called, as "Members" or "Connections". */
  members: Schema.String,
  /** Titles of the parts that there are; a part without a title there is not. */
  talk: Schema.optionalKey(Schema.String),
  /** The conversation with everybody, where there is one. */
  everybody: Schema.Boolean,
  /** True where what is written to somebody who is gone waits until they are back. */
  keeps: Schema.optionalKey(Schema.Boolean),
  log: Schema.Boolean,
  graph: Schema.optionalKey(Schema.String),
  transfers: Schema.optionalKey(Schema.String),
  tables: Schema.Array(Table),
  abilities: Schema.Array(Ability),
  invite: Schema.optionalKey(Invite)
})
/** One console. */
export type About = typeof About.Type
