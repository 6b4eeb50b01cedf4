import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { AuthPeer, BanStore } from "@peerage/pyile"
import { InstantFiles } from "@peerage/testing"
import { Effect, Fiber, FileSystem, Layer, Path } from "effect"
import { nameOf } from "../../../src/peer/host/BanFile.ts"
import { elapse, host, hostIp, join, on, password, simulated } from "../Network.ts"
import { guess, refusal } from "../Watching.ts"

/** A path in a folder that is removed afterwards. */
const place = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* fs.makeTempDirectoryScoped()
  return { fs, folder, file: path.join(folder, "bans.json") }
})

/** A host that keeps its bans in a file. */
const keeping = (file: string, options: Partial<AuthPeer.AuthPeerOptions> = {}) =>
  Effect.flatMap(Layer.build(BanStore.layerFile(file)), (store) => Effect.provide(host(options), store))

const real = Effect.provide(NodeServices.layer)

/** The lines of a file, each read as JSON. */
const linesOf = (text: string): ReadonlyArray<unknown> => text.split("\n").slice(0, -1).map((line) => JSON.parse(line))

describe("a host with a ban file", () => {
  it.effect("keeps its bans over a restart, those by hand and those for wrong passwords", () =>
    Effect.gen(function*() {
      const { file, folder, fs } = yield* place
      yield* Effect.scoped(Effect.gen(function*() {
        const before = yield* keeping(file, { attempts: 1 })
        yield* before.ban("10.0.9.0/24", { reason: "noisy", for: "1 day" })
        assert.strictEqual(yield* guess("10.0.0.2"), "WrongPassword")
      }))
      assert.deepStrictEqual(yield* fs.readDirectory(folder), ["bans.json"])
      assert.strictEqual((yield* fs.stat(file)).mode & 0o777, 0o600)
      const after = yield* keeping(file)
      assert.deepStrictEqual(
        (yield* after.bans).map((ban) => [nameOf(ban), ban.reason]),
        [["10.0.9.0/24", "noisy"], ["10.0.0.2/32", "1 wrong password"]]
      )
      assert.deepStrictEqual([yield* refusal("10.0.0.2"), yield* refusal("10.0.9.1")], ["Banned", "Banned"])
      assert.strictEqual(yield* after.unban("10.0.0.2"), true)
      assert.deepStrictEqual(linesOf(yield* fs.readFileString(file)).at(-1), { lifted: "10.0.0.2/32" })
    }).pipe(simulated, real))

  it.effect("does not write down who is only kicked", () =>
    Effect.gen(function*() {
      const { file, fs } = yield* place
      const hosting = yield* keeping(file)
      const ann = yield* join("10.0.0.2")
      yield* hosting.kick(ann.self)
      yield* hosting.ban("10.0.0.9")
      assert.strictEqual((yield* hosting.bans).length, 2)
      assert.deepStrictEqual(linesOf(yield* fs.readFileString(file)), [
        { network: "10.0.0.9/32", reason: "banned by the host" }
      ])
    }).pipe(simulated, real))

  it.effect.each([
    { name: "no JSON", text: "banned: everybody" },
    { name: "another JSON", text: `{"bans": []}` },
    { name: "an impossible network", text: `[{"network": "10.0.0.0/99", "reason": ""}]` },
    { name: "nothing", text: "" }
  ])("does not begin with a file that holds $name, and leaves it as it is", ({ text }) =>
    Effect.gen(function*() {
      const { file, folder, fs } = yield* place
      yield* fs.writeFileString(file, text)
      const error = yield* Effect.scoped(Effect.flip(keeping(file)))
      assert.deepStrictEqual([error._tag, error.reason._tag], ["HostError", "BanStoreError"])
      assert.include(error.message, file)
      assert.strictEqual(yield* fs.readFileString(file), text)
      assert.deepStrictEqual(yield* fs.readDirectory(folder), ["bans.json"])
    }).pipe(simulated, real))

  it.effect("says so when a ban cannot be written, bans all the same, and leaves nothing beside", () =>
    Effect.gen(function*() {
      const { file, folder, fs } = yield* place
      const hosting = yield* keeping(file)
      yield* fs.makeDirectory(file)
      yield* fs.writeFileString(`${file}/in the way`, "")
      const error = yield* Effect.flip(hosting.ban("10.0.0.2"))
      assert.strictEqual(error._tag, "BanStoreError")
      assert.match(
        error.message,
        /^The bans hold now but not after a restart: \S+ cannot be written: it is a directory\./
      )
      assert.strictEqual(yield* refusal("10.0.0.2"), "Banned")
      assert.deepStrictEqual(yield* fs.readDirectory(folder), ["bans.json", "bans.json.lock"])
    }).pipe(simulated, real))

  it.effect("writes one version after the other, however slow a disk is, so that the last one stays", () =>
    Effect.gen(function*() {
      const { file, fs } = yield* place
      let pause = 10
      const slow: FileSystem.FileSystem = {
        ...fs,
        writeFileString: (...writing) =>
          writing[0].endsWith(".lock")
            ? fs.writeFileString(...writing)
            : Effect.delay(fs.writeFileString(...writing), pause--)
      }
      const hosting = yield* Effect.provideService(keeping(file), FileSystem.FileSystem, slow)
      const bans = yield* Effect.forEach(
        Array.from({ length: 10 }, (_, index) => `10.0.1.${index}`),
        (ip) => Effect.forkChild(hosting.ban(ip))
      )
      yield* elapse("1 second")
      yield* Effect.forEach(bans, Fiber.join)
      assert.strictEqual(linesOf(yield* fs.readFileString(file)).length, 10)
    }).pipe(simulated, Effect.provide(InstantFiles.layer)))

  it.effect("loses no ban of many at once, and leaves no file beside", () =>
    Effect.gen(function*() {
      const { file, folder, fs } = yield* place
      const hosting = yield* keeping(file)
      const bans = yield* Effect.forEach(
        Array.from({ length: 50 }, (_, index) => `10.0.1.${index}`),
        (ip) => Effect.forkChild(hosting.ban(ip))
      )
      yield* Effect.forEach(bans, Fiber.join)
      assert.strictEqual(linesOf(yield* fs.readFileString(file)).length, 50)
      assert.deepStrictEqual(yield* fs.readDirectory(folder), ["bans.json", "bans.json.lock"])
    }).pipe(simulated, real))

  it.effect("composes as layers", () =>
    Effect.gen(function*() {
      const { file, fs } = yield* place
      const layer = AuthPeer.layer({ password, listen: `${hostIp}:4702` }).pipe(Layer.provide(BanStore.layerFile(file)))
      yield* on(hostIp, Effect.provide(Effect.flatMap(AuthPeer.AuthPeer, (hosting) => hosting.ban("10.0.0.2")), layer))
      assert.include(yield* fs.readFileString(file), "10.0.0.2/32")
    }).pipe(simulated, real))
})
