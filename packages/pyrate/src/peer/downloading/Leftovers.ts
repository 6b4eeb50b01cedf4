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

/** What nobody has written to for so long is left: a download under way gives up after some seconds of silence. */
const patience = "1 hour"

/** Whether a folder is of a process that has ended, as far as that is known; else whether it looks like it. */
const isLeft = Effect.fnUntraced(function*(place: string, mark: string) {
  const judgement = yield* Owner.judge(mark)
  if (judgement !== "Unknown") return judgement === "Ended"
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const inside = yield* Effect.orElseSucceed(fs.readDirectory(place), (): ReadonlyArray<string> => [])
  return yield* Owner.isSilent([place, ...inside.map((name) => path.join(place, name))], patience)
})

/** Removes the folders of processes that have ended. One that cannot be removed stays. */
export const clear = Effect.fnUntraced(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  for (const name of yield* fs.readDirectory(directory)) {
    const [, mark] = /^\.pyrate-(\w+)-\w+$/.exec(name) ?? []
    const place = path.join(directory, name)
    if (mark === undefined || !(yield* isLeft(place, mark))) continue
    yield* Effect.ignore(fs.remove(place, { recursive: true }))
  }
}, (clearing) => Effect.ignore(clearing))
