/** Files on their way to and from a peer: how far those are, and what became of the latest. A terminal and a page show the same. */
import { Cause, Clock, Effect, Exit, Option } from "effect"
import * as Progress from "./Transfer.ts"

/** How a transfer ended; `problem` says why it failed. */
export interface End {
  readonly done: boolean
  readonly problem?: string | undefined
}

/** A download, or an upload. */
export interface Transfer {
  readonly direction: "in" | "out"
  /** Where it comes from, or who asked for it. */
  readonly peer: string
  readonly progress: Progress.Transfer
  /** Missing while it is under way. */
  readonly end?: End | undefined
}

/** The transfers of one peer. */
export type Transfers = ReturnType<typeof make>

// Nobody looks further back, in either direction.
const mostEnded = 100

/** A file that is there. */
interface Whole {
  readonly bytes: number
}

/** A file that is being sent, and how much of it was. */
interface Sent extends Whole {
  readonly name: string
  readonly peer: string
  readonly total: number
}

/** What tells transfers apart: a download by its name, as there is one of a name; an upload by who asked for it too. */
export const idOf = ({ direction, peer, progress: { name } }: Transfer): string =>
  direction === "in" ? name : `${peer} ${name}`

const problemOf = <E extends { readonly message: string }>(cause: Cause.Cause<E>): string =>
  Option.match(Cause.findErrorOption(cause), {
    onNone: () => "It was broken off; nothing was saved.",
    onSome: ({ message }) => message
  })

const fetched = <A extends Whole, E extends { readonly message: string }>(
  { progress, ...download }: Transfer,
  exit: Exit.Exit<A, E>
): Transfer =>
  Exit.isSuccess(exit)
    // The last bytes are not announced.
    ? { ...download, progress: { ...progress, bytes: exit.value.bytes, total: exit.value.bytes }, end: { done: true } }
    : { ...download, progress, end: { done: false, problem: problemOf(exit.cause) } }

const isUnderWay = ({ end }: Transfer) => end === undefined

/** Those that are kept: all under way, and the latest of those that ended, of each direction. */
const kept = (all: ReadonlyArray<Transfer>): ReadonlyArray<Transfer> => {
  const forgotten = new Set(
    (["in", "out"] as const).flatMap((direction) =>
      all.filter((one) => one.direction === direction && !isUnderWay(one)).slice(0, -mostEnded)
    )
  )
  return forgotten.size === 0 ? all : all.filter((one) => !forgotten.has(one))
}

/** Makes an empty list. `changed` runs whenever one under way moves, begins or ends, with those that are. */
export const make = (changed: (underWay: ReadonlyArray<Transfer>) => Effect.Effect<void> = () => Effect.void) => {
  const transfers = new Map<string, Transfer>()
  const all = () => [...transfers.values()]
  const tell = Effect.suspend(() => changed(all().filter(isUnderWay)))
  const put = (transfer: Transfer) => {
    transfers.set(idOf(transfer), transfer)
    if (isUnderWay(transfer)) return
    const keep = new Set(kept(all()))
    for (const one of all()) if (!keep.has(one)) transfers.delete(idOf(one))
  }
  const set = (transfer: Transfer) => Effect.andThen(Effect.sync(() => put(transfer)), tell)
  const anew = (direction: Transfer["direction"], { name, peer }: Pick<Sent, "name" | "peer">, at: number) => {
    const transfer: Transfer = { direction, peer, progress: Progress.begin(name, at) }
    // One that is under way again stands at the end.
    transfers.delete(idOf(transfer))
    return transfer
  }
  const begin = (what: Pick<Sent, "name" | "peer">) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => set(anew("in", what, at)))
  const end = <A extends Whole, E extends { readonly message: string }>(name: string, exit: Exit.Exit<A, E>) =>
    Effect.suspend(() => {
      const download = transfers.get(name)
      return download === undefined ? Effect.void : set(fetched(download, exit))
    })
  const uploaded = (sent: Sent, end?: End) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => {
      const before = transfers.get(`${sent.peer} ${sent.name}`)
      const upload = before !== undefined && isUnderWay(before) ? before : anew("out", sent, at)
      return set({ ...upload, progress: Progress.advance(upload.progress, sent, at), end })
    })
  return {
    /** Shows a download for as long as some work lasts, and then what became of it. One of a name at a time. */
    during: <A extends Whole, E extends { readonly message: string }, R>(
      what: { readonly name: string; readonly peer: string },
      work: Effect.Effect<A, E, R>
    ) => Effect.acquireUseRelease(begin(what), () => work, (_, exit) => end(what.name, exit)),
    /** Moves a download; has no effect after its end. */
    advance: (arrived: Progress.Arrived & { readonly name: string }) =>
      Effect.flatMap(Clock.currentTimeMillis, (at) => {
        const download = transfers.get(arrived.name)
        return download === undefined || !isUnderWay(download)
          ? Effect.void
          : set({ ...download, progress: Progress.advance(download.progress, arrived, at) })
      }),
    /** Begins or moves an upload; all of its bytes are its end. */
    serve: (sent: Sent) => uploaded(sent, sent.bytes === sent.total ? { done: true } : undefined),
    /** Ends an upload of which not all was sent. */
    breakOff: (sent: Sent) => uploaded(sent, { done: false, problem: "It was broken off." }),
    /** Forgets the uploads under way, of whose ends nothing will be heard. */
    loseUploads: Effect.sync(() => {
      for (const one of all()) if (one.direction === "out" && isUnderWay(one)) transfers.delete(idOf(one))
    }),
    /** All that are under way, and the latest of those that ended, the oldest first. */
    all: Effect.sync(all)
  }
}
