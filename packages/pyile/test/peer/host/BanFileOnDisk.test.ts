/** The ban file among other hosts, links and pipes, on disks that are full, and how little of it is written. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { BanStore } from "@peerage/pyile"
import { Owner } from "@peerage/wire"
import { Deferred, Effect, Exit, FileSystem, Layer, Option, Path, PlatformError, Scope } from "effect"
import * as IpNetwork from "effect/net/IpNetwork"
import * as NetAddress from "effect/net/NetAddress"
import { TestClock } from "effect/testing"
import { execFileSync, spawnSync } from "node:child_process"

/** A store over a file in the scope around it. */
const open = Effect.fnUntraced(function*(file: string) {
  const built = yield* Layer.build(BanStore.layerFile(file))
  return yield* Effect.provideContext(Effect.service(BanStore.BanStore), built)
})

const ban = (host: string): BanStore.Ban => ({
  network: IpNetwork.fromAddressUnsafe(NetAddress.ipFromStringUnsafe(host), 32),
  reason: "noisy",
  until: Option.none()
})

const many = (count: number) => Array.from({ length: count }, (_, index) => ban(`10.1.${index >> 8}.${index & 255}`))

const place = Effect.gen(function*() {
  const [fs, path] = [yield* FileSystem.FileSystem, yield* Path.Path]
  const folder = yield* fs.makeTempDirectoryScoped()
  const at = (name: string) => path.join(folder, name)
  const read = (name: string) => fs.readFileString(at(name))
  return { fs, at, read, file: at("bans.json"), entries: fs.readDirectory(folder) }
})

/** A disk that is full after the first characters of a text. */
const filling = (fs: FileSystem.FileSystem, characters: number): FileSystem.FileSystem => ({
  ...fs,
  writeFileString: (path, text, options) =>
    Effect.andThen(
      fs.writeFileString(path, text.slice(0, characters), options),
      Effect.fail(PlatformError.systemError({
        _tag: "Unknown",
        module: "FileSystem",
        method: "writeFile",
        cause: Object.assign(new Error(), { code: "ENOSPC" })
      }))
    )
})

const tested = (
  name: string,
  steps: () => Effect.fn.Return<void, unknown, FileSystem.FileSystem | Path.Path | Scope.Scope>
) => it.effect(name, () => Effect.provide(Effect.gen(steps), NodeServices.layer))

