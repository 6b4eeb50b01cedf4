/** The downloads of a peer: how far those under way are, and what became of the latest. A terminal and a page show the same. */
import { Cause, Clock, Effect, Exit, Option } from "effect"
import * as Transfer from "./Transfer.ts"

/** How a download ended; `problem` says why it failed. */
export interface End {
  readonly done: boolean
  readonly problem?: string | undefined
}

/** A download. */
export interface Download {
  /** Where it comes from. */
  readonly peer: string
  readonly transfer: Transfer.Transfer
  /** Missing while it is under way. */
  readonly end?: End | undefined
}

/** The downloads of one peer. */
export type Downloads = ReturnType<typeof make>

// Nobody looks further back.
const mostEnded = 100

const endOf = <A, E extends { readonly message: string }>(exit: Exit.Exit<A, E>): End => {
  if (Exit.isSuccess(exit)) return { done: true }
  const problem = Option.match(Cause.findErrorOption(exit.cause), {
    onNone: () => "It was broken off; nothing was saved.",
    onSome: ({ message }) => message
  })
  return { done: false, problem }
}

const isUnderWay = ({ end }: Download) => end === undefined

/** Makes an empty list. `changed` runs whenever one under way moves, begins or ends, with those that are. */
export const make = (
  changed: (underWay: ReadonlyArray<Transfer.Transfer>) => Effect.Effect<void> = () => Effect.void
) => {
  const downloads = new Map<string, Download>()
  const all = () => [...downloads.values()]
  const tell = Effect.suspend(() => changed(all().filter(isUnderWay).map(({ transfer }) => transfer)))
  const set = (download: Download) =>
    Effect.suspend(() => {
      downloads.set(download.transfer.name, download)
      const [oldest, ...ended] = all().filter((one) => !isUnderWay(one))
      if (oldest !== undefined && ended.length >= mostEnded) downloads.delete(oldest.transfer.name)
      return tell
    })
  const begin = ({ name, peer }: { readonly name: string; readonly peer: string }) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => {
      // One that is fetched again stands at the end.
      downloads.delete(name)
      return set({ peer, transfer: Transfer.begin(name, at) })
    })
  const end = (name: string, end: End) =>
    Effect.suspend(() => {
      const download = downloads.get(name)
      return download === undefined ? Effect.void : set({ ...download, end })
    })
  return {
    /** Shows a download for as long as some work lasts, and then what became of it. One of a name at a time. */
    during: <A, E extends { readonly message: string }, R>(
      what: { readonly name: string; readonly peer: string },
      work: Effect.Effect<A, E, R>
    ) => Effect.acquireUseRelease(begin(what), () => work, (_, exit) => end(what.name, endOf(exit))),
    /** Moves a download; has no effect after its end. */
    advance: (arrived: Transfer.Arrived & { readonly name: string }) =>
      Effect.flatMap(Clock.currentTimeMillis, (at) => {
        const download = downloads.get(arrived.name)
        return download === undefined || !isUnderWay(download)
          ? Effect.void
          : set({ ...download, transfer: Transfer.advance(download.transfer, arrived, at) })
      }),
    /** All that are under way, and the latest of those that ended, the oldest first. */
    all: Effect.sync(all)
  }
}
