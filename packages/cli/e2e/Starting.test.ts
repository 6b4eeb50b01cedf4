/** Where the entrypoint keeps what Node has compiled, and that it does without. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../test/Folder.ts"
import { run } from "../test/Process.ts"
import { live } from "../test/Test.ts"

const greets = Effect.fnUntraced(function*(env: Readonly<Record<string, string>>) {
  const { code, stderr, stdout } = yield* run(["--help"], { env })
  assert.deepStrictEqual([code, stderr], [0, ""])
  assert.match(stdout, /peerage/)
})

live("keeps what was compiled in the user's folder for such things", function*() {
  const [home, caches] = [yield* folder(), yield* folder()]
  yield* greets({ HOME: home, XDG_CACHE_HOME: "" })
  assert.isTrue(existsSync(join(home, ".cache", "peerage")))
  yield* greets({ HOME: home, XDG_CACHE_HOME: caches })
  assert.isTrue(existsSync(join(caches, "peerage")))
})

live("starts without a folder, and with one that cannot be written to", function*() {
  yield* greets({ HOME: "", XDG_CACHE_HOME: "" })
  const file = join(yield* folder(), "file")
  writeFileSync(file, "")
  yield* greets({ HOME: file, XDG_CACHE_HOME: "" })
})
