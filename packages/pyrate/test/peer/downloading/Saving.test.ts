import { assert, describe } from "@effect/vitest"
import { PyrateError } from "@peerage/pyrate"
import { Deferred, Effect, Fiber, FileSystem, Stream } from "effect"
import type { Transfer } from "../../../src/exchange/Transfer.ts"
import * as Saving from "../../../src/peer/downloading/Saving.ts"
import { folder, into, live, scene, secret, song } from "../Folder.ts"

const bytes = (text: string) => new TextEncoder().encode(text)

const transfer = (...pieces: ReadonlyArray<string>): Transfer => ({
  size: undefined,
  bytes: Stream.fromIterable(pieces.map(bytes))
})

describe("a file that was fetched", () => {
  live("is written beside, and has its name when it is whole, and nothing else is there then", function*() {
    const { at, directory, entries, get } = yield* folder
    const during: Array<ReadonlyArray<string>> = []
    const progress = () => Effect.map(Effect.orDie(entries), (names) => void during.push(names))
    const saved = yield* Saving.save(into(directory, { progress }), transfer("la ", "la"))
    assert.deepStrictEqual(saved, { path: at("song.txt"), bytes: 5 })
    assert.strictEqual(yield* get("song.txt"), "la la")
    assert.deepStrictEqual(yield* entries, ["song.txt"])
    assert.strictEqual(during.length, 2)
    for (const names of during) assert.match(names.join(), /^\.pyrate-\w+-\w{6}$/)
  })

  live("is told of while it grows", function*() {
    const { directory } = yield* folder
    const told: Array<number> = []
    const progress = (count: number) => Effect.sync(() => void told.push(count))
    yield* Saving.save(into(directory, { progress }), transfer("la ", "la ", "la"))
    assert.deepStrictEqual(told, [3, 6, 8])
  })

  live("may be empty", function*() {
    const { directory, get } = yield* folder
    yield* Saving.save(into(directory), transfer())
    assert.strictEqual(yield* get("song.txt"), "")
  })

  const ends: ReadonlyArray<{ readonly what: string; readonly bytes: Transfer["bytes"]; readonly reason: string }> = [
    {
      what: "fails",
      bytes: Stream.fail(new PyrateError.Incomplete({ name: song, received: 2 })),
      reason: "Incomplete"
    },
    { what: "is corrupted", bytes: Stream.fail(new PyrateError.Corrupted({ name: song })), reason: "Corrupted" },
    { what: "is endless", bytes: Stream.forever(Stream.make(bytes("la"))), reason: "FileTooLarge" }
  ]
  live.each(ends)("leaves nothing behind when it $what", function*({ bytes: end, reason }) {
    const { directory, entries } = yield* folder
    const broken = { size: undefined, bytes: Stream.concat(Stream.make(bytes("la")), end) }
    assert.strictEqual((yield* Effect.flip(Saving.save(into(directory), broken)))._tag, reason)
    assert.deepStrictEqual(yield* entries, [])
  })

  live("leaves nothing behind when somebody breaks it off", function*() {
    const { directory, entries } = yield* folder
    const begun = yield* Deferred.make<void>()
    const progress = () => Effect.asVoid(Deferred.succeed(begun, undefined))
    const hanging = { size: undefined, bytes: Stream.concat(Stream.make(bytes("la")), Stream.never) }
    const saving = yield* Effect.forkChild(Saving.save(into(directory, { progress }), hanging))
    yield* Deferred.await(begun)
    assert.strictEqual((yield* entries).length, 1)
    yield* Fiber.interrupt(saving)
    assert.deepStrictEqual(yield* entries, [])
  })

  live("is taken up to the limit, and not begun when it says that it is larger", function*() {
    const { directory, get } = yield* folder
    yield* Saving.save(into(directory, { maxBytes: 5 }), { ...transfer("la la"), size: 5 })
    assert.strictEqual(yield* get("song.txt"), "la la")
    const larger = { size: 6, bytes: Stream.die("nobody reads this") }
    const error = yield* Effect.flip(Saving.save(into(directory, { maxBytes: 5, replace: true }), larger))
    assert.strictEqual(error._tag, "FileTooLarge")
  })
})

