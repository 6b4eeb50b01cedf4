/** Key files, on a real disk: kept, shared, refused, never overwritten. */
import { assert, describe, it } from "@effect/vitest"
import { Identity } from "@peerage/secure"
import { KeyFile, NodeCrypto } from "@peerage/secure/node"
import { Effect, Redacted } from "effect"
import * as Base64Url from "effect/encoding/Base64Url"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const line = `peerage-key-1 ${"A".repeat(42)}E`
const isRoot = process.geteuid?.() === 0

/** A folder of its own for a test. */
const folder = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(join(tmpdir(), "peerage-key-"))),
  (path) => Effect.sync(() => fs.rmSync(path, { recursive: true, force: true }))
)

const test = <E>(
  title: string,
  body: (path: string) => Effect.Effect<void, E, Effect.Services<typeof Identity.generate>>
) =>
  it.effect(
    title,
    () =>
      Effect.flatMap(folder, (path) => body(join(path, "key"))).pipe(Effect.scoped, Effect.provide(NodeCrypto.layer))
  )

const text = ({ secret }: Identity.Identity) => `peerage-key-1 ${Base64Url.encode(Redacted.value(secret))}\n`
const modeOf = (path: string) => fs.statSync(path).mode & 0o777
const write = (path: string, content: string | Uint8Array, mode = 0o600) => {
  fs.writeFileSync(path, content)
  fs.chmodSync(path, mode)
}

describe("a key file", () => {
  test("is made where there is none, for its owner alone, and nothing is left beside it", (path) =>
    Effect.gen(function*() {
      const identity = yield* KeyFile.load(path)
      assert.strictEqual(fs.readFileSync(path, "utf8"), text(identity))
      assert.strictEqual(modeOf(path), 0o600)
      assert.deepStrictEqual(fs.readdirSync(join(path, "..")), ["key"])
    }))

  test("gives the same identity each time", (path) =>
    Effect.gen(function*() {
      const { key } = yield* KeyFile.load(path)
      assert.strictEqual((yield* KeyFile.load(path)).key, key)
      assert.strictEqual((yield* KeyFile.read(path)).key, key)
    }))

  test("is made in a folder that is made with it, for its owner alone", (path) =>
    Effect.gen(function*() {
      yield* KeyFile.load(join(path, "in", "here"))
      assert.deepStrictEqual([path, join(path, "in")].map(modeOf), [0o700, 0o700])
    }))

  it.effect.skipIf(!fs.existsSync("/proc"))("is refused where no folder can be made", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(KeyFile.load("/proc/none/in/key"))
      assert.deepStrictEqual([error.problem, error.code], ["Unwritable", "ENOENT"])
    }).pipe(Effect.provide(NodeCrypto.layer)))

  test("made by many at once is one of theirs, and all have it", (path) =>
    Effect.gen(function*() {
      const load = Effect.map(KeyFile.load(path), ({ key }) => key)
      const keys = yield* Effect.all(Array.from({ length: 20 }, () => load), { concurrency: "unbounded" })
      assert.strictEqual(new Set(keys).size, 1)
      assert.deepStrictEqual(fs.readdirSync(join(path, "..")), ["key"])
    }))

  test("may lack its line's end, or have that of Windows", (path) =>
    Effect.gen(function*() {
      const { key } = yield* KeyFile.load(path)
      const content = fs.readFileSync(path, "utf8").trimEnd()
      for (const end of ["", "\n", "\r\n"]) {
        write(path, content + end)
        assert.strictEqual((yield* KeyFile.read(path)).key, key)
      }
    }))

  test("that is not there is not made by reading", (path) =>
    Effect.gen(function*() {
      const { code, message, problem } = yield* Effect.flip(KeyFile.read(path))
      assert.deepStrictEqual({ code, problem }, { code: "ENOENT", problem: "Unreadable" })
      assert.match(message, /cannot be read/)
      assert.isFalse(fs.existsSync(path))
    }))
})

interface Refused {
  readonly what: string
  readonly problem: KeyFile.KeyFileError["problem"]
  readonly make: (path: string) => void
}

const refused: ReadonlyArray<Refused> = [
  ...[0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o644].map((mode) => ({
    what: `has the mode ${mode.toString(8)}`,
    problem: "ReadableByOthers" as const,
    make: (path: string) => write(path, line, mode)
  })),
  { what: "is a directory", problem: "NotAFile", make: (path) => fs.mkdirSync(path, { mode: 0o700 }) },
  {
    what: "is a link",
    problem: "NotAFile",
    make: (path) => {
      write(`${path}-linked`, line)
      fs.symlinkSync(`${path}-linked`, path)
    }
  },
  { what: "is a link to nothing", problem: "NotAFile", make: (path) => fs.symlinkSync(`${path}-linked`, path) },
  {
    what: "is a pipe that nobody writes into",
    problem: "NotAFile",
    make: (path) => assert.strictEqual(spawnSync("mkfifo", ["-m", "600", path]).status, 0)
  },
  ...[
    "",
    "\n",
    "peerage-key-1",
    `${line}${line}`,
    `${line}\n\n`,
    `${line} `,
    ` ${line}`,
    `${line.slice(0, -1)}\n`,
    line.replace("-1 ", "-2 "),
    line.replace("AAA", "A A"),
    `${line}\n`.repeat(1000),
    "\u0000".repeat(57)
  ].map((content) => ({
    what: `has the content ${JSON.stringify(content.slice(0, 70))}`,
    problem: "Malformed" as const,
    make: (path: string) => write(path, content)
  }))
]

/** What is there, to see that nothing changed it. */
const snapshot = (path: string) => {
  const stats = fs.lstatSync(path)
  return { mode: stats.mode, ino: stats.ino, content: stats.isFile() ? fs.readFileSync(path, "utf8") : "" }
}

const refuses = ({ make, problem }: Refused) => (path: string) =>
  Effect.gen(function*() {
    make(path)
    const before = snapshot(path)
    for (const used of [KeyFile.read(path), KeyFile.load(path)]) {
      const error = yield* Effect.flip(used)
      assert.strictEqual(error.problem, problem)
      assert.include(error.message, path)
      assert.notInclude(error.message, "A".repeat(42))
    }
    assert.deepStrictEqual(snapshot(path), before)
  })

describe("a key file is refused, and stays as it is, when it", () => {
  for (const each of refused) test(each.what, refuses(each))

  it.effect.skipIf(!isRoot)("belongs to another user", () => {
    const each: Refused = {
      what: "",
      problem: "NotOwned",
      make: (path) => {
        write(path, line)
        fs.chownSync(path, 65_534, 65_534)
      }
    }
    return Effect.flatMap(folder, (path) => refuses(each)(join(path, "key"))).pipe(
      Effect.scoped,
      Effect.provide(NodeCrypto.layer)
    )
  })
})

describe("a key file that cannot be made", () => {
  test("says why, and leaves nothing behind", (path) =>
    Effect.gen(function*() {
      write(path, "a file")
      const error = yield* Effect.flip(KeyFile.load(join(path, "key")))
      assert.strictEqual(error.problem, "Unreadable")
      assert.include(error.message, "a part of the path is not a directory")
      const tooLong = yield* Effect.flip(KeyFile.load(join(path, "..", "k".repeat(250))))
      assert.deepStrictEqual([tooLong.problem, tooLong.code], ["Unwritable", "ENAMETOOLONG"])
      assert.deepStrictEqual(fs.readdirSync(join(path, "..")), ["key"])
    }))
})
