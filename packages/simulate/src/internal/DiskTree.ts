/**
 * The names on a simulated disk, and the space on it. As on a journaling file system, names survive a power cut; what
 * was written to a file since it was last flushed may not. Failures are those of Node's file system.
 */
import { PlatformError } from "effect"
import { DiskFile } from "./DiskFile.ts"

/** A directory. Its entries are the paths that begin with its own. */
export interface Directory {
  readonly serial: number
  readonly bornAt: number
  mode: number
  changedAt: number
}

/** What a path leads to. */
export type Entry = DiskFile | Directory

const tags: { readonly [code: string]: PlatformError.SystemErrorTag } = {
  ENOENT: "NotFound",
  EEXIST: "AlreadyExists",
  EISDIR: "BadResource",
  ENOTDIR: "BadResource",
  EPERM: "PermissionDenied"
}

const meanings: { readonly [code: string]: string } = {
  ENOENT: "no such file or directory",
  EEXIST: "file already exists",
  EISDIR: "is a directory",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  ENOSPC: "no space left on device",
  EPERM: "operation not permitted",
  EINVAL: "invalid argument"
}

/** A failure with the errno code, as Node's file system has it. */
export const failure = (code: string, method: string, path: string): PlatformError.PlatformError =>
  PlatformError.systemError({
    _tag: tags[code] ?? "Unknown",
    module: "FileSystem",
    method,
    pathOrDescriptor: path,
    description: meanings[code],
    cause: Object.assign(new Error(`${code}: ${meanings[code]}, ${method} '${path}'`), { code })
  })

/** An absolute path without `.`, `..` and double slashes. A relative one begins at the root. */
export const normalize = (path: string): string => {
  const parts: Array<string> = []
  for (const part of path.split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  return `/${parts.join("/")}`
}

const parentOf = (path: string): string => normalize(path.slice(0, path.lastIndexOf("/")))
const below = (path: string): string => path === "/" ? "/" : `${path}/`

/** The entries of one disk. Methods throw a `PlatformError`. */
export class DiskTree {
  /** True while nothing more fits. */
  full = false
  private readonly capacity: number
  private readonly entries = new Map<string, Entry>()
  private serial = 0

  /** `capacity` is how many bytes of content fit. */
  constructor(capacity: number) {
    this.capacity = capacity
    this.entries.set("/", { serial: ++this.serial, bornAt: 0, mode: 0o755, changedAt: 0 })
    this.entries.set("/tmp", { serial: ++this.serial, bornAt: 0, mode: 0o777, changedAt: 0 })
  }

  /** Each file once, however many names it has. */
  private files(): ReadonlySet<DiskFile> {
    return new Set([...this.entries.values()].filter((entry) => entry instanceof DiskFile))
  }

  /** Bytes in all files. */
  used(): number {
    let used = 0
    for (const { size } of this.files()) used += size
    return used
  }

  /** A power cut that loses what was not flushed. */
  lose(): void {
    for (const file of this.files()) file.lose()
  }

  find(path: string): Entry | undefined {
    return this.entries.get(normalize(path))
  }

  entry(method: string, path: string): Entry {
    const entry = this.find(path)
    if (entry === undefined) throw failure("ENOENT", method, path)
    return entry
  }

  file(method: string, path: string): DiskFile {
    const entry = this.entry(method, path)
    if (!(entry instanceof DiskFile)) throw failure("EISDIR", method, path)
    return entry
  }

  /** How many names a file has. */
  names(entry: Entry): number {
    return [...this.entries.values()].filter((other) => other === entry).length
  }

  /** Where a new entry can be made; fails where its directory is missing. */
  private place(method: string, path: string): string {
    const place = normalize(path)
    const parent = this.entries.get(parentOf(place))
    if (parent === undefined) throw failure("ENOENT", method, path)
    if (parent instanceof DiskFile) throw failure("ENOTDIR", method, path)
    return place
  }

  create(method: string, path: string, mode: number, now: number): DiskFile {
    const file = new DiskFile(++this.serial, mode, now)
    this.entries.set(this.place(method, path), file)
    return file
  }

  /** Fails with ENOSPC when a file cannot grow to `size`. */
  reserve(method: string, path: string, file: DiskFile, size: number): void {
    if (size <= file.size) return
    if (this.full || this.used() + size - file.size > this.capacity) throw failure("ENOSPC", method, path)
  }

  makeDirectory(path: string, recursive: boolean, mode: number, now: number): void {
    const place = normalize(path)
    const known = this.entries.get(place)
    if (known !== undefined) {
      if (recursive && !(known instanceof DiskFile)) return
      throw failure("EEXIST", "makeDirectory", path)
    }
    if (recursive) this.makeDirectory(parentOf(place), true, mode, now)
    this.entries.set(this.place("makeDirectory", place), { serial: ++this.serial, bornAt: now, mode, changedAt: now })
  }

  /** The names in a directory, or with `recursive` the paths below it. */
  list(path: string, recursive: boolean): Array<string> {
    if (this.entry("readDirectory", path) instanceof DiskFile) throw failure("ENOTDIR", "readDirectory", path)
    const start = below(normalize(path))
    const names = [...this.entries.keys()].filter((name) => name.startsWith(start) && name !== start)
      .map((name) => name.slice(start.length))
    return names.filter((name) => recursive || !name.includes("/")).sort()
  }

  link(from: string, to: string): void {
    if (this.find(to) !== undefined) throw failure("EEXIST", "link", to)
    this.entries.set(this.place("link", to), this.file("link", from))
  }

  remove(path: string, { force, recursive }: { readonly force: boolean; readonly recursive: boolean }): void {
    const entry = this.find(path)
    if (entry === undefined) {
      if (force) return
      throw failure("ENOENT", "remove", path)
    }
    if (!(entry instanceof DiskFile) && !recursive) throw failure("EISDIR", "remove", path)
    const place = normalize(path)
    for (const name of [...this.entries.keys()]) {
      if ((name === place || name.startsWith(below(place))) && name !== "/") this.entries.delete(name)
    }
  }

  /** As on Linux: a file takes the place of a file, a directory that of an empty one. */
  rename(from: string, to: string): void {
    const source = normalize(from)
    const target = this.place("rename", to)
    const entry = this.entry("rename", from)
    const old = this.entries.get(target)
    if (old === entry) return
    if (target.startsWith(below(source))) throw failure("EINVAL", "rename", from)
    if (old !== undefined && entry instanceof DiskFile !== old instanceof DiskFile) {
      throw failure(old instanceof DiskFile ? "ENOTDIR" : "EISDIR", "rename", to)
    }
    if (old !== undefined && !(old instanceof DiskFile) && this.list(to, false).length > 0) {
      throw failure("ENOTEMPTY", "rename", to)
    }
    for (const [name, moved] of [...this.entries]) {
      if (name !== source && !name.startsWith(below(source))) continue
      this.entries.delete(name)
      this.entries.set(target + name.slice(source.length), moved)
    }
  }
}
