/**
 * One look at a directory: which of its files are shared, and which entries are not, and why. Hidden entries are neither.
 * A look asks the system for the list of entries, and about single files only where they were not there before.
 */
import { SystemProblem } from "@peerage/wire"
import { Effect, FileSystem, Path, Result } from "effect"
import * as FileName from "../../codec/FileName.ts"
import { FileTrouble } from "../../PyrateError.ts"
import type { LeftOut } from "../../PyrateEvent.ts"

/** What a look has found. */
export interface Look {
  /** The names of the shared files, in alphabetical order. */
  readonly shared: ReadonlyArray<FileName.FileName>
  readonly has: ReadonlySet<string>
  /** Names beyond ASCII by their normal form, as the same letters are spelled in several ways. */
  readonly normal: ReadonlyMap<string, FileName.FileName>
  readonly leftOut: ReadonlyMap<string, LeftOut["reason"]>
  /** Why nothing could be seen. */
  readonly trouble?: FileTrouble
}

const sharing = (shared: ReadonlyArray<FileName.FileName>, leftOut: Look["leftOut"]): Look => ({
  shared,
  has: new Set<string>(shared),
  // The first of several in alphabetical order.
  normal: new Map(
    shared.filter((name) => /\P{ASCII}/u.test(name)).map((name) => [name.normalize(), name] as const).reverse()
  ),
  leftOut
})

/** No look yet. */
export const unseen: Look = sharing([], new Map())

/** A look at a directory that is gone or may not be read. */
export const failed = (trouble: FileTrouble): Look => ({ ...unseen, trouble })

/** The spellings under which a file may be there that is asked for by a name, the name itself first. */
export const spellings = ({ normal }: Look, name: string): ReadonlySet<string> =>
  new Set([name, name.normalize("NFC"), name.normalize("NFD"), normal.get(name.normalize()) ?? name])

/** Without what is known of a name, so that the next look asks about it. */
export const without = (look: Look, name: string): Look => ({
  ...look,
  has: new Set([...look.has].filter((other) => other.normalize() !== name.normalize()))
})

const kinds: { readonly [Type in FileSystem.File.Type]?: LeftOut["reason"] | "None" } = {
  File: "None",
  Directory: "Folder",
  SymbolicLink: "Link"
}

/** Looks again. A link that was put in the directory's place leads to files that nobody meant to share. */
export const look = Effect.fnUntraced(function*(root: string, before: Look) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const isLink = (yield* Effect.mapError(fs.realPath(root), FileTrouble.at(root))) !== root
  if (isLink) return yield* new FileTrouble({ path: root, problem: SystemProblem.inWords("ELOOP") })
  const [shared, unknown]: [Array<FileName.FileName>, Array<FileName.FileName>] = [[], []]
  const leftOut = new Map<string, LeftOut["reason"]>()
  for (const { name, type } of yield* Effect.mapError(fs.readDirectoryEntries(root), FileTrouble.at(root))) {
    const unsafe = FileName.unsafe(name)
    if (unsafe === "Hidden") continue
    const kind = kinds[type] ?? "Special"
    if (kind !== "None") leftOut.set(name, kind)
    else if (!FileName.is(name)) leftOut.set(name, unsafe ?? "Special")
    else (before.has.has(name) ? shared : unknown).push(name)
  }
  const judge = (name: FileName.FileName) =>
    Effect.map(Effect.result(fs.access(path.join(root, name), { readable: true })), (access) => {
      if (Result.isSuccess(access)) shared.push(name)
      else if (access.failure.reason._tag !== "NotFound") leftOut.set(name, "Unreadable")
      // What is not there by its own name has bytes in it that the list could not show.
      else if (name.includes("\uFFFD")) leftOut.set(name, "Encoding")
    })
  yield* Effect.forEach(unknown, judge, { concurrency: 8, discard: true })
  return sharing(shared.sort(), leftOut)
})
