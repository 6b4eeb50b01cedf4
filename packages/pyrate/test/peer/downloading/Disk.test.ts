import { assert, describe } from "@effect/vitest"
import { Effect, type FileSystem, Stream } from "effect"
import * as Saving from "../../../src/peer/downloading/Saving.ts"
import { changed, folder, into, live, refusal } from "../Folder.ts"

const transfer = { size: undefined, bytes: Stream.make(new TextEncoder().encode("la la")) }
/** A disk whose files cannot be written. */
const unwritable = (code: string) => (fs: FileSystem.FileSystem): Partial<FileSystem.FileSystem> => ({
  open: (path, options) =>
    Effect.map(fs.open(path, options), (file) => {
      Object.defineProperty(file, "writeAll", { value: () => refusal(code) })
      return file
    })
})

/** A disk that knows no links. */
const withoutLinks = { link: () => refusal("EPERM") }

describe("a disk that does not do what it should", () => {
  live.each([
    { code: "ENOSPC", problem: "the disk is full. Free some space there, or choose another place." },
    { code: "EDQUOT", problem: "the quota of the disk is used up. Free some of it, or choose another place." },
    { code: "EIO", problem: "the disk does not work. Check the disk and its connection, or choose another place." },
    {
      code: "EROFS",
      problem: "the disk can only be read. Choose another place, or mount the disk so that it can be written."
    },
    { code: "EWHATEVER", problem: "the system says EWHATEVER. Check the path, or choose another place." }
  ])("is spoken of in a sentence, and has nothing left on it: $code", function*({ code, problem }) {
    const { directory, entries } = yield* folder
    const error = yield* Effect.flip(changed(Saving.save(into(directory), transfer), unwritable(code)))
    assert.strictEqual(error._tag, "FileTrouble")
    assert.strictEqual(error.message, `${directory}/song.txt cannot be used: ${problem}`)
    assert.deepStrictEqual(yield* entries, [])
  })

  live.each([
    {
      what: "is not there",
      to: "none",
      names: "none",
      problem: "there is no such file or directory. Check the path, or make what is missing."
    },
    {
      what: "is a file",
      to: "mine.txt",
      names: "mine.txt/song.txt",
      problem: "it, or what it should be in, is no directory. Check the path."
    }
  ])("is not asked to save to a directory that $what", function*({ names, problem, to }) {
    const { at, entries, put } = yield* folder
    yield* put("mine.txt", "mine")
    const error = yield* Effect.flip(Saving.free(into(at(to))))
    assert.strictEqual(error.message, `${at(names)} cannot be used: ${problem}`)
    assert.deepStrictEqual(yield* entries, ["mine.txt"])
  })

  live("may know no links: the file is saved all the same", function*() {
    const { directory, entries, get } = yield* folder
    yield* changed(Saving.save(into(directory), transfer), () => withoutLinks)
    assert.strictEqual(yield* get("song.txt"), "la la")
    assert.deepStrictEqual(yield* entries, ["song.txt"])
  })

  live("may know no links: a file that came in the meantime stays", function*() {
    const { directory, get, put } = yield* folder
    const late = { ...into(directory), progress: () => Effect.orDie(put("song.txt", "mine")) }
    const error = yield* Effect.flip(changed(Saving.save(late, transfer), () => withoutLinks))
    assert.strictEqual(error._tag, "AlreadyThere")
    assert.strictEqual(yield* get("song.txt"), "mine")
  })

  live("may know no links and fail at the end: no empty file is left", function*() {
    const { directory, entries } = yield* folder
    const broken = () => ({ ...withoutLinks, rename: () => refusal("EIO") })
    assert.strictEqual(
      (yield* Effect.flip(changed(Saving.save(into(directory), transfer), broken)))._tag,
      "FileTrouble"
    )
    assert.deepStrictEqual(yield* entries, [])
  })
})
