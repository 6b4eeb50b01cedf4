/** Where a peer stands with the peer through which it joins. One that begins a network of its own is Joined. */
import { Schema } from "effect"

/** `reason` is the tag of the error that ended the connection, or "Left" after leaving by itself. */
export const Status = Schema.TaggedUnion({
  Joining: {},
  Joined: {},
  Reconnecting: { reason: Schema.String },
  Left: { reason: Schema.String }
})
export type Status = typeof Status.Type
