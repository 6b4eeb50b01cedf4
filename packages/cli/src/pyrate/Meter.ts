/** One line at a terminal that is written again and again, for commands without a room. */
import { Effect } from "effect"
import type { Screen } from "../before/Screen.ts"

// Where a terminal does not say how wide it is, or says nothing.
const narrow = 80

/** Shows the first of the lines, and clears it away when there are none. */
export const make = (output: NodeJS.WriteStream = process.stdout): NonNullable<Screen["status"]> => (draw) =>
  Effect.sync(() => {
    const [line = ""] = draw(output.columns > 0 ? output.columns : narrow)
    output.write(`\r${line}\u001B[K`)
  })
