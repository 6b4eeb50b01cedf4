/** Downloads into the shared folder as jobs, the same from a terminal and from a page. Their ends are reported. */
import { type FileName, type FilePeer, PyrateError } from "@peerage/pyrate"
import type { PeerAddress } from "@peerage/transport"
import { Effect } from "effect"
import { printable } from "../Printable.ts"
import type { Journal } from "../talk/Journal.ts"
import { type Failed, failed, type Failure, type Mistake } from "../words/Failed.ts"
import type { Jobs } from "./Jobs.ts"
import type { Transfers } from "./Transfers.ts"

/** What a download comes to: a file, or why there is none. */
export type Ended =
  | Failed
  | { readonly _tag: "Saved"; readonly name: FileName.FileName; readonly path: string; readonly bytes: number }

/** What fetching works on. */
export interface Fetching {
  readonly peer: Pick<FilePeer.FilePeerService, "download">
  readonly jobs: Pick<Jobs<Ended>, "begin">
  readonly bars: Pick<Transfers, "during">
  readonly journal: Pick<Journal<never>, "warn">
}

/** A file that is wanted. */
export interface Wanted<E> {
  readonly name: FileName.FileName
  /** Where it is, as it was given. */
  readonly at: string
  /** The same as an address. */
  readonly from: Effect.Effect<PeerAddress.PeerAddress, E>
  /** What was typed, or what could have been. */
  readonly command: string
}

/** The name of a download among the jobs. */
export const downloadOf = (name: FileName.FileName): string => `The download of ${name}`

/** A failure of a download with what can be done about it where a line can be typed again. */
const again = <E extends Failure>(error: PyrateError.DownloadError | E): Failure =>
  error instanceof PyrateError.DownloadError && error.reason._tag === "AlreadyThere"
    ? {
      reason: "AlreadyThere",
      message: `${printable(error.reason.path)} is there already and stays as it is. `
        + "Move it or give it another name, then type the same again."
    }
    : error

/** Begins to fetch a file. Fails where it is under way already. */
export const begin = <E extends Failure>(
  { bars, jobs, journal, peer }: Fetching,
  { at, command, from, name }: Wanted<E>
): Effect.Effect<void, Mistake> => {
  const fetched = Effect.flatMap(from, (from) => peer.download(from, name)).pipe(
    Effect.tapError((error) => journal.warn(`${printable(command)}: ${error.message}`)),
    Effect.mapError(again)
  )
  const job = Effect.match(bars.during({ name, peer: at }, fetched), {
    onSuccess: ({ bytes, path }): ReadonlyArray<Ended> => [{ _tag: "Saved", name, path, bytes }],
    onFailure: (failure) => [failed(command, failure)]
  })
  const broken = `The download of ${printable(name)} was broken off; nothing was saved.`
  return Effect.flatMap(
    jobs.begin(downloadOf(name), job, [failed(command, { reason: "Interrupted", message: broken })]),
    (begun) =>
      begun
        ? Effect.void
        : Effect.fail({ reason: "UnderWay", message: `${printable(downloadOf(name))} is under way already.` })
  )
}
