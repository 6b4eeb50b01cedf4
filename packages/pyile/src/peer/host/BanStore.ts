/**
 * Where bans outlive the process. Without a store they live as long as the host; `layerFile` keeps them in a file.
 *
 *     [{ "network": "10.0.0.7/32", "reason": "3 wrong passwords", "until": "2026-01-01T00:00:00.000Z" }]
 *
 * The file is written beside and renamed. One that cannot be read is an error at start and stays as it is.
 */
import { SystemProblem } from "@peerage/wire"
import { Context, Effect, FileSystem, Layer, type PlatformError, Random, Schema, Semaphore } from "effect"
import { BanStoreError } from "../../PyileError.ts"

/** A network that may not join, why, and until when; for ever without. */
export const Ban = Schema.Struct({
  network: Schema.IpNetworkFromString,
  reason: Schema.String,
  until: Schema.OptionFromOptionalKey(Schema.DateTimeUtcFromString)
})
export type Ban = typeof Ban.Type

const Bans = Schema.fromJsonString(Schema.Array(Ban))
const decode = Schema.decodeEffect(Bans)
const encode = Schema.encodeEffect(Bans)

/** Loads bans at start and saves them all at each change. In memory only, unless a layer says otherwise. */
export const BanStore = Context.Reference<{
  readonly load: Effect.Effect<ReadonlyArray<Ban>, BanStoreError>
  readonly save: (bans: ReadonlyArray<Ban>) => Effect.Effect<void, BanStoreError>
}>("@peerage/pyile/BanStore", {
  defaultValue: () => ({ load: Effect.succeed([]), save: () => Effect.void })
})

/** Keeps bans in a file, which need not exist yet; its folder must. */
export const layerFile = (path: string): Layer.Layer<never, never, FileSystem.FileSystem> =>
  Layer.effect(
    BanStore,
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const oneAtATime = yield* Semaphore.make(1)
      const failed = (action: "read" | "write") => (error: PlatformError.PlatformError) =>
        new BanStoreError({ action, path, problem: SystemProblem.of(error) })
      const unlisted = () => new BanStoreError({ action: "read", path, problem: "it is not a list of bans" })

      const load = Effect.gen(function*() {
        if (!(yield* Effect.mapError(fs.exists(path), failed("read")))) return []
        const text = yield* Effect.mapError(fs.readFileString(path), failed("read"))
        return yield* Effect.mapError(decode(text), unlisted)
      })

      const save = Effect.fnUntraced(function*(bans: ReadonlyArray<Ban>) {
        const text = yield* Effect.orDie(encode(bans))
        const beside = `${path}.${yield* Random.nextIntBetween(0, 0x7fffffff)}.tmp`
        yield* fs.writeFileString(beside, text, { mode: 0o600 }).pipe(
          Effect.andThen(fs.rename(beside, path)),
          Effect.onError(() => Effect.ignore(fs.remove(beside))),
          Effect.mapError(failed("write"))
        )
      })

      return { load, save: (bans: ReadonlyArray<Ban>) => oneAtATime.withPermit(save(bans)) }
    })
  )
