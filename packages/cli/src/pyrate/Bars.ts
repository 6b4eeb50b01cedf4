/** The bars of downloads: above a prompt, or in one line of a terminal for a command without a room. */
import * as Downloads from "@peerage/console/Downloads"
import { Effect } from "effect"
import { columnsOf } from "../room/Prompt.ts"
import type { Screen } from "../room/Screen.ts"
import * as Bar from "./Bar.ts"

/** Makes bars, none yet. They show nothing on a screen without a place for changing lines. */
export const make = ({ status, style }: Pick<Screen, "status" | "style">): Downloads.Downloads =>
  Downloads.make((underWay) =>
    status === undefined ? Effect.void : status((columns) => underWay.map((one) => Bar.line(style, one, columns)))
  )

/** A place for one changing line at a terminal: shows the first of the lines, and clears it when there are none. */
export const oneLine = (output: NodeJS.WriteStream = process.stdout): NonNullable<Screen["status"]> => (draw) =>
  Effect.sync(() => {
    const [line = ""] = draw(columnsOf(output))
    // The next one shows how far it is by then.
    if (line !== "" && output.writableNeedDrain) return
    output.write(`\r${line}\u001B[K`)
  })
