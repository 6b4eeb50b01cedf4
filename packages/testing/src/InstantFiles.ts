/**
 * Real files whose operations end before they return. Node's own take turns of the event loop, which a simulated network
 * and its clock do not see: whoever waited for a file there would be late, or the test would have to guess how long to
 * stand still.
 */
import { NodeServices } from "@effect/platform-node"
import { ByteSize, Effect, FileSystem, Layer, Option, PlatformError } from "effect"
import * as Fs from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const tags: { readonly [code: string]: PlatformError.SystemErrorTag } = {
  ENOENT: "NotFound",
  EACCES: "PermissionDenied",
  EPERM: "PermissionDenied",
  EEXIST: "AlreadyExists",
  EISDIR: "BadResource",
  ENOTDIR: "BadResource",
  ELOOP: "BadResource"
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : ""

/** Fails as Node's file system does. */
const attempt = <A>(method: string, pathOrDescriptor: string | number, run: () => A) =>
  Effect.try({
    try: run,
    catch: (cause) =>
      PlatformError.systemError({
        _tag: tags[codeOf(cause)] ?? "Unknown",
        module: "FileSystem",
        method,
        pathOrDescriptor,
        cause
      })
  })

const typeOf = (stats: Pick<Fs.Stats, "isFile" | "isDirectory" | "isSymbolicLink">): FileSystem.File.Type =>
  stats.isFile() ? "File" : stats.isDirectory() ? "Directory" : stats.isSymbolicLink() ? "SymbolicLink" : "Unknown"

const infoOf = (stats: Fs.BigIntStats): FileSystem.File.Info => ({
  type: typeOf(stats),
  mtime: Option.some(stats.mtime),
  atime: Option.some(stats.atime),
  birthtime: Option.some(stats.birthtime),
  dev: stats.dev,
  ino: Option.some(stats.ino),
  mode: Number(stats.mode),
  nlink: Option.some(stats.nlink),
  uid: Option.some(Number(stats.uid)),
  gid: Option.some(Number(stats.gid)),
  rdev: Option.some(stats.rdev),
  size: ByteSize.bytes(Number(stats.size)),
  blksize: Option.some(ByteSize.bytes(Number(stats.blksize))),
  blocks: Option.some(stats.blocks)
})

/** What programs do with an open file: read it or write it from its beginning to its end. */
const fileOf = (fd: number): FileSystem.File => {
  const read = (size: number) =>
    attempt("readAlloc", fd, () => {
      const buffer = new Uint8Array(size)
      const length = Fs.readSync(fd, buffer)
      return length === 0 ? Option.none() : Option.some(buffer.subarray(0, length))
    })
  return {
    [FileSystem.FileTypeId]: FileSystem.FileTypeId,
    stat: attempt("stat", fd, () => infoOf(Fs.fstatSync(fd, { bigint: true }))),
    seek: () => Effect.die("a file is read and written in order"),
    sync: Effect.void,
    read: (buffer) => attempt("read", fd, () => Fs.readSync(fd, buffer)),
    readAlloc: read,
    truncate: (length) => attempt("truncate", fd, () => Fs.ftruncateSync(fd, length)),
    write: (buffer) => attempt("write", fd, () => Fs.writeSync(fd, buffer)),
    writeAll: (buffer) => attempt("writeAll", fd, () => Fs.writeFileSync(fd, buffer))
  }
}

const open: FileSystem.FileSystem["open"] = (path, options) =>
  Effect.map(
    Effect.acquireRelease(
      attempt("open", path, () => Fs.openSync(path, options?.flag ?? "r", options?.mode)),
      (fd) => Effect.sync(() => Fs.closeSync(fd))
    ),
    fileOf
  )

const remove: FileSystem.FileSystem["remove"] = (path, options) =>
  attempt("remove", path, () => Fs.rmSync(path, options))

const makeTempDirectory: FileSystem.FileSystem["makeTempDirectory"] = ({ directory = tmpdir(), prefix = "" } = {}) =>
  attempt("makeTempDirectory", directory, () => Fs.mkdtempSync(join(directory, prefix || "peerage-")))

const files = FileSystem.makeNoop({
  access: (path, options) =>
    attempt(
      "access",
      path,
      () => Fs.accessSync(path, options?.writable === true ? Fs.constants.W_OK : Fs.constants.F_OK)
    ),
  exists: (path) => Effect.sync(() => Fs.existsSync(path)),
  link: (from, to) => attempt("link", from, () => Fs.linkSync(from, to)),
  lstat: (path) => attempt("lstat", path, () => infoOf(Fs.lstatSync(path, { bigint: true }))),
  makeDirectory: (path, options) => attempt("makeDirectory", path, () => void Fs.mkdirSync(path, options)),
  makeTempDirectory,
  makeTempDirectoryScoped: (options) =>
    Effect.acquireRelease(
      makeTempDirectory(options),
      (path) => Effect.orDie(remove(path, { recursive: true, force: true }))
    ),
  open,
  readDirectory: (path) => attempt("readDirectory", path, () => Fs.readdirSync(path)),
  readDirectoryEntries: (path) =>
    attempt(
      "readDirectoryEntries",
      path,
      () => Fs.readdirSync(path, { withFileTypes: true }).map((entry) => ({ name: entry.name, type: typeOf(entry) }))
    ),
  readFile: (path) => attempt("readFile", path, () => new Uint8Array(Fs.readFileSync(path))),
  readFileString: (path) => attempt("readFileString", path, () => Fs.readFileSync(path, "utf8")),
  realPath: (path) => attempt("realPath", path, () => Fs.realpathSync(path)),
  remove,
  rename: (from, to) => attempt("rename", from, () => Fs.renameSync(from, to)),
  stat: (path) => attempt("stat", path, () => infoOf(Fs.statSync(path, { bigint: true }))),
  symlink: (from, to) => attempt("symlink", from, () => Fs.symlinkSync(from, to)),
  writeFile: (path, content) => attempt("writeFile", path, () => Fs.writeFileSync(path, content)),
  writeFileString: (path, content, { flag, mode } = {}) =>
    attempt("writeFileString", path, () => Fs.writeFileSync(path, content, { flag, mode }))
})

/** Node's services, with files that take no time. */
export const layer: Layer.Layer<NodeServices.NodeServices> = Layer.merge(
  NodeServices.layer,
  Layer.succeed(FileSystem.FileSystem, files)
)
