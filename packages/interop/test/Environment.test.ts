/** The environment of the originals: where there is none, one sentence says why. */
import { assert, it } from "@effect/vitest"
import { Result } from "effect"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inject } from "vitest"
import { prepare } from "../src/Environment.ts"

const missing = inject("missing")

it.skipIf(missing !== "")("the environment is made once and used again", () => {
  assert.deepStrictEqual(prepare(), Result.succeed(inject("python")))
})

it.skipIf(missing !== "")("the environment says that there is no Python", () => {
  const folder = join(tmpdir(), "peerage-no-python")
  const { reason } = Result.getOrThrow(Result.flip(prepare({ command: "no-such-python", folder })))
  assert.strictEqual(reason, "there is no no-such-python here.")
})

it.skipIf(missing !== "")("the environment says that the originals cannot be installed, and tries again", () => {
  const folder = mkdtempSync(join(tmpdir(), "peerage-no-index-"))
  try {
    const variables = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder }
    for (const _ of [1, 2]) {
      const { reason } = Result.getOrThrow(Result.flip(prepare({ folder, variables })))
      assert.match(reason, /^the originals cannot be installed: .*\.$/)
      assert.isFalse(existsSync(join(folder, "installed.txt")))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
