/** `peerage simulate`: runs a scenario in a simulated network, and shows it. */
import { Effect, Result } from "effect"
import * as ConsoleFlag from "../console/Flag.ts"
import { optionalArgument, text, yes } from "../Flags.ts"
import { names } from "../simulate/Defaults.ts"
import * as Listing from "../simulate/Listing.ts"
import * as Play from "../simulate/Play.ts"
import * as Reading from "../simulate/Reading.ts"
import { duration, whole } from "../Values.ts"
import * as About from "./About.ts"
import { define } from "./Common.ts"

/** The command. */
export const command = define(
  {
    name: "peerage simulate",
    unfinished: "the simulation was not over",
    about: About.sentences.simulate,
    flags: {
      scenario: optionalArgument(
        "NAME|FILE",
        "A scenario by its name, or a file of one; without it all are listed",
        names
      ),
      hosts: text("hosts", whole(1, 1000), "How many hosts there are"),
      seed: text("seed", whole(0), "What all chance follows from: the same seed gives the same run"),
      until: text("until", duration, "How much time passes in it (default: what the scenario says)"),
      chart: text("chart", Reading.hostNames, "Draw the packets between these hosts, as 1,6 or 1-3"),
      seeds: text("seeds", whole(1, 100_000), "Try so many seeds, and stop at the first that goes wrong"),
      speed: text(
        "speed",
        Reading.speed,
        "At a terminal, or on a page: simulated seconds a second at first (default: 1)"
      ),
      paused: yes("paused", "At a terminal, or on a page: begin paused"),
      console: ConsoleFlag.flag
    },
    examples: {
      "peerage simulate": "List the scenarios",
      "peerage simulate split-brain": "Watch half of a network be cut off and come back",
      "peerage simulate split-brain --until 60s --chart 1,6": "See what two of its hosts said to each other",
      "peerage simulate pyile --console": "See it in a browser, with its time in your hand, and break what you like",
      "peerage simulate my.json --seeds 100": "Try a scenario of your own with a hundred seeds"
    }
  },
  Effect.fnUntraced(function*(task) {
    const { given, invoked, json, read, screen } = task
    if (given.scenario.text === undefined) {
      yield* read({ ...given, scenario: Result.succeed(undefined) })
      return yield* Listing.list(screen.style, invoked, json)
    }
    const port = yield* ConsoleFlag.Wanted
    const order = yield* Reading.order(given, { json, live: screen.size !== undefined }, read)
    if (port !== undefined) {
      // What serves a page is loaded only for one.
      const { show } = yield* Effect.promise(() => import("../simulate/stage/OnPage.ts"))
      return yield* show(order, port, screen)
    }
    yield* Play.play(order, { json, screen, again: `${invoked} simulate ${Reading.typedOf(given)}` })
  })
)
