/** `peerage demo`: shows and checks a whole network in one process. */
import { Console, Effect } from "effect"
import { NotAsItShould } from "../demo/Cast.ts"
import { play } from "../demo/Play.ts"
import * as Timeline from "../demo/Timeline.ts"
import * as Screen from "../room/Screen.ts"
import { none } from "../room/Style.ts"
import * as About from "./About.ts"
import { define } from "./Common.ts"

// The play takes two seconds; after this long it is stuck.
const limit = "14 seconds"

/** The command. */
export const demo = define(
  {
    name: "peerage demo",
    about: About.sentences.demo,
    flags: {},
    examples: [{ command: "peerage demo", description: "Takes a few seconds, uses free ports, needs nothing" }]
  },
  Effect.fnUntraced(function*({ json, read }) {
    yield* read({})
    const style = json ? none : yield* Screen.style
    const timeline = yield* Timeline.make(style, json)
    yield* Effect.timeoutOrElse(Effect.scoped(play(timeline)), {
      duration: limit,
      orElse: () => Effect.fail(new NotAsItShould({ what: `it was not over within ${limit}` }))
    })
    const [steps, elapsed] = [yield* timeline.steps, yield* timeline.elapsed]
    if (json) return
    yield* Console.log(
      `\n${style.green("✓")} ${steps} steps, all as they should be, in ${Timeline.seconds(elapsed).trim()}.`
    )
  })
)
