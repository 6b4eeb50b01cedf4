/** Downloads: asked for in their turn, told of while they run, and there as a whole or not at all. */
import { PeerAddress, type Transport } from "@peerage/transport"
import { Clock, Duration, Effect, FileSystem, Path } from "effect"
import type { FileName } from "../codec/FileName.ts"
import * as Download from "../exchange/Download.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { DownloadError, FileTooLarge } from "../PyrateError.ts"
import type { CommandPool } from "./CommandPool.ts"
import type { Events } from "./Events.ts"
import * as Saving from "./Saving.ts"

/** Where to put a file. */
export interface DownloadOptions {
  /** Another directory than the shared one. */
  readonly to?: string | undefined
  /** Whether a file of the same name is replaced. Default false. */
  readonly replace?: boolean | undefined
}

/** A file that was fetched. */
export interface Saved {
  readonly path: string
  readonly bytes: number
}

/** What fetching needs. */
export interface Surroundings {
  readonly transport: Transport.Transport["Service"]
  readonly config: PyrateConfig
  readonly events: Events
  readonly pool: CommandPool
  readonly directory: string
}

/** Fetches a file. */
export type Fetch = (
  peer: PeerAddress.PeerAddress,
  name: FileName,
  options?: DownloadOptions
) => Effect.Effect<Saved, DownloadError>

/** Makes the verb. */
export const make = (
  { config, directory, events, pool, transport }: Surroundings
): Effect.Effect<Fetch, never, FileSystem.FileSystem | Path.Path> =>
  Effect.map(Effect.context<FileSystem.FileSystem | Path.Path>(), (context): Fetch => (peer, name, options = {}) => {
    const fetch = Effect.gen(function*() {
      const progress = yield* telling(events, config, name)
      const place: Saving.Place = {
        directory: options.to ?? directory,
        name,
        replace: options.replace ?? false,
        maxBytes: config.maxFileBytes,
        progress: (bytes) => progress.tell(bytes)
      }
      // What cannot be saved is not asked for.
      yield* Saving.free(place)
      const transfer = yield* Download.initiate({ transport, address: PeerAddress.toInet(peer), config }, name)
      if (transfer.size !== undefined && transfer.size > config.maxFileBytes) {
        return yield* new FileTooLarge({ limit: config.maxFileBytes })
      }
      progress.expect(transfer.size)
      const saved = yield* Saving.save(place, transfer)
      yield* events.publish([{ _tag: "Saved", name, ...saved }])
      return saved
    })
    return pool.run({ _tag: "Outbound", kind: "DownloadRequest", peer }, Effect.scoped(fetch)).pipe(
      Effect.mapError((reason) => new DownloadError({ reason })),
      Effect.provideContext(context)
    )
  })

/** Tells of progress, not too often. */
const telling = (events: Events, { progressEvery }: PyrateConfig, name: FileName) =>
  Effect.sync(() => {
    let total: number | undefined
    let toldAt = -Infinity
    return {
      expect: (size: number | undefined) => {
        total = size
      },
      tell: (bytes: number) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          if (now - toldAt < Duration.toMillis(progressEvery)) return Effect.void
          toldAt = now
          return events.publish([{ _tag: "Progress", name, bytes, ...(total === undefined ? {} : { total }) }])
        })
    }
  })
