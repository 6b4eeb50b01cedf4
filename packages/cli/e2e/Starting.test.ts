/** What the entrypoint does before the command: it looks at the version of Node, and keeps what Node has compiled. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../test/Folder.ts"
import { entrypoint, run } from "../test/Process.ts"
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

/** Starts the command with a Node that says that it is of another version. */
const withNode = Effect.fnUntraced(function*(version: string) {
  const pretend = join(yield* folder(), "pretend.cjs")
  const versions = `{ ...process.versions, node: ${JSON.stringify(version)} }`
  writeFileSync(pretend, `Object.defineProperty(process, "versions", { value: ${versions} })`)
  return spawnSync(process.execPath, ["--require", pretend, entrypoint, "--version"], { encoding: "utf8" })
})

for (const version of ["0.12.18", "18.20.8", "20.20.2", "22.18.0"]) {
  live(`says on Node.js ${version} which one it needs`, function*() {
    const { status, stderr, stdout } = yield* withNode(version)
    assert.deepStrictEqual([status, stdout], [1, ""])
    assert.match(stderr, new RegExp(`^peerage needs Node\\.js 22\\.19 or newer, and this is ${version}\\. [^\n]+\n$`))
  })
}

for (const version of ["22.19.0", "23.0.0", "100.1.2"]) {
  live(`starts on Node.js ${version}`, function*() {
    const { status, stderr } = yield* withNode(version)
    assert.deepStrictEqual([status, stderr], [0, ""])
  })
}

const systemNode = "/usr/bin/node"
const isOld = /^v(\d|1\d|20)\./.test(spawnSync(systemNode, ["--version"], { encoding: "utf8" }).stdout ?? "")

it.skipIf(!isOld)("says so on an old Node.js as well, which cannot read what new ones can", () => {
  const { status, stderr } = spawnSync(systemNode, [entrypoint, "--version"], { encoding: "utf8" })
  assert.strictEqual(status, 1)
  assert.match(stderr, /^peerage needs Node\.js 22\.19 or newer[^\n]+\n$/)
})
