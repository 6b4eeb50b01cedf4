/**
 * The folders in which downloads are written before they have their name. Each carries the mark of its process, so that
 * what a process left that was killed can be removed.
 *
 *     .pyrate-web1_4026531836_4711_1414064-x3Kd9a/file
 */
import { Owner } from "@peerage/wire"
import { Effect, FileSystem, Path } from "effect"

/** Makes a folder in a directory for the scope's life. */
export const folder = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.makeTempDirectoryScoped({ directory, prefix: `.pyrate-${yield* Owner.mark}-` })
})

/** Removes the folders of processes that have ended. One that cannot be removed stays. */
export const clear = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  for (const name of yield* fs.readDirectory(directory)) {
    const [, mark] = /^\.pyrate-(\w+)-\w+$/.exec(name) ?? []
    if (mark === undefined || !(yield* Owner.hasEnded(mark))) continue
    yield* Effect.ignore(fs.remove(path.join(directory, name), { recursive: true }))
  }
}, (clearing) => Effect.ignore(clearing))
