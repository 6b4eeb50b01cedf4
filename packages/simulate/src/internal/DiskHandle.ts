/** An open file of a simulated disk: Effect's `File`. */
import { ByteSize, Clock, Effect, FileSystem, Option, PlatformError } from "effect"
import { DiskFile } from "./DiskFile.ts"
import { type DiskTree, type Entry, failure } from "./DiskTree.ts"

/** Runs what throws a `PlatformError`, with the time on the caller's clock. */
export const attempt = <A>(run: (now: number) => A): Effect.Effect<A, PlatformError.PlatformError> =>
  Clock.clockWith((clock) =>
    Effect.try({
      try: () => run(clock.currentTimeMillisUnsafe()),
      catch: (cause) =>
        PlatformError.isPlatformError(cause)
          ? cause
          : PlatformError.systemError({ _tag: "Unknown", module: "FileSystem", method: "attempt", cause })
    })
  )

/** What `stat` says of an entry. */
export const infoOf = (tree: DiskTree, entry: Entry): FileSystem.File.Info => ({
  type: entry instanceof DiskFile ? "File" : "Directory",
  mtime: Option.some(new Date(entry.changedAt)),
  atime: Option.some(new Date(entry.changedAt)),
  birthtime: Option.some(new Date(entry.bornAt)),
  dev: 1n,
  ino: Option.some(BigInt(entry.serial)),
  mode: (entry instanceof DiskFile ? 0o100000 : 0o040000) | entry.mode,
  nlink: Option.some(BigInt(tree.names(entry))),
  uid: Option.some(0),
  gid: Option.some(0),
  rdev: Option.some(0n),
  size: ByteSize.bytes(entry instanceof DiskFile ? entry.size : 0),
  blksize: Option.some(ByteSize.bytes(4096)),
  blocks: Option.some(BigInt(Math.ceil((entry instanceof DiskFile ? entry.size : 0) / 512)))
})

/** Writes, where there is space for it. */
export const write = (
  tree: DiskTree,
  { file, method, path }: { readonly file: DiskFile; readonly method: string; readonly path: string },
  start: number,
  bytes: Uint8Array,
  now: number
): void => {
  tree.reserve(method, path, file, start + bytes.length)
  file.write(start, bytes, now)
}

/** Finds or makes the file, as the flag says. */
export const opened = (
  tree: DiskTree,
  path: string,
  flag: FileSystem.OpenFlag,
  mode: number,
  now: number
): DiskFile => {
  const exists = tree.find(path) !== undefined
  if (exists && flag.includes("x")) throw failure("EEXIST", "open", path)
  if (flag.startsWith("r")) return tree.file("open", path)
  const file = exists ? tree.file("open", path) : tree.create("open", path, mode, now)
  if (flag.startsWith("w")) file.resize(0, now)
  return file
}

/** A file with a position of its own. */
export const make = (tree: DiskTree, path: string, flag: FileSystem.OpenFlag, file: DiskFile): FileSystem.File => {
  let position = 0
  const readable = flag.startsWith("r") || flag.includes("+")
  const writable = flag !== "r"
  const read = (size: number, options: FileSystem.File.ReadOptions = {}) => {
    if (!readable) throw failure("EPERM", "read", path)
    const bytes = file.read(options.position === undefined ? position : Number(options.position), size)
    if (options.position === undefined) position += bytes.length
    return bytes
  }
  const writeAll = (buffer: Uint8Array) =>
    attempt((now) => {
      if (!writable) throw failure("EPERM", "write", path)
      if (flag.startsWith("a")) position = file.size
      write(tree, { file, method: "write", path }, position, buffer, now)
      position += buffer.length
      return buffer.length
    })
  return {
    [FileSystem.FileTypeId]: FileSystem.FileTypeId,
    stat: attempt(() => infoOf(tree, file)),
    seek: (offset, from) =>
      attempt(() => {
        const target = (from === "start" ? 0 : position) + Number(offset)
        if (target < 0) throw PlatformError.badArgument({ module: "FileSystem", method: "seek" })
        position = target
        return BigInt(position)
      }),
    sync: attempt(() => file.flush()),
    read: (buffer, options) =>
      attempt(() => {
        const bytes = read(buffer.length, options)
        buffer.set(bytes)
        return bytes.length
      }),
    readAlloc: (size, options) =>
      attempt(() => {
        const bytes = read(size, options)
        return bytes.length === 0 ? Option.none() : Option.some(bytes)
      }),
    truncate: (length = 0) =>
      attempt((now) => {
        tree.reserve("truncate", path, file, length)
        file.resize(length, now)
      }),
    write: writeAll,
    writeAll: (buffer) => Effect.asVoid(writeAll(buffer))
  }
}
