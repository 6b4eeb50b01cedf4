/** What becomes of the tests of the page where there is no browser, and of a test whose page never shows what it waits for. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { browsed, browser, until } from "./support/Browser.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const nowhere = "/nowhere/chromium"
const sentence = `There is no Chromium at ${nowhere}. Install one, or name it with PEERAGE_CHROMIUM`

/** Runs one file of tests of the page in a process that is told of a browser that is not there. */
const runs = (ci: string) => {
  const file = "packages/console/e2e/browser/Loud.test.ts"
  const args = ["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.workspace.ts", "--mode", "e2e", file]
  const env = { ...process.env, CI: ci, PEERAGE_CHROMIUM: nowhere }
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: root, env, encoding: "utf8" })
  return { status, said: `${stdout}${stderr}` }
}

it("without a browser the tests of the page are skipped, with a sentence that says what to do", () => {
  const { said, status } = runs("")
  assert.include(said, sentence)
  assert.match(said, /skipped/)
  assert.notMatch(said, /passed/)
  assert.strictEqual(status, 0, said)
})

it("without a browser they fail in CI, with the same sentence", () => {
  const { said, status } = runs("true")
  assert.include(said, sentence)
  assert.match(said, /failed/)
  assert.strictEqual(status, 1, said)
})

browsed("a wait in a page ends, and says what was there instead", function*() {
  const open = yield* browser
  const { page } = yield* open("data:text/html,<p>something else</p>")
  const cause = yield* Effect.sandbox(until(page, "document.title", "200 millis")).pipe(Effect.flip)
  assert.match(
    cause.reasons.map((reason) => reason._tag === "Die" ? String(reason.defect) : reason._tag).join(),
    /After 200ms document\.title is ""\. The page shows:\nsomething else/
  )
  yield* until(page, "document.body.innerText === 'something else'")
})
