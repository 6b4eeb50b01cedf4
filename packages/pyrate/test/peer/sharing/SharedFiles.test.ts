import { assert, describe } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { Effect, FileSystem, Stream, SubscriptionRef } from "effect"
import { execFileSync } from "node:child_process"
import * as SharedFiles from "../../../src/peer/sharing/SharedFiles.ts"
import { changed, folder, live, scene, secret } from "../Folder.ts"

/** What is served of a name: its text, or nothing. */
const served = (files: SharedFiles.SharedFiles, name: string) =>
  Effect.scoped(Effect.flatMap(files.open(name), ({ bytes }) => Stream.mkString(Stream.decodeText(bytes)))).pipe(
    Effect.catchTag("NoSuchFile", () => Effect.undefined)
  )

/** A song that is shared, beside a secret. */
const sharing = Effect.gen(function*() {
  const { outside, shared } = yield* scene
  yield* shared.put("song.txt", "la la")
  return { outside, shared, files: yield* SharedFiles.make(shared.directory) }
})

describe("a peer that shares a directory", () => {
  live("serves its plain files, also those that came after the last look, and an empty one", function*() {
    const { files, shared } = yield* sharing
    yield* shared.put("new one.txt", "la")
    yield* shared.put("empty.txt", "")
    assert.strictEqual(yield* served(files, "song.txt"), "la la")
    assert.strictEqual(yield* served(files, "new one.txt"), "la")
    assert.strictEqual(yield* served(files, "empty.txt"), "")
  })

  live("keeps a piece of a large one as it is until the next but one is asked for", function*() {
    const { shared } = yield* scene
    const text = Array.from({ length: 300_000 }, (_, number) => `${number} `).join("")
    yield* shared.put("song.txt", text)
    const file = yield* (yield* SharedFiles.make(shared.directory)).open("song.txt")
    const [pieces, kept]: [Array<Uint8Array>, Array<string>] = [[], []]
    const asText = (piece: Uint8Array | undefined) => new TextDecoder().decode(piece)
    yield* Stream.runForEach(file.bytes, (piece) =>
      Effect.sync(() => {
        assert.strictEqual(asText(pieces.at(-1)), kept.at(-1) ?? "")
        pieces.push(piece)
        kept.push(asText(piece))
      }))
    assert.isAbove(kept.length, 4)
    assert.strictEqual(kept.join(""), text)
  })

  live("keeps all pieces as they are where the disk gives short ones, which may be unsent for longer", function*() {
    const { shared } = yield* scene
    const text = Array.from({ length: 2000 }, (_, number) => `${number} `).join("")
    yield* shared.put("song.txt", text)
    const files = yield* changed(SharedFiles.make(shared.directory), (fs) => ({
      open: (path, options) =>
        Effect.map(
          fs.open(path, options),
          (file) =>
            Object.create(file, { read: { value: (buffer: Uint8Array) => file.read(buffer.subarray(0, 1000)) } })
        )
    }))
    const pieces = yield* Stream.runCollect((yield* files.open("song.txt")).bytes)
    assert.strictEqual(Buffer.concat(pieces).toString(), text)
  })

  const unserved = [
    ["", ".", "..", "../secret.txt", "..\\secret.txt", "OUTSIDE/secret.txt", "....//secret.txt", "%2e%2e/secret.txt"],
    ["directory", "directory/inner.txt", "./song.txt", "song.txt/", "song.txt\0", "song.txt\0.jpg", "song.txt\n"],
    ["song.txt ", "song.txt.", "song.txt:stream", "SONG.TXT", "*.txt", ".hidden", ".pyrate-begun", "two\nlines.txt"],
    ["red\u001b[31m.txt", "no such file.txt", "link out.txt", "link in.txt", "link nowhere.txt", "link to directory"],
    ["link to directory/secret.txt", "pipe", "x".repeat(100_000)]
  ].flat()

  live("serves nothing else, whatever name is asked for", function*() {
    const fs = yield* FileSystem.FileSystem
    const { outside, shared } = yield* sharing
    yield* shared.put(".hidden", "la la")
    yield* shared.put(".pyrate-begun", "la la")
    yield* shared.put("two\nlines.txt", "la la")
    yield* shared.put("red\u001b[31m.txt", "la la")
    yield* fs.makeDirectory(shared.at("directory"))
    yield* shared.put("directory/inner.txt", "la la")
    yield* shared.link(outside.at("secret.txt"), "link out.txt")
    yield* shared.link("song.txt", "link in.txt")
    yield* shared.link("nowhere", "link nowhere.txt")
    yield* shared.link(outside.directory, "link to directory")
    execFileSync("mkfifo", [shared.at("pipe")])
    const files = yield* SharedFiles.make(shared.directory)
    for (const name of unserved) {
      const text = yield* served(files, name.replace("OUTSIDE", outside.directory))
      assert.isUndefined(text, JSON.stringify(name))
    }
    assert.deepStrictEqual(yield* SubscriptionRef.get(files.names), [FileName.FileName.make("song.txt")])
  })

  live("serves nothing when a link out is put in a file's place between look and open", function*() {
    const { outside, shared } = yield* sharing
    const text = changed(
      Effect.flatMap(SharedFiles.make(shared.directory), (files) => served(files, "song.txt")),
      (fs) => ({
        open: (path, options) =>
          fs.remove(path).pipe(
            Effect.andThen(fs.symlink(outside.at("secret.txt"), path)),
            Effect.andThen(fs.open(path, options))
          )
      })
    )
    assert.isUndefined(yield* text)
    assert.strictEqual(yield* shared.get("song.txt"), secret)
  })

  live("serves the file that it opened when a link out is put in its place afterwards", function*() {
    const fs = yield* FileSystem.FileSystem
    const { files, outside, shared } = yield* sharing
    const file = yield* files.open("song.txt")
    yield* fs.remove(shared.at("song.txt"))
    yield* shared.link(outside.at("secret.txt"), "song.txt")
    assert.strictEqual(yield* Stream.mkString(Stream.decodeText(file.bytes)), "la la")
  })

  live.each([
    { what: "grows", now: "la la la la la", sent: "la la" },
    { what: "shrinks", now: "la", sent: "la" },
    { what: "is emptied", now: "", sent: "" },
    { what: "is rewritten", now: "LA LA", sent: "LA LA" }
  ])("sends no more than it said, and no more than there is, of a file that $what, and fails at its end", function*(
    { now, sent }
  ) {
    const { files, shared } = yield* sharing
    yield* (yield* FileSystem.FileSystem).utimes(shared.at("song.txt"), 1, 1)
    const file = yield* files.open("song.txt")
    yield* shared.put("song.txt", now)
    assert.strictEqual(file.size, 5)
    let came = ""
    const text = Stream.decodeText(file.bytes)
    const error = yield* Effect.flip(Stream.runForEach(text, (piece) => Effect.sync(() => void (came += piece))))
    assert.deepStrictEqual([error._tag, came], ["FileChanged", sent])
  })

  live("serves nothing when the directory is gone, and says so at its next look", function*() {
    const fs = yield* FileSystem.FileSystem
    const { shared } = yield* scene
    yield* fs.makeDirectory(shared.at("d"))
    yield* shared.put("d/song.txt", "la la")
    const files = yield* SharedFiles.make(shared.at("d"))
    yield* fs.remove(shared.at("d"), { recursive: true })
    assert.isUndefined(yield* served(files, "song.txt"))
    assert.strictEqual(
      (yield* Effect.flip(files.rescan)).message,
      `${shared.at("d")} cannot be used: there is no such file or directory. Check the path, or make what is missing.`
    )
  })

  live("neither lists nor serves anything when another directory is put in its place by a link", function*() {
    const fs = yield* FileSystem.FileSystem
    const { outside, shared } = yield* scene
    yield* fs.makeDirectory(shared.at("d"))
    const files = yield* SharedFiles.make(shared.at("d"))
    yield* fs.remove(shared.at("d"), { recursive: true })
    yield* shared.link(outside.directory, "d")
    assert.isUndefined(yield* served(files, "secret.txt"))
    assert.include((yield* Effect.flip(files.rescan)).message, "it is a link")
    assert.deepStrictEqual(yield* SubscriptionRef.get(files.names), [])
  })

  live("shares a directory that it was shown by a link", function*() {
    const { shared } = yield* scene
    const links = yield* folder
    yield* shared.put("song.txt", "la la")
    yield* links.link(shared.directory, "to shared")
    const files = yield* SharedFiles.make(links.at("to shared"))
    assert.strictEqual(yield* served(files, "song.txt"), "la la")
  })

  live("tells its files in alphabetical order, whatever order the disk has them in", function*() {
    const { directory, put } = yield* folder
    for (const name of ["b", "a", "c"]) yield* put(name, "1")
    const files = yield* changed(SharedFiles.make(directory), (fs) => ({
      readDirectoryEntries: (path) => Effect.map(fs.readDirectoryEntries(path), (entries) => entries.toReversed())
    }))
    assert.strictEqual((yield* SubscriptionRef.get(files.names)).join(), "a,b,c")
  })

  live("knows what has changed at its next look", function*() {
    const fs = yield* FileSystem.FileSystem
    const { shared } = yield* scene
    yield* shared.put("b", "1")
    const files = yield* SharedFiles.make(shared.directory)
    assert.isFalse(yield* files.rescan)
    yield* shared.put("c", "1")
    yield* shared.put("a", "1")
    yield* fs.remove(shared.at("b"))
    assert.isTrue(yield* files.rescan)
    assert.deepStrictEqual(
      yield* SubscriptionRef.get(files.names),
      ["a", "c"].map((name) => FileName.FileName.make(name))
    )
    assert.isFalse(yield* files.rescan)
  })

  live("asks the system about each file once, and at its next look about those that are new", function*() {
    const { directory, put } = yield* folder
    const count = 200
    for (let number = 0; number < count; number++) yield* put(`${number}.txt`, "")
    const asked: Array<string> = []
    const noting =
      <More extends ReadonlyArray<unknown>, B>(verb: (path: string, ...more: More) => B) =>
      (path: string, ...more: More) => {
        if (path !== directory) asked.push(path)
        return verb(path, ...more)
      }
    const files = yield* changed(SharedFiles.make(directory), (fs) => ({
      access: noting(fs.access),
      lstat: noting(fs.lstat),
      stat: noting(fs.stat),
      realPath: noting(fs.realPath)
    }))
    assert.strictEqual(asked.splice(0).length, count)
    yield* files.rescan
    assert.deepStrictEqual(asked, [])
    yield* put("new.txt", "")
    yield* files.rescan
    assert.strictEqual(asked.length, 1)
  })

  live.each([
    {
      what: "there is not",
      name: "none",
      problem: "there is no such file or directory. Check the path, or make what is missing."
    },
    { what: "is a file", name: "song.txt", problem: "it, or what it should be in, is no directory. Check the path." }
  ])("says in a sentence why a directory that $what cannot be shared", function*({ name, problem }) {
    const { shared } = yield* sharing
    const error = yield* Effect.flip(SharedFiles.make(shared.at(name)))
    assert.strictEqual(error._tag, "FileTrouble")
    assert.strictEqual(error.message, `${shared.at(name)} cannot be used: ${problem}`)
  })
})
