/** A simulated network as a console shows it. Who runs the simulation makes one. */
import type { Effect, Stream } from "effect"
import type { About } from "./api/About.ts"
import type { Refused } from "./api/Api.ts"
import type { Act, Fault, Pace, Score } from "./api/Stage.ts"

/** A simulated network, whose time a page may hold. */
export interface Stage {
  readonly about: Effect.Effect<Pick<About, "protocol" | "role" | "self">>
  /**
   * What happens, from the beginning. A page that is hidden needs no more than an act a second. Each page has a stream of its
   * own, and the network goes on while there is none, as its pace says.
   */
  readonly play: (hidden: boolean) => Stream.Stream<Act, Refused>
  readonly pace: (pace: Pace) => Effect.Effect<void, Refused>
  readonly fault: (fault: Fault) => Effect.Effect<void, Refused>
  readonly branch: (at: number) => Effect.Effect<void, Refused>
  readonly score: Effect.Effect<Score, Refused>
}
