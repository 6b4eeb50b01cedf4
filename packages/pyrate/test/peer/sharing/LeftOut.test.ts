/** What of a directory is not shared: it is not in the list, it is mentioned once, and its answer says why. */
import { assert, describe } from "@effect/vitest"
import { FileName, PyrateEvent } from "@peerage/pyrate"
import { Effect, Fiber, FileSystem, Stream, SubscriptionRef } from "effect"
import { execFileSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import * as SharedFiles from "../../../src/peer/sharing/SharedFiles.ts"
import { changed, folder, live, refusal } from "../Folder.ts"
import { next, sharing } from "./Strangers.ts"

const name = (text: string) => FileName.FileName.make(text)
const reasons = (files: Pick<SharedFiles.SharedFiles, "leftOut">) =>
  Effect.map(files.leftOut, (all) => Object.fromEntries(all.map(({ name, reason }) => [name, reason])))

/** A disk whose files of some name may not be read. */
const locked = (locked: { readonly name: string | undefined }) => (fs: FileSystem.FileSystem) => {
  const isLocked = (path: string) => locked.name !== undefined && path.endsWith(locked.name)
  return {
    access: (path: string, options?: Parameters<FileSystem.FileSystem["access"]>[1]) =>
      options?.readable === true && isLocked(path) ? refusal("EPERM") : fs.access(path, options),
    open: (path: string, options?: Parameters<FileSystem.FileSystem["open"]>[1]) =>
      isLocked(path) ? refusal("EPERM") : fs.open(path, options)
  }
}

describe("a shared directory", () => {
  live(
    "leaves out what is no plain file with a plain name, with the reason of each; hidden ones are not mentioned",
    function*() {
      const fs = yield* FileSystem.FileSystem
      const { at, directory, link, put } = yield* folder
      for (const text of ["song.txt", "a:b", "CON", "con.txt", "dot.", "blank ", " blank", "two\nlines", ".hidden"]) {
        yield* put(text, "la")
      }
      yield* fs.makeDirectory(at("folder"))
      yield* fs.makeDirectory(at("folder:"))
      yield* fs.makeDirectory(at(".pyrate-x"))
      yield* link("song.txt", "link")
      execFileSync("mkfifo", [at("pipe")])
      writeFileSync(Buffer.concat([Buffer.from(`${directory}/caf`), Buffer.from([0xe9])]), "la")
      const files = yield* SharedFiles.make(directory)
      assert.deepStrictEqual(yield* SubscriptionRef.get(files.names), [name("song.txt")])
      assert.deepStrictEqual(yield* reasons(files), {
        "a:b": "Separator",
        "CON": "Device",
        "con.txt": "Device",
        "dot.": "Blank",
        "blank ": "Blank",
        " blank": "Blank",
        "two\nlines": "Control",
        "folder": "Folder",
        "folder:": "Folder",
        "link": "Link",
        "pipe": "Special",
        "caf\uFFFD": "Encoding"
      })
    }
  )

  live("leaves out a file that may not be read, also one that could be read before, until it can be read", function*() {
    const { directory, put } = yield* folder
    yield* put("song.txt", "la")
    yield* put("film.mkv", "la")
    const lock: { name: string | undefined } = { name: "film.mkv" }
    const files = yield* changed(SharedFiles.make(directory), locked(lock))
    assert.deepStrictEqual(yield* SubscriptionRef.get(files.names), [name("song.txt")])
    assert.deepStrictEqual(yield* reasons(files), { "film.mkv": "Unreadable" })
    lock.name = "song.txt"
    assert.strictEqual((yield* Effect.flip(files.open("song.txt")))._tag, "FileTrouble")
    assert.isTrue(yield* files.rescan)
    assert.deepStrictEqual(yield* SubscriptionRef.get(files.names), [name("film.mkv")])
    assert.deepStrictEqual(yield* reasons(files), { "song.txt": "Unreadable" })
    lock.name = undefined
    assert.isTrue(yield* files.rescan)
    assert.deepStrictEqual(yield* reasons(files), {})
  })

  live("says to who asks that a file may not be read, which is another answer than that there is none", function*() {
    const { directory, entries, put } = yield* folder
    yield* put("song.txt", "la")
    const here = yield* folder
    const holder = yield* changed(sharing(directory), locked({ name: "song.txt" }))
    const requester = yield* sharing(here.directory)
    const rejected = yield* next(holder, ({ _tag }) => _tag === "Rejected")
    const unreadable = yield* Effect.flip(requester.download(holder.self, name("song.txt")))
    assert.strictEqual(unreadable.message, "The peer has song.txt, but may not read it. Ask its owner to allow that.")
    assert.include((yield* Fiber.join(rejected)) ?? {}, { _tag: "Rejected", reason: "FileTrouble" })
    const none = yield* Effect.flip(requester.download(holder.self, name("none.txt")))
    assert.strictEqual(none.reason._tag, "NoSuchFile")
    assert.deepStrictEqual(yield* entries, ["song.txt"])
    assert.deepStrictEqual(yield* here.entries, [])
  })

  live("tells of each entry that is left out once", function*() {
    const { directory, put } = yield* folder
    yield* put("a:b", "la")
    const peer = yield* sharing(directory)
    assert.deepStrictEqual(yield* peer.leftOut, [{ name: "a:b", reason: "Separator" }])
    const told: Array<PyrateEvent.PyrateEvent> = []
    const telling = Stream.runForEach(peer.events, (event) => Effect.sync(() => void told.push(event)))
    yield* Effect.forkScoped(telling, { startImmediately: true })
    yield* put("c:d", "la")
    yield* peer.rescan
    yield* peer.rescan
    yield* put("song.txt", "la")
    yield* peer.rescan
    while (told.length < 2) yield* Effect.yieldNow
    assert.deepStrictEqual(told, [
      { _tag: "LeftOut", name: "c:d", reason: "Separator" },
      { _tag: "Shared", files: [name("song.txt")] }
    ])
  })
})

describe("a directory that is gone while it is shared", () => {
  live("lists nothing of a directory that is gone, and all of it when it is back", function*() {
    const fs = yield* FileSystem.FileSystem
    const shared = yield* folder
    yield* fs.makeDirectory(shared.at("d"))
    yield* shared.put("d/song.txt", "la la")
    yield* shared.put("d/a:b", "la la")
    const files = yield* SharedFiles.make(shared.at("d"))
    yield* fs.rename(shared.at("d"), shared.at("e"))
    yield* Effect.flip(files.rescan)
    assert.deepStrictEqual([yield* SubscriptionRef.get(files.names), yield* files.leftOut], [[], []])
    assert.isFalse(yield* files.has(name("song.txt")))
    yield* fs.rename(shared.at("e"), shared.at("d"))
    assert.isTrue(yield* files.rescan)
    assert.deepStrictEqual(yield* SubscriptionRef.get(files.names), [name("song.txt")])
    const { bytes } = yield* files.open("song.txt")
    assert.strictEqual(yield* Stream.mkString(Stream.decodeText(bytes)), "la la")
  })

  live("is told of once, when it goes and when it is back, even with nothing in it", function*() {
    const fs = yield* FileSystem.FileSystem
    const { at } = yield* folder
    const directory = at("d")
    yield* fs.makeDirectory(directory)
    yield* fs.writeFileString(`${directory}/song.txt`, "la")
    const peer = yield* sharing(directory)
    const told: Array<PyrateEvent.PyrateEvent> = []
    const telling = Stream.runForEach(peer.events, (event) => Effect.sync(() => void told.push(event)))
    yield* Effect.forkScoped(telling, { startImmediately: true })
    const problem = "there is no such file or directory"
    for (let times = 0; times < 2; times++) {
      yield* fs.remove(directory, { recursive: true })
      for (let looks = 0; looks < 3; looks++) {
        assert.strictEqual((yield* Effect.flip(peer.rescan)).problem, problem)
      }
      yield* fs.makeDirectory(directory)
      for (let looks = 0; looks < 3; looks++) yield* peer.rescan
    }
    while (told.length < 4) yield* Effect.yieldNow
    const lost = { _tag: "DirectoryLost", directory, problem } as const
    const empty = { _tag: "Shared", files: [] } as const
    assert.deepStrictEqual(told, [lost, empty, lost, empty])
  })
})

describe("a file that was fetched into the shared directory", () => {
  live("is shared at once, and one fetched elsewhere is not", function*() {
    const [there, here, elsewhere] = [yield* folder, yield* folder, yield* folder]
    yield* there.put("song.txt", "la")
    yield* there.put("film.mkv", "la")
    const holder = yield* sharing(there.directory)
    const requester = yield* sharing(here.directory)
    yield* requester.download(holder.self, name("song.txt"))
    assert.deepStrictEqual(yield* holder.list(requester.self), [name("song.txt")])
    yield* requester.download(holder.self, name("film.mkv"), { to: elsewhere.directory })
    assert.deepStrictEqual(yield* holder.list(requester.self), [name("song.txt")])
  })
})

describe("a name with letters that can be spelled in two ways", () => {
  const composed = name("R\u00e9sum\u00e9.txt")
  const decomposed = name("Re\u0301sume\u0301.txt")

  live.each([
    { what: "composed", there: decomposed, asked: composed },
    { what: "decomposed", there: composed, asked: decomposed },
    { what: "half of it", there: decomposed, asked: name("R\u00e9sume\u0301.txt") },
    { what: "whole, of half of it", there: name("R\u00e9sume\u0301.txt"), asked: composed }
  ])("finds the file and fetches it by the other spelling: $what", function*({ asked, there }) {
    const [theirs, mine] = [yield* folder, yield* folder]
    yield* theirs.put(there, "la la")
    const files = yield* SharedFiles.make(theirs.directory)
    assert.isTrue(yield* files.has(asked))
    assert.isFalse(yield* files.has(name("Resume.txt")))
    const holder = yield* sharing(theirs.directory)
    const requester = yield* sharing(mine.directory)
    yield* requester.download(holder.self, asked)
    assert.strictEqual(yield* mine.get(asked), "la la")
  })

  live("finds the file of exactly that name first, and one that came after the last look", function*() {
    const { directory, put } = yield* folder
    yield* put(decomposed, "decomposed")
    const files = yield* SharedFiles.make(directory)
    const text = (asked: string) =>
      Effect.flatMap(files.open(asked), ({ bytes }) => Stream.mkString(Stream.decodeText(bytes)))
    assert.strictEqual(yield* text(composed), "decomposed")
    yield* put(composed, "composed")
    assert.strictEqual(yield* text(composed), "composed")
    assert.strictEqual(yield* text(decomposed), "decomposed")
    yield* put("\u00e9.txt", "new")
    assert.strictEqual(yield* text("e\u0301.txt"), "new")
  })
})
