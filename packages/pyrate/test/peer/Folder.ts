/** Real directories for tests: one that is shared, beside one that nobody is meant to see. */
import { NodeServices } from "@effect/platform-node"
import { it } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import type { Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, FileSystem, Layer, Path, type PlatformError } from "effect"
import { systemError } from "effect/PlatformError"
import type * as Saving from "../../src/peer/downloading/Saving.ts"
import { suite } from "../Suite.ts"

export const secret = "nobody is meant to read this"

/** Tests with real files and sockets. */
export const live = suite<NodeServices.NodeServices | Transport.Transport>(
  Effect.provide(Layer.merge(NodeServices.layer, NodeTransport.layer)),
  it.live
)

/** A directory with a few words to use it. */
export const folder = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const directory = yield* fs.realPath(yield* fs.makeTempDirectoryScoped())
  const at = (name: string) => path.join(directory, name)
  return {
    directory,
    at,
    put: (name: string, text: string) => fs.writeFileString(at(name), text),
    get: (name: string) => fs.readFileString(at(name)),
    link: (target: string, name: string) => fs.symlink(target, at(name)),
    entries: Effect.map(fs.readDirectory(directory), (names) => names.sort())
  }
})

/** A directory to share, and one beside it with a secret. */
export const scene = Effect.gen(function*() {
  const outside = yield* folder
  yield* outside.put("secret.txt", secret)
  return { outside, shared: yield* folder }
})

/** A file system some of whose verbs do something else. */
export const changed = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  change: (fs: FileSystem.FileSystem) => Partial<FileSystem.FileSystem>
): Effect.Effect<A, E, R | FileSystem.FileSystem> =>
  Effect.flatMap(
    FileSystem.FileSystem,
    (fs) => Effect.provideService(effect, FileSystem.FileSystem, { ...fs, ...change(fs) })
  )

export const song = FileName.FileName.make("song.txt")

/** Saves the song into a directory. */
export const into = (directory: string, more: Partial<Saving.Destination> = {}): Saving.Destination => ({
  directory,
  name: song,
  replace: false,
  maxBytes: 1000,
  progress: () => Effect.void,
  ...more
})

/** What a disk says. */
export const refusal = (code: string): Effect.Effect<never, PlatformError.PlatformError> =>
  Effect.fail(systemError({
    _tag: code === "EPERM" ? "PermissionDenied" : "Unknown",
    module: "FileSystem",
    method: "test",
    cause: Object.assign(new Error(code), { code })
  }))