describe("a ban file", () => {
  tested("is used by one host at a time, and the second is told what to do", function*() {
    const { entries, file } = yield* place
    const scope = yield* Scope.make()
    const one = yield* Scope.provide(open(file), scope)
    yield* one.load
    const refused = yield* Effect.flip(Effect.scoped(Effect.flatMap(open(file), ({ load }) => load)))
    assert.strictEqual(
      refused.message,
      `Another host uses the ban file ${file}. Give this one a file of its own; where no host uses it any more, `
        + `remove ${file}.lock.`
    )
    yield* one.save([ban("10.0.0.2")])
    yield* Scope.close(scope, Exit.void)
    assert.deepStrictEqual(yield* entries, ["bans.json"])
    assert.strictEqual((yield* (yield* open(file)).load).length, 1)
  })

  tested("of a host that was killed is taken over, with what it left beside removed", function*() {
    const { at, entries, file, fs } = yield* place
    const dead = (yield* Owner.mark).replace(/_\d+_\d+$/, `_${spawnSync("true").pid}_1`)
    yield* fs.writeFileString(at("bans.json.lock"), dead)
    yield* fs.writeFileString(at("bans.json.tmp"), "half of it")
    const store = yield* open(file)
    assert.deepStrictEqual(yield* store.load, [])
    assert.deepStrictEqual(yield* entries, ["bans.json.lock"])
  })

  tested("of a host of another machine is not taken over", function*() {
    const { at, file, fs } = yield* place
    yield* fs.writeFileString(at("bans.json.lock"), "elsewhere_1_2_3")
    assert.strictEqual((yield* Effect.flip((yield* open(file)).load)).action, "lock")
  })

  /** A disk on a system that shows no processes, as macOS does not. */
  const withoutProcesses = (fs: FileSystem.FileSystem): FileSystem.FileSystem => ({
    ...fs,
    readFileString: (path, encoding) =>
      path.startsWith("/proc/") ? FileSystem.makeNoop({}).readFileString(path) : fs.readFileString(path, encoding)
  })

  const age = Effect.fnUntraced(function*(path: string, minutes: number) {
    const fs = yield* FileSystem.FileSystem
    const { mtime } = yield* fs.stat(path)
    const then = new Date((yield* Effect.fromOption(mtime)).getTime() - minutes * 60_000)
    yield* fs.utimes(path, then, then)
  })

  tested(
    "of a host of another machine that was killed is taken over when its lock was not renewed for 5 minutes",
    function*() {
      const { at, entries, file, fs } = yield* place
      yield* fs.writeFileString(at("bans.json.lock"), "elsewhere_1_2_3 token")
      yield* age(at("bans.json.lock"), 4)
      const store = yield* open(file)
      assert.strictEqual((yield* Effect.flip(store.load)).action, "lock")
      yield* age(at("bans.json.lock"), 2)
      assert.deepStrictEqual(yield* store.load, [])
      assert.deepStrictEqual(yield* entries, ["bans.json.lock"])
    }
  )

  tested(
    "is used by one host at a time where the system shows no processes, as long as that renews its lock",
    function*() {
      const { at, entries, file, fs } = yield* place
      const renewed = yield* Deferred.make<void>()
      const steps = Effect.gen(function*() {
        const scope = yield* Scope.make()
        const one = yield* Scope.provide(open(file), scope)
        yield* one.load
        yield* age(at("bans.json.lock"), 30)
        yield* TestClock.adjust("1 minute")
        yield* Deferred.await(renewed)
        assert.strictEqual((yield* Effect.flip((yield* open(file)).load)).action, "lock")
        yield* age(at("bans.json.lock"), 30)
        const other = yield* open(file)
        yield* other.load
        const late = yield* Effect.flip(one.save([ban("10.0.0.2")]))
        assert.strictEqual(late.action, "lock")
        yield* Scope.close(scope, Exit.void)
        yield* other.save([ban("10.0.0.3")])
        assert.deepStrictEqual((yield* entries).sort(), ["bans.json", "bans.json.lock"])
      })
      const hiding = withoutProcesses(fs)
      yield* Effect.provideService(steps, FileSystem.FileSystem, {
        ...hiding,
        writeFileString: (path, text, options) =>
          Effect.tap(
            fs.writeFileString(path, text, options),
            () => options?.flag === "r+" ? Deferred.succeed(renewed, undefined) : Effect.void
          )
      })
    }
  )

  tested("may be a link, which stays one; a link to nothing is refused", function*() {
    const { at, file, fs, read } = yield* place
    yield* fs.writeFileString(at("real.json"), "[]")
    yield* fs.symlink("real.json", file)
    const store = yield* open(file)
    yield* store.load
    yield* store.save([ban("10.0.0.2")])
    assert.include(yield* read("real.json"), "10.0.0.2/32")
    assert.strictEqual(yield* fs.readLink(file), "real.json")
    yield* fs.symlink("nowhere", at("other.json"))
    assert.strictEqual(
      (yield* Effect.flip((yield* open(at("other.json"))).load)).message,
      `The ban file ${
        at("other.json")
      } cannot be used: there is no such file or directory. Check the path, or make what is missing. Nothing was `
        + "changed."
    )
  })

  tested("is no pipe, no device and no directory: they are refused at once, also where they come later", function*() {
    const { at, file, fs } = yield* place
    execFileSync("mkfifo", [at("pipe")])
    yield* fs.makeDirectory(at("directory"))
    const sentence = "it is a pipe or a device, no file"
    const refusal = Effect.fnUntraced(function*(path: string) {
      return (yield* Effect.flip((yield* open(path)).load)).problem
    })
    assert.strictEqual(yield* refusal(at("pipe")), sentence)
    assert.strictEqual(yield* refusal("/dev/null"), sentence)
    assert.strictEqual(yield* refusal(at("directory")), "it is a directory")
    const store = yield* open(file)
    yield* store.load
    yield* store.save([ban("10.0.0.2")])
    yield* fs.remove(file)
    execFileSync("mkfifo", [file])
    assert.strictEqual((yield* Effect.flip(store.save(many(2)))).problem, sentence)
  })

  tested("gets a line for a change, however many bans it holds, and is written anew now and then", function*() {
    const { file, fs, read } = yield* place
    const [whole, appended]: [Array<string>, Array<string>] = [[], []]
    const noting: FileSystem.FileSystem = {
      ...fs,
      writeFileString: (path, text, options) => {
        if (!path.endsWith(".lock")) (options?.flag === "a" ? appended : whole).push(text)
        return fs.writeFileString(path, text, options)
      }
    }
    const store = yield* Effect.provideService(open(file), FileSystem.FileSystem, noting)
    yield* store.load
    const bans = many(2000)
    yield* store.save(bans)
    for (let round = 0; round < 2000; round++) {
      yield* store.save([...bans, ban("10.0.0.2")])
      yield* store.save(bans)
    }
    assert.isAtMost(whole.length, 3)
    assert.isAtLeast(appended.length, 3997)
    assert.isTrue(appended.every((text) => text.length < 100))
    assert.isAtMost((yield* read("bans.json")).split("\n").length, 5002)
    yield* store.save(bans.slice(1))
    const again = yield* Effect.provideService(open(`${file}.copy`), FileSystem.FileSystem, noting)
    yield* fs.copyFile(file, `${file}.copy`)
    assert.strictEqual((yield* again.load).length, 1999)
  })

  tested("is locked by nobody after a start that a full disk refused", function*() {
    const { entries, file, fs } = yield* place
    const scope = yield* Scope.make()
    const store = yield* Scope.provide(Effect.provideService(open(file), FileSystem.FileSystem, filling(fs, 0)), scope)
    assert.include((yield* Effect.flip(store.load)).message, "the disk is full")
    yield* Scope.close(scope, Exit.void)
    assert.deepStrictEqual(yield* entries, [])
    assert.deepStrictEqual(yield* (yield* open(file)).load, [])
  })

  tested("is whole again after a disk that was full for a while", function*() {
    const { file, fs } = yield* place
    let full = false
    const filled = filling(fs, 20)
    const changing: FileSystem.FileSystem = {
      ...fs,
      writeFileString: (...wanted) => (full ? filled : fs).writeFileString(...wanted)
    }
    const scope = yield* Scope.make()
    const store = yield* Scope.provide(Effect.provideService(open(file), FileSystem.FileSystem, changing), scope)
    yield* store.load
    yield* store.save(many(2))
    full = true
    const refused = yield* Effect.flip(store.save(many(3)))
    assert.strictEqual(
      refused.message,
      `The bans hold now but not after a restart: ${file} cannot be written: the disk is full. Free some space there, or choose another place. The next ban that can be `
        + "written brings them back."
    )
    full = false
    yield* store.save(many(4))
    yield* Scope.close(scope, Exit.void)
    assert.strictEqual((yield* (yield* open(file)).load).length, 4)
  })
})
