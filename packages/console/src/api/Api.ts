/** All that a page can ask of a console. */
import * as Rpc from "effect/rpc/Rpc"
import * as RpcGroup from "effect/rpc/RpcGroup"
import * as Schema from "effect/Schema"
import { About } from "./About.ts"
import { Frame, Said } from "./Frame.ts"
import { Act, Fault, Pace, Score } from "./Stage.ts"

/** Why something was not done, in a sentence that says what to do next. */
export class Refused extends Schema.TaggedError<Refused>()("Refused", { message: Schema.String }) {}

/** What was done, in a sentence. */
export const Done = Schema.Struct({ sentence: Schema.String })
/** What was done. */
export type Done = typeof Done.Type

/** What was written in the fields of an ability, by their names. `target` is the member or the row it is asked of. */
export const Values = Schema.Record(Schema.String, Schema.String)
/** What was written in the fields of an ability. */
export type Values = typeof Values.Type

/** All calls. */
export class Api extends RpcGroup.make(
  Rpc.make("About", { success: About }),
  /** Frames, at most ten a second; four while more happens than they can show, and one for a page that is hidden. */
  Rpc.make("Watch", {
    payload: { conversation: Schema.String, hidden: Schema.Boolean },
    success: Frame,
    stream: true
  }),
  /** Up to 200 messages of a conversation before a serial, oldest first. */
  Rpc.make("History", {
    payload: { conversation: Schema.String, before: Schema.optionalKey(Schema.Int) },
    success: Schema.Array(Said),
    error: Refused
  }),
  Rpc.make("Ask", { payload: { ability: Schema.String, values: Values }, success: Done, error: Refused }),
  Rpc.make("Play", { payload: { hidden: Schema.Boolean }, success: Act, error: Refused, stream: true }),
  Rpc.make("Pace", { payload: Pace.fields, error: Refused }),
  Rpc.make("Fault", { payload: { fault: Fault }, error: Refused }),
  /** Plays the same seed and the faults up to a moment anew, and goes on from there. */
  Rpc.make("Branch", { payload: { at: Schema.Finite }, error: Refused }),
  Rpc.make("Score", { success: Score, error: Refused })
) {}
