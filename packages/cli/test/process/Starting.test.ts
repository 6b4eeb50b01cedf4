/** Where the entrypoint keeps what Node has compiled, and that it does without. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { run } from "./Peerage.ts"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "peerage-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const greets = Effect.fnUntraced(function*(env: Readonly<Record<string, string>>) {
  const { code, stderr, stdout } = yield* run(["--help"], { env })
  assert.deepStrictEqual([code, stderr], [0, ""])
  assert.match(stdout, /peerage/)
})

it.live("keeps what was compiled in the user's folder for such things", () =>
  Effect.gen(function*() {
    const [home, caches] = [yield* folder, yield* folder]
    yield* greets({ HOME: home, XDG_CACHE_HOME: "" })
    assert.isTrue(existsSync(join(home, ".cache", "peerage")))
    yield* greets({ HOME: home, XDG_CACHE_HOME: caches })
    assert.isTrue(existsSync(join(caches, "peerage")))
  }))

it.live("starts without a folder, and with one that cannot be written to", () =>
  Effect.gen(function*() {
    yield* greets({ HOME: "", XDG_CACHE_HOME: "" })
    const file = join(yield* folder, "file")
    writeFileSync(file, "")
    yield* greets({ HOME: file, XDG_CACHE_HOME: "" })
  }))
