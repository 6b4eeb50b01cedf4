/** `peerage demo`: shows and checks a whole network in one process. */
import { Console, Effect } from "effect"
import { Command, TerminalCapabilities } from "effect/cli"
import { perform } from "../before/Perform.ts"
import { NotAsItShould } from "../demo/Cast.ts"
import { play } from "../demo/Play.ts"
import * as Timeline from "../demo/Timeline.ts"
import * as Style from "../room/Style.ts"
import * as About from "./About.ts"

const name = "peerage demo"

// The play takes two seconds; what takes this long is stuck.
const limit = "14 seconds"

/** The command. */
export const demo = Command.make("demo", {}, () =>
  perform(
    name,
    Effect.fnUntraced(function*({ json, values }) {
      yield* values.done
      const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
      const style = canColor && !json ? Style.ansi : Style.none
      const timeline = yield* Timeline.make(style, json)
      yield* play(timeline).pipe(
        Effect.scoped,
        Effect.timeoutOrElse({
          duration: limit,
          orElse: () => Effect.fail(new NotAsItShould({ what: `it was not over within ${limit}` }))
        })
      )
      const [steps, elapsed] = [yield* timeline.steps, yield* timeline.elapsed]
      if (!json) {
        yield* Console.log(
          `\n${style.green("✓")} ${steps} steps, all as they should be, in ${Timeline.seconds(elapsed).trim()}.`
        )
      }
    })
  )).pipe(
    Command.withDescription(About.sentences.demo),
    Command.withExamples([{
      command: "peerage demo",
      description: "Takes a few seconds, uses free ports, needs nothing"
    }])
  )
