/** The fixture of the secure transport's tests is what both peers make today; where one cannot be built, a sentence says why. */
import { assert, it } from "@effect/vitest"
import { Result } from "effect"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inject } from "vitest"
import * as Noise from "../../src/Noise.ts"
import { peers } from "./Peers.ts"

for (const { command, missing, name } of peers) {
  const title = `${name} makes the fixture as it is kept`
  if (missing !== "") it(title, ({ skip }) => skip(missing))
  else it(title, () => assert.strictEqual(Noise.fixture(command), readFileSync(Noise.fixturePath, "utf8")))
}

it.skipIf(inject("missingSnow") !== "")("the peer on snow is built once and used again", () => {
  assert.deepStrictEqual(Noise.prepareSnow(), Result.succeed(inject("snow")))
})

it("the peer on snow is not there without cargo", () => {
  const { reason } = Result.getOrThrow(Result.flip(Noise.prepareSnow({ command: "no-such-cargo" })))
  assert.strictEqual(reason, "there is no no-such-cargo here.")
})

it.skipIf(inject("missingSnow") !== "")("the peer on snow is not there without its crates", () => {
  const folder = mkdtempSync(join(tmpdir(), "peerage-no-crates-"))
  try {
    const variables = { CARGO_HOME: folder, CARGO_NET_OFFLINE: "true" }
    const { reason } = Result.getOrThrow(Result.flip(Noise.prepareSnow({ folder: join(folder, "target"), variables })))
    assert.match(reason, /^snow cannot be built: .*\.$/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
