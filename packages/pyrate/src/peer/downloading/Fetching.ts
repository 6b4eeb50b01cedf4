/** Downloads: each is a command, reports its progress, and is saved as a whole or not at all. */
import { OptionValue, PeerAddress } from "@peerage/transport"
import { Effect, FileSystem, Path, Ref } from "effect"
import type { FileName } from "../../codec/FileName.ts"
import * as Download from "../../exchange/Download.ts"
import { DownloadError } from "../../PyrateError.ts"
import type { PeerContext } from "../PeerContext.ts"
import * as Reporting from "../Reporting.ts"
import * as Floor from "./Floor.ts"
import * as Leftovers from "./Leftovers.ts"
import * as Saving from "./Saving.ts"

/** Where to save a file. */
export interface DownloadOptions {
  /** The directory. Default: the shared one. */
  readonly to?: string | undefined
  /** Whether a file of the same name is replaced. Default false. */
  readonly replace?: boolean | undefined
}

/** A file that was fetched. */
export interface Saved {
  readonly path: string
  readonly bytes: number
}

/** Fetches a file. */
export type Fetch = (
  peer: PeerAddress.PeerAddress,
  name: FileName,
  options?: DownloadOptions
) => Effect.Effect<Saved, DownloadError>

const checkOptions = OptionValue.checkAll("a download", { to: OptionValue.text, replace: OptionValue.flag })

/** Makes the verb, which saves to `shared` where a download names no other directory. */
export const make = (
  context: PeerContext,
  shared: string
): Effect.Effect<Fetch, never, FileSystem.FileSystem | Path.Path> =>
  Effect.map(Effect.context<FileSystem.FileSystem | Path.Path>(), (services): Fetch => (peer, name, options = {}) => {
    const { config, events, pool } = context
    const fetch = Effect.gen(function*() {
      checkOptions(options)
      const destination = { directory: options.to ?? shared, name, replace: options.replace ?? false }
      if (options.to !== undefined) yield* Leftovers.clear(options.to)
      // A file that cannot be saved is not asked for.
      yield* Saving.free(destination)
      const transfer = yield* Download.initiate({ ...context, address: PeerAddress.toInet(peer) }, name)
      const received = yield* Ref.make(0)
      const report = yield* reporting(context, name, transfer.size)
      const progress = (bytes: number) => Effect.andThen(Ref.set(received, bytes), report(bytes))
      const saved = yield* Effect.raceFirst(
        Saving.save({ ...destination, maxBytes: config.maxFileBytes, progress }, transfer),
        Floor.watch(name, received, config)
      )
      yield* events.publish([{ _tag: "Saved", name, ...saved }])
      return saved
    })
    return pool.run({ _tag: "Outbound", kind: "DownloadRequest", peer }, Effect.scoped(fetch)).pipe(
      Effect.mapError((reason) => new DownloadError({ reason })),
      Effect.provideContext(services)
    )
  })

/** Announces progress. */
const reporting = Effect.fnUntraced(function*(context: PeerContext, name: FileName, size?: number) {
  const report = yield* Reporting.make(context)
  const { minBytesPerSecond } = context.config
  const total = size === undefined ? {} : { total: size }
  const least = minBytesPerSecond === 0 ? {} : { least: minBytesPerSecond }
  return (bytes: number) => report({ _tag: "Progress", name, bytes, ...total, ...least })
})
