/** How far a branch has been played anew. */
import { time } from "../state/simulation.ts"
import { seconds } from "./moments.ts"

/** A sentence over the stage while a branch is played; nothing while the network is live. */
export const Replay = () =>
  time.value.replaying
    ? (
      <p class="hint" role="status">
        The same seed and the same faults are played anew: {seconds(time.value.now)}. Then it is live.
      </p>
    )
    : null