describe("a file that is there already", () => {
  live("stays, and nothing is fetched", function*() {
    const { directory, entries, get, put } = yield* folder
    yield* put("song.txt", "mine")
    const unread = { size: undefined, bytes: Stream.die("nobody reads this") }
    assert.strictEqual((yield* Effect.flip(Saving.save(into(directory), unread)))._tag, "AlreadyThere")
    assert.strictEqual((yield* Effect.flip(Saving.free(into(directory))))._tag, "AlreadyThere")
    assert.strictEqual(yield* get("song.txt"), "mine")
    assert.deepStrictEqual(yield* entries, ["song.txt"])
  })

  live("stays also when it came while another was fetched", function*() {
    const { directory, entries, get, put } = yield* folder
    const progress = () => Effect.orDie(put("song.txt", "mine"))
    const error = yield* Effect.flip(Saving.save(into(directory, { progress }), transfer("theirs")))
    assert.strictEqual(error._tag, "AlreadyThere")
    assert.strictEqual(yield* get("song.txt"), "mine")
    assert.deepStrictEqual(yield* entries, ["song.txt"])
  })

  live("stays when it differs in case only, or is the same to this disk", function*() {
    const { directory, get, put } = yield* folder
    yield* put("SONG.TXT", "mine")
    yield* Effect.ignore(Saving.save(into(directory), transfer("theirs")))
    assert.strictEqual(yield* get("SONG.TXT"), "mine")
  })

  live("is replaced where somebody asked for that, as a whole or not at all", function*() {
    const { directory, get, put } = yield* folder
    yield* put("song.txt", "mine, and longer")
    const replace = into(directory, { replace: true })
    const broken = Stream.concat(Stream.make(bytes("th")), Stream.fail(new PyrateError.Corrupted({ name: song })))
    yield* Effect.flip(Saving.save(replace, { size: undefined, bytes: broken }))
    assert.strictEqual(yield* get("song.txt"), "mine, and longer")
    yield* Saving.save(replace, transfer("theirs"))
    assert.strictEqual(yield* get("song.txt"), "theirs")
  })

  live.each([false, true])("is never written through a link, replace %s", function*(replace) {
    const { outside, shared } = yield* scene
    yield* shared.link(outside.at("secret.txt"), "song.txt")
    yield* Effect.ignore(Saving.save(into(shared.directory, { replace }), transfer("theirs")))
    assert.strictEqual(yield* outside.get("secret.txt"), secret)
    assert.strictEqual(yield* shared.get("song.txt"), replace ? "theirs" : secret)
  })

  live("is there also as a link to nothing, which gets no target", function*() {
    const { outside, shared } = yield* scene
    yield* shared.link(outside.at("new.txt"), "song.txt")
    const error = yield* Effect.flip(Saving.save(into(shared.directory), transfer("theirs")))
    assert.strictEqual(error._tag, "AlreadyThere")
    assert.deepStrictEqual(yield* outside.entries, ["secret.txt"])
    assert.deepStrictEqual(yield* shared.entries, ["song.txt"])
  })

  live("is there also as a directory, which cannot be replaced", function*() {
    const fs = yield* FileSystem.FileSystem
    const { at, directory, entries, put } = yield* folder
    yield* fs.makeDirectory(at("song.txt"))
    yield* put("song.txt/mine", "mine")
    assert.strictEqual((yield* Effect.flip(Saving.save(into(directory), transfer("theirs"))))._tag, "AlreadyThere")
    const error = yield* Effect.flip(Saving.save(into(directory, { replace: true }), transfer("theirs")))
    assert.strictEqual(
      error.message,
      `${at("song.txt")} cannot be used: it is a directory. Give a file, or move the directory away.`
    )
    assert.deepStrictEqual(yield* entries, ["song.txt"])
  })
})
