/** The bars of files on their way: above a prompt, or in one line of a terminal for a command without a room. */
import * as Transfers from "@peerage/console/Transfers"
import { Effect } from "effect"
import { columnsOf } from "../room/Prompt.ts"
import type { Screen } from "../room/Screen.ts"
import * as Bar from "./Bar.ts"

// The prompt has to stay in sight, however many fetch something here.
const most = 8

/** Makes bars, none yet. They show nothing on a screen without a place for changing lines. */
export const make = ({ status, style }: Pick<Screen, "status" | "style">): Transfers.Transfers =>
  Transfers.make((underWay) => {
    // What was asked for here comes before what others ask for.
    const sorted = underWay.toSorted((one, other) => one.direction.localeCompare(other.direction))
    const more = sorted.length - most
    return status === undefined ? Effect.void : status((columns) => [
      ...sorted.slice(0, most).map((one) => Bar.line(style, one, columns)),
      ...(more > 0 ? [`and ${more} more`] : [])
    ])
  })

/** A place for one changing line at a terminal: shows the first of the lines, and clears it when there are none. */
export const oneLine = (output: NodeJS.WriteStream = process.stdout): NonNullable<Screen["status"]> => (draw) =>
  Effect.sync(() => {
    const [line = ""] = draw(columnsOf(output))
    // The next one shows how far it is by then.
    if (line !== "" && output.writableNeedDrain) return
    output.write(`\r${line}\u001B[K`)
  })
