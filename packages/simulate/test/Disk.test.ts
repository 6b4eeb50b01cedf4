/** The simulated disk, as Effect's file system. */
import { assert, describe, it } from "@effect/vitest"
import { Disk } from "@peerage/simulate"
import { ByteSize, Effect, FileSystem, Option, type PlatformError, Stream } from "effect"

const { files } = Disk.make()
const errno = (effect: Effect.Effect<unknown, PlatformError.PlatformError>) =>
  Effect.map(Effect.flip(effect), ({ reason: { cause } }) => cause instanceof Error ? cause.message.split(":")[0] : "")

/** A test with a file system of its own. */
const disk = (name: string, body: (files: FileSystem.FileSystem, disk: Disk.Disk) => Effect.fn.Return<void, unknown>) =>
  it.effect(name, () => {
    const disk = Disk.make({ capacity: 1000 })
    return Effect.gen(() => body(disk.files, disk))
  })

describe("a simulated disk", () => {
  disk("has files in directories, by any form of their path", function*(files) {
    yield* files.makeDirectory("/a/b", { recursive: true })
    yield* files.writeFileString("a/b/c.txt", "hello")
    assert.strictEqual(yield* files.readFileString("/a/./x/../b//c.txt"), "hello")
    assert.deepStrictEqual(yield* files.readDirectory("/a"), ["b"])
    assert.deepStrictEqual(yield* files.readDirectory("/", { recursive: true }), ["a", "a/b", "a/b/c.txt", "tmp"])
    assert.deepStrictEqual(yield* files.glob("/a/**/*.txt"), ["/a/b/c.txt"])
    assert.isTrue(yield* files.exists("/a/b"))
    assert.isFalse(yield* files.exists("/a/c"))
    const { size, type } = yield* files.stat("/a/b/c.txt")
    assert.deepStrictEqual([type, ByteSize.toBigInt(size)], ["File", 5n])
  })

  disk("fails as a real one does", function*(files) {
    yield* files.writeFileString("/file", "x")
    assert.strictEqual(yield* errno(files.readFile("/none")), "ENOENT")
    assert.strictEqual(yield* errno(files.readFile("/tmp")), "EISDIR")
    assert.strictEqual(yield* errno(files.readDirectory("/file")), "ENOTDIR")
    assert.strictEqual(yield* errno(files.writeFileString("/none/file", "x")), "ENOENT")
    assert.strictEqual(yield* errno(files.writeFileString("/file/x", "x")), "ENOTDIR")
    assert.strictEqual(yield* errno(files.writeFileString("/file", "x", { flag: "wx" })), "EEXIST")
    assert.strictEqual(yield* errno(files.makeDirectory("/tmp")), "EEXIST")
    assert.strictEqual(yield* errno(files.remove("/tmp")), "EISDIR")
    yield* files.makeDirectory("/folder")
    assert.strictEqual(yield* errno(files.rename("/folder", "/folder/x")), "EINVAL")
    assert.strictEqual(yield* errno(files.rename("/folder", "/file")), "ENOTDIR")
    assert.strictEqual(yield* errno(files.symlink("/file", "/link")), "EPERM")
  })

  disk("renames over what is there, directories with all in them", function*(files) {
    yield* files.makeDirectory("/a")
    yield* files.makeDirectory("/b")
    yield* files.writeFileString("/a/file", "new")
    yield* files.writeFileString("/old", "old")
    yield* files.rename("/a", "/b")
    yield* files.rename("/b/file", "/old")
    assert.strictEqual(yield* files.readFileString("/old"), "new")
    assert.deepStrictEqual(yield* files.readDirectory("/"), ["b", "old", "tmp"])
  })

  disk("reads and writes open files where they are, also when their name is gone", function*(files) {
    yield* Effect.scoped(Effect.gen(function*() {
      const file = yield* files.open("/file", { flag: "w+" })
      yield* file.writeAll(new TextEncoder().encode("0123456789"))
      yield* file.seek(4n, "start")
      yield* file.write(new TextEncoder().encode("xx"))
      yield* files.remove("/file")
      assert.strictEqual(new TextDecoder().decode(Option.getOrThrow(yield* file.readAlloc(3))), "678")
      assert.strictEqual(yield* file.read(new Uint8Array(4), { position: 0n }), 4)
      yield* file.truncate(5)
      assert.isTrue(Option.isNone(yield* file.readAlloc(3)))
      assert.strictEqual(ByteSize.toBigInt((yield* file.stat).size), 5n)
    }))
    assert.strictEqual(yield* errno(files.readFile("/file")), "ENOENT")
  })

  disk("streams", function*(files) {
    yield* Stream.make("one,", "two").pipe(Stream.encodeText, Stream.run(files.sink("/file")))
    const text = yield* files.stream("/file", { chunkSize: 2, offset: 1 }).pipe(Stream.decodeText, Stream.mkString)
    assert.strictEqual(text, "ne,two")
  })

  disk("is full when nothing fits any more", function*(files, disk) {
    yield* files.writeFile("/a", new Uint8Array(900))
    assert.strictEqual(yield* errno(files.writeFile("/b", new Uint8Array(101))), "ENOSPC")
    yield* files.copy("/b", "/c")
    yield* files.writeFile("/a", new Uint8Array(1000))
    assert.strictEqual(yield* disk.used, 1000)
    yield* files.remove("/a")
    yield* disk.setFull(true)
    assert.strictEqual(yield* errno(files.writeFile("/b", new Uint8Array(1))), "ENOSPC")
    yield* disk.setFull(false)
    yield* files.writeFile("/b", new Uint8Array(1000))
  })

  disk("loses in a power cut what was not flushed, but no names", function*(files, disk) {
    yield* Effect.scoped(Effect.gen(function*() {
      const file = yield* files.open("/file", { flag: "w" })
      yield* file.writeAll(new TextEncoder().encode("kept"))
      yield* file.sync
      yield* file.writeAll(new TextEncoder().encode(" and lost"))
    }))
    yield* files.writeFileString("/new", "lost")
    yield* disk.loseUnflushed
    assert.strictEqual(yield* files.readFileString("/file"), "kept")
    assert.strictEqual(yield* files.readFileString("/new"), "")
  })

  it.effect("makes temporary files, and removes them with their scope", () =>
    Effect.gen(function*() {
      const path = yield* Effect.scoped(Effect.tap(files.makeTempDirectoryScoped({ prefix: "x-" }), files.stat))
      assert.match(path, /^\/tmp\/x-/)
      assert.isFalse(yield* files.exists(path))
      assert.match(yield* files.makeTempFile({ suffix: ".txt" }), /^\/tmp\/.+\.txt$/)
    }))
})
