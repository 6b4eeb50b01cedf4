/** Passphrases carry the chance they are said to, and are kept for their owner alone. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, PlatformError } from "effect"
import { SecureRandom } from "effect/crypto"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { keeping } from "../src/Passphrase.ts"
import { makePassphrase, words } from "../src/Password.ts"
import { folder } from "./Folder.ts"
import { effect } from "./Test.ts"

it("has 256 different words, so that each is worth 8 bits", () => {
  assert.strictEqual(new Set(words).size, 256)
  assert.strictEqual(words.length, 256)
  for (const word of words) assert.match(word, /^[a-z]{3,8}$/)
})

effect("takes eight bytes of the secure source", function*() {
  const source = SecureRandom.make((size) => Uint8Array.from({ length: size }, (_, index) => index * 36))
  const passphrase = yield* Effect.provideService(makePassphrase, SecureRandom.SecureRandom, source)
  assert.strictEqual(passphrase, [0, 36, 72, 108, 144, 180, 216, 252].map((byte) => words[byte]).join("-"))
})

const keepIn = (env: Readonly<Record<string, string>>) =>
  keeping(Effect.succeed("acid-zebra")).pipe(
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env })),
    Effect.provide(NodeServices.layer)
  )

const modeOf = (path: string) => statSync(path).mode & 0o777

effect("is kept in a file that only its owner can read, in the user's folder for settings", function*() {
  const home = yield* folder()
  const keep = yield* keepIn({ HOME: home })
  const path = join(home, ".config", "peerage", "passphrase")
  assert.strictEqual(yield* keep(undefined), path)
  assert.deepStrictEqual([readFileSync(path, "utf8"), modeOf(path)], ["acid-zebra\n", 0o600])
  assert.strictEqual(modeOf(join(home, ".config", "peerage")), 0o700)
})

effect("is kept where it is told to be, and replaces nothing", function*() {
  const home = yield* folder({ other: "mine" })
  const keep = yield* keepIn({ HOME: home })
  const { message, reason } = yield* Effect.flip(keep(join(home, "other")))
  assert.strictEqual(reason, "AlreadyThere")
  assert.match(message, /stays as it is/)
  assert.strictEqual(readFileSync(join(home, "other"), "utf8"), "mine")
  const ofFolder = (yield* Effect.flip(keep(home))).message
  assert.strictEqual(ofFolder, `${home} is a folder. Give a file in it, such as /keep ${home}/passphrase.`)
  assert.strictEqual((yield* Effect.flip(keep(join(home, "other", "x")))).reason, "FileTrouble")
  assert.strictEqual(yield* keep(join(home, "mine")), join(home, "mine"))
})

effect("leaves nothing of itself on a full disk, which is called so", function*() {
  const home = yield* folder()
  const full = FileSystem.FileSystem.pipe(
    Effect.map((fs): FileSystem.FileSystem => ({
      ...fs,
      writeFileString: (path, _, options) =>
        Effect.andThen(
          fs.writeFileString(path, "", options),
          Effect.fail(PlatformError.systemError({
            _tag: "Unknown",
            module: "FileSystem",
            method: "writeFile",
            cause: Object.assign(new Error(), { code: "ENOSPC" })
          }))
        )
    })),
    Effect.provide(NodeServices.layer)
  )
  const keep = yield* Effect.provideServiceEffect(keeping(Effect.succeed("acid-zebra")), FileSystem.FileSystem, full)
    .pipe(
      Effect.provide(NodeServices.layer)
    )
  const path = join(home, "mine")
  const { message } = yield* Effect.flip(keep(path))
  assert.strictEqual(
    message,
    `${path} cannot be written: the disk is full. Free some space there, or choose another place.`
  )
  assert.deepStrictEqual(readdirSync(home), [])
})

effect("asks for a file where there is no folder for settings", function*() {
  const keep = yield* keepIn({})
  assert.match((yield* Effect.flip(keep(undefined))).message, /\/keep passphrase\.txt/)
})
