/**
 * What the command line tells beyond the library's own events: how a peer stands with its bootstrap, answers to what was
 * typed, and what could not be done.
 */
import { FileName, PyrateEvent } from "@peerage/pyrate"
import { PeerAddress } from "@peerage/transport"
import { Schema } from "effect"
import { answers } from "../before/Answer.ts"

/** Something that a peer does, or that waits for its turn. */
const Command = Schema.Struct({ direction: Schema.String, kind: Schema.String, peer: Schema.String })

/** Answers; times are ISO 8601. */
export const Answer = Schema.TaggedUnion({
  /** Registered with the bootstrap at that address, again after it could not be reached. */
  Connected: { peer: Schema.String },
  /** The bootstrap cannot be reached; it is tried again. */
  Closed: { peer: Schema.String, reason: Schema.String },
  /** The files of a peer. */
  Files: { peer: PeerAddress.PeerAddress, files: Schema.Array(FileName.FileName) },
  /** No more answers to a search are waited for: who has the file. */
  Searched: { name: FileName.FileName, peers: Schema.Array(PeerAddress.PeerAddress) },
  /** What this peer does and what waits, in the order of its arrival. */
  Commands: { commands: Schema.Array(Command) },
  /** This peer leaves when so many downloads and searches are done. */
  Leaving: { waitsFor: Schema.Int },
  ...answers
})
export type Answer = typeof Answer.Type

/** All that is told in a Pyrate room. */
export type Event = PyrateEvent.PyrateEvent | Answer

/** One of them, by its tag. */
export type Tagged<Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>
