/** The downloads under way, by name, and where their bars are shown. Nothing is shown where there is no such place. */
import { Clock, Effect } from "effect"
import type { Screen } from "../before/Screen.ts"
import * as Transfer from "./Transfer.ts"

/** The bars of a screen. */
export interface Bars {
  /** Shows one as long as something lasts. */
  readonly during: <A, E, R>(name: string, work: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Moves it. Nothing happens for a name whose download has ended. */
  readonly advance: (arrived: Transfer.Arrived & { readonly name: string }) => Effect.Effect<void>
}

/** No bars yet. */
export const make = ({ status, style }: Pick<Screen, "status" | "style">): Bars => {
  const transfers = new Map<string, Transfer.Transfer>()
  const show = Effect.suspend(() => {
    const lines = [...transfers.values()]
    return status === undefined
      ? Effect.void
      : status((columns) => lines.map((transfer) => Transfer.line(style, transfer, columns)))
  })
  const set = (transfer: Transfer.Transfer) =>
    Effect.suspend(() => {
      transfers.set(transfer.name, transfer)
      return show
    })
  return {
    during: (name, work) =>
      Effect.acquireUseRelease(
        Effect.flatMap(Clock.currentTimeMillis, (at) => set(Transfer.begin(name, at))),
        () => work,
        () => Effect.andThen(Effect.sync(() => transfers.delete(name)), show)
      ),
    advance: (arrived) =>
      Effect.flatMap(Clock.currentTimeMillis, (at) => {
        const transfer = transfers.get(arrived.name)
        return transfer === undefined ? Effect.void : set(Transfer.advance(transfer, arrived, at))
      })
  }
}
