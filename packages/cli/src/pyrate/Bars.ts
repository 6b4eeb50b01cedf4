/** The bars of downloads: above a prompt, or in one line of a terminal for a command without a room. */
import * as Transfer from "@peerage/console/Transfer"
import { Clock, Effect } from "effect"
import { columnsOf } from "../room/Prompt.ts"
import type { Screen } from "../room/Screen.ts"
import * as Bar from "./Bar.ts"

/** The bars of a screen. */
export type Bars = ReturnType<typeof make>

/** Makes bars, none yet. They show nothing on a screen without a place for changing lines. */
export const make = ({ status, style }: Pick<Screen, "status" | "style">) => {
  const transfers = new Map<string, Transfer.Transfer>()
  const lines = (columns: number) => Array.from(transfers.values(), (one) => Bar.line(style, one, columns))
  const show = status === undefined ? Effect.void : status(lines)
  const set = (transfer: Transfer.Transfer) =>
    Effect.andThen(Effect.sync(() => transfers.set(transfer.name, transfer)), show)
  return {
    /** Shows a bar for as long as some work lasts. */
    during: <A, E, R>(name: string, work: Effect.Effect<A, E, R>) =>
      Effect.acquireUseRelease(
        Effect.flatMap(Clock.currentTimeMillis, (at) => set(Transfer.begin(name, at))),
        () => work,
        () => Effect.andThen(Effect.sync(() => transfers.delete(name)), show)
      ),
    /** Moves the bar of a download; has no effect after its end. */
    advance: (arrived: Transfer.Arrived & { readonly name: string }) =>
      Effect.flatMap(Clock.currentTimeMillis, (at) => {
        const transfer = transfers.get(arrived.name)
        return transfer === undefined ? Effect.void : set(Transfer.advance(transfer, arrived, at))
      })
  }
}

/** A place for one changing line at a terminal: shows the first of the lines, and clears it when there are none. */
export const oneLine = (output: NodeJS.WriteStream = process.stdout): NonNullable<Screen["status"]> => (draw) =>
  Effect.sync(() => {
    const [line = ""] = draw(columnsOf(output))
    // The next one shows how far it is by then.
    if (line !== "" && output.writableNeedDrain) return
    output.write(`\r${line}\u001B[K`)
  })
