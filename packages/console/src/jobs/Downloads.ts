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

/** A file that is there. */
interface Whole {
  readonly bytes: number
}

const problemOf = <E extends { readonly message: string }>(cause: Cause.Cause<E>): string =>
  Option.match(Cause.findErrorOption(cause), {
    onNone: () => "It was broken off; nothing was saved.",
    onSome: ({ message }) => message
  })

const ended = <A extends Whole, E extends { readonly message: string }>(
  { transfer, ...download }: Download,
  exit: Exit.Exit<A, E>
): Download =>
  Exit.isSuccess(exit)
    // The last bytes are not announced.
    ? { ...download, transfer: { ...transfer, bytes: exit.value.bytes, total: exit.value.bytes }, end: { done: true } }
    : { ...download, transfer, end: { done: false, problem: problemOf(exit.cause) } }

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
      const [oldest, ...others] = all().filter((one) => !isUnderWay(one))
      if (oldest !== undefined && others.length >= mostEnded) downloads.delete(oldest.transfer.name)
      return tell
    })
  const begin = ({ name, peer }: { readonly name: string; readonly peer: string }) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => {
      // One that is fetched again stands at the end.
      downloads.delete(name)
      return set({ peer, transfer: Transfer.begin(name, at) })
    })
  const end = <A extends Whole, E extends { readonly message: string }>(name: string, exit: Exit.Exit<A, E>) =>
    Effect.suspend(() => {
      const download = downloads.get(name)
      return download === undefined ? Effect.void : set(ended(download, exit))
    })
  return {
    /** Shows a download for as long as some work lasts, and then what became of it. One of a name at a time. */
    during: <A extends Whole, E extends { readonly message: string }, R>(
      what: { readonly name: string; readonly peer: string },
      work: Effect.Effect<A, E, R>
    ) => Effect.acquireUseRelease(begin(what), () => work, (_, exit) => end(what.name, exit)),
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
