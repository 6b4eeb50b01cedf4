/**
 * The disk of a simulated host: Effect's `FileSystem` in memory, which outlives the programs that use it.
 *
 * Everything takes no time. What a program has written survives a kill, except where the kill is told to lose what was
 * not flushed: then each file has the content it had at its last `sync`, and a file that was never synced is empty.
 * There are no symbolic links, and nothing can be watched.
 */
import { OptionValue } from "@peerage/transport"
import { Effect, FileSystem, PlatformError, Random, Stream } from "effect"
import { DiskFile } from "./internal/DiskFile.ts"
import { attempt, infoOf, make as makeHandle, opened, write } from "./internal/DiskHandle.ts"
import { DiskTree, failure, normalize } from "./internal/DiskTree.ts"

/** Options of a disk. */
export interface Options {
  /** Bytes of content that fit. A write beyond fails with ENOSPC. Default: no limit. */
  readonly capacity?: number | undefined
}

/** A disk, and what can happen to it. */
export interface Disk {
  /** The file system as programs of the host have it. */
  readonly files: FileSystem.FileSystem
  /** Bytes in all files. */
  readonly used: Effect.Effect<number>
  /** Makes it full, so that no file can grow, or gives its space back. */
  readonly setFull: (full: boolean) => Effect.Effect<void>
  /** Loses what was written to each file since its last `sync`, as a power cut may. */
  readonly loseUnflushed: Effect.Effect<void>
}

const capacity: OptionValue.OptionValue = {
  accepts: (value) => value === undefined || typeof value === "number" && value >= 0,
  expected: "a number of bytes from 0, or Infinity"
}

const checkOptions = OptionValue.checkAll("Disk.make", { capacity })

const unwatched = (path: string) =>
  PlatformError.badArgument({
    module: "FileSystem",
    method: "watch",
    description: `nothing on a simulated disk can be watched: ${path}`
  })

const fail = (code: string, method: string, path: string): never => {
  throw failure(code, method, path)
}

const temporary = (tree: DiskTree, directory = "/tmp", prefix = "", suffix = "") =>
  Random.nextIntBetween(0, 0xffff_ffff).pipe(
    Effect.map((chance) => `${normalize(directory)}/${prefix}${chance.toString(36)}${suffix}`),
    Effect.repeat({ until: (path) => tree.find(path) === undefined })
  )

const copied = (tree: DiskTree, from: string, to: string, now: number): void => {
  const source = tree.entry("copy", from)
  if (source instanceof DiskFile) {
    const file = opened(tree, to, "w", source.mode, now)
    return write(tree, { file, method: "copy", path: to }, 0, source.read(0, source.size), now)
  }
  tree.makeDirectory(to, true, source.mode, now)
  for (const name of tree.list(from, false)) copied(tree, `${from}/${name}`, `${to}/${name}`, now)
}

const filesOf = (tree: DiskTree): FileSystem.FileSystem => {
  const remove: FileSystem.FileSystem["remove"] = (path, options = {}) =>
    attempt(() => tree.remove(path, { force: options.force === true, recursive: options.recursive === true }))
  const open: FileSystem.FileSystem["open"] = (path, { flag = "r", mode = 0o644 } = {}) =>
    attempt((now) => makeHandle(tree, path, flag, opened(tree, path, flag, mode, now)))
  const makeTempDirectory: FileSystem.FileSystem["makeTempDirectory"] = ({ directory, prefix } = {}) =>
    Effect.tap(
      temporary(tree, directory, prefix),
      (path) => attempt((now) => tree.makeDirectory(path, false, 0o700, now))
    )
  const makeTempFile: FileSystem.FileSystem["makeTempFile"] = ({ directory, prefix, suffix } = {}) =>
    Effect.tap(
      temporary(tree, directory, prefix, suffix),
      (path) => attempt((now) => void tree.create("makeTempFile", path, 0o600, now))
    )
  const gone = (path: string) => Effect.orDie(remove(path, { recursive: true, force: true }))
  const stat = (path: string) => attempt(() => infoOf(tree, tree.entry("stat", path)))
  return FileSystem.make({
    access: (path) => attempt(() => void tree.entry("access", path)),
    chmod: (path, mode) => attempt(() => void (tree.entry("chmod", path).mode = mode)),
    chown: (path) => attempt(() => void tree.entry("chown", path)),
    copy: (from, to) => attempt((now) => copied(tree, from, to, now)),
    copyFile: (from, to) => attempt((now) => copied(tree, from, to, now)),
    link: (from, to) => attempt(() => tree.link(from, to)),
    lstat: stat,
    makeDirectory: (path, { mode = 0o755, recursive = false } = {}) =>
      attempt((now) => tree.makeDirectory(path, recursive, mode, now)),
    makeTempDirectory,
    makeTempDirectoryScoped: (options) => Effect.acquireRelease(makeTempDirectory(options), gone),
    makeTempFile,
    makeTempFileScoped: (options) => Effect.acquireRelease(makeTempFile(options), gone),
    open,
    readDirectory: (path, { recursive = false } = {}) => attempt(() => tree.list(path, recursive)),
    readDirectoryEntries: (path) =>
      attempt(() =>
        tree.list(path, false).map((name) => ({
          name,
          type: tree.find(`${path}/${name}`) instanceof DiskFile ? "File" as const : "Directory" as const
        }))
      ),
    readFile: (path) => attempt(() => tree.file("readFile", path).read(0, Infinity)),
    readLink: (path) => attempt(() => fail(tree.find(path) === undefined ? "ENOENT" : "EINVAL", "readLink", path)),
    realPath: (path) => attempt(() => (tree.entry("realPath", path), normalize(path))),
    remove,
    rename: (from, to) => attempt(() => tree.rename(from, to)),
    stat,
    symlink: (_, to) => attempt(() => fail("EPERM", "symlink", to)),
    truncate: (path, length = 0) =>
      attempt((now) => {
        const file = tree.file("truncate", path)
        tree.reserve("truncate", path, file, length)
        file.resize(length, now)
      }),
    utimes: (path, _, mtime) => attempt(() => void (tree.entry("utimes", path).changedAt = Number(mtime))),
    watch: (path) => Stream.fail(unwatched(path)),
    writeFile: (path, bytes, { flag = "w", mode = 0o644 } = {}) =>
      attempt((now) => {
        const file = opened(tree, path, flag, mode, now)
        write(tree, { file, method: "writeFile", path }, flag.startsWith("a") ? file.size : 0, bytes, now)
      })
  })
}

/** An empty disk, with a directory `/tmp`. Relative paths begin at `/`. */
export const make = (options: Options = {}): Disk => {
  checkOptions(options)
  const tree = new DiskTree(options.capacity ?? Infinity)
  return {
    files: filesOf(tree),
    used: Effect.sync(() => tree.used()),
    setFull: (full) => Effect.sync(() => void (tree.full = full)),
    loseUnflushed: Effect.sync(() => tree.lose())
  }
}
