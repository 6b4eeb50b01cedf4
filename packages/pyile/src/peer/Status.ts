/** Where a peer stands in its network. */
import { Schema } from "effect"

/** `reason` is the tag of the error that ended the session, or "Left" after leaving by itself. */
export const Status = Schema.TaggedUnion({
  Joining: {},
  Joined: {},
  Reconnecting: { reason: Schema.String },
  Left: { reason: Schema.String }
})
export type Status = typeof Status.Type
