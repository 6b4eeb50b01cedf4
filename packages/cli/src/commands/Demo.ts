/** `peerage demo`: shows and checks a whole network in one process. */
import { Console, Effect } from "effect"
import { inTime } from "../demo/Participants.ts"
import { play } from "../demo/Play.ts"
import * as Timeline from "../demo/Timeline.ts"
import * as About from "./About.ts"
import { define } from "./Common.ts"

// The play takes two seconds; after this long it is stuck.
const limit = "14 seconds"

/** The command. */
export const command = define(
  {
    name: "peerage demo",
    unfinished: "the demo was not over",
    about: About.sentences.demo,
    flags: {},
    examples: {
      "peerage demo": "Takes a few seconds, uses free ports, needs nothing"
    }
  },
  Effect.fnUntraced(function*({ json, read, screen }) {
    yield* read({})
    const { style } = screen
    const timeline = yield* Timeline.make(style, json)
    yield* inTime(Effect.scoped(play(timeline)), `it was not over within ${limit}`, limit)
    const [steps, elapsed] = [yield* timeline.steps, yield* timeline.elapsed]
    if (json) return
    yield* Console.log(
      `\n${style.green("✓")} ${steps} steps, all as they should be, in ${Timeline.seconds(elapsed).trim()}.`
    )
  })
)
