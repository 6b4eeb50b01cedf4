/** A simulated network in a real browser: cut, killed, looked at again, branched and taken away. */
import { assert } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { browsed, does, until } from "../../../console/e2e/support/Browser.ts"
import { page as built } from "../../../console/e2e/support/Page.ts"
import { open as follow, packetsUntil, played } from "../../test/simulate/stage/Pages.ts"
import { hostIn, isSo, millisOf, momentOf, reaches, scenario, show, standsAt } from "../support/Staged.ts"

const root = built()

browsed("cuts a link at a click, and the list of the host shrinks; a second click heals it", function*() {
  const { page, problems } = yield* show(root)
  yield* isSo(page, "1", "knows 3 others")
  const wire = page.locator("g.wire").filter({ hasText: "1 and 2: click to cut" })
  const line = yield* does(() => wire.locator(".hit").boundingBox())
  assert.isNotNull(line)
  // Between both hosts, where nothing else is.
  yield* does(() => page.mouse.click((line?.x ?? 0) + (line?.width ?? 0) / 2, (line?.y ?? 0) + (line?.height ?? 0) / 2))
  yield* does(() => page.getByText("1 and 2 are cut off from each other").first().waitFor())
  yield* does(() => page.locator("g.wire.cut").waitFor())
  yield* isSo(page, "1", "knows 2 others")
  yield* does(() => page.locator("g.wire.cut .hit").dispatchEvent("click"))
  yield* does(() => page.getByText("1 and 2 reach each other again").first().waitFor())
  yield* isSo(page, "1", "knows 3 others")
  assert.deepStrictEqual(problems, [])
})

browsed("kills the picked host, freezes it, and starts it again", function*() {
  const { page } = yield* show(root)
  yield* isSo(page, "3", "knows 3 others")
  yield* does(() => hostIn(page, "3").click())
  const inspector = page.getByRole("region", { name: "member 3" })
  yield* does(() => inspector.getByText("10.0.0.3").waitFor())
  yield* does(() => inspector.getByRole("button", { name: "Freeze" }).click())
  yield* isSo(page, "3", "frozen")
  yield* does(() => inspector.getByRole("button", { name: "Go on" }).click())
  yield* isSo(page, "3", "running")
  yield* does(() => inspector.getByRole("button", { name: "Kill" }).click())
  yield* isSo(page, "3", "no power, knows nobody")
  yield* isSo(page, "1", "knows 2 others")
  yield* does(() => inspector.getByRole("button", { name: "Restart" }).click())
  yield* isSo(page, "3", "running, knows 3 others")
})

browsed("shows on the slider how it was, while time goes on, and leads back to now", function*() {
  const { page } = yield* show(root, {
    scenario: { ...scenario, faults: [{ at: "20 seconds", kill: "4" }], until: "1 minute" }
  })
  yield* reaches(page, 30)
  yield* isSo(page, "4", "no power")
  const slider = page.getByRole("slider", { name: "Moment" })
  yield* does(() => slider.fill("15000"))
  yield* isSo(page, "4", "running, knows 3 others")
  assert.strictEqual(yield* momentOf(page), 15)
  yield* does(() => page.getByText("1 knows 3, as expected").waitFor())
  assert.strictEqual(yield* does(() => page.getByText("4 lost power").count()), 0)
  assert.isAbove(yield* does(() => page.locator(".marks .fault").count()), 0)
  yield* does(() => page.getByRole("button", { name: "now", exact: true }).click())
  yield* isSo(page, "4", "no power")
  assert.isAbove(yield* momentOf(page), 29)
})

browsed("plays a branch anew from the moment that is shown, and goes on without what came later", function*() {
  const { page, stage } = yield* show(root)
  yield* reaches(page, 12)
  yield* stage.fault({ _tag: "Kill", host: "2" })
  yield* isSo(page, "2", "no power")
  yield* does(() => page.getByRole("button", { name: "Pause" }).click())
  yield* does(() => page.getByRole("slider").fill("11000"))
  yield* isSo(page, "2", "running")
  yield* does(() => page.getByRole("button", { name: "Branch here" }).click())
  yield* does(() => page.getByText("2 lost power").waitFor({ state: "detached" }))
  yield* until(page, "document.querySelector('.state').textContent === 'paused'")
  assert.strictEqual(yield* momentOf(page), 11)
  yield* does(() => page.getByRole("button", { name: "Run", exact: true }).click())
  yield* reaches(page, 16)
  yield* isSo(page, "2", "running, knows 3 others")
  assert.notInclude((yield* stage.score).text, "\"kill\":\"2\"")
})

browsed("gives what was done as a file, which plays to the same packets without a page", function*() {
  const { page, stage } = yield* show(root)
  const told = yield* follow(stage)
  yield* isSo(page, "1", "knows 3 others")
  yield* does(() => hostIn(page, "1").click())
  yield* does(() => page.getByRole("button", { name: "Cut the link of 1 and 2" }).click())
  yield* isSo(page, "1", "knows 2 others")
  yield* does(() => page.getByRole("button", { name: "Heal" }).or(page.locator(".toggle.cut")).first().click())
  yield* isSo(page, "1", "knows 3 others")
  yield* does(() => page.getByRole("button", { name: "Pause" }).click())
  yield* until(page, "document.querySelector('.state').textContent === 'paused'")
  const moment = 1000 * (yield* momentOf(page)) - 10
  const saved = yield* does(() =>
    Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as a scenario" }).click()])
  )
  const [download] = saved
  assert.strictEqual(download.suggestedFilename(), "four-by-hand.json")
  const text = readFileSync(yield* does(() => download.path()), "utf8")
  yield* does(() => page.getByText("peerage simulate four-by-hand.json").waitFor())
  const packets = packetsUntil(told.packets(), moment)
  assert.isAbove(packets.length, 100)
  assert.deepStrictEqual(packetsUntil(yield* played(text, moment), moment), packets)
})

browsed("shows several pages the same, and what one of them does", function*() {
  const { link, open, page } = yield* show(root)
  const other = yield* open(yield* link)
  yield* isSo(other.page, "1", "knows 3 others")
  yield* does(() => other.page.keyboard.press("Space"))
  yield* until(page, "document.querySelector('.state').textContent === 'paused'")
  yield* until(other.page, "document.querySelector('.state').textContent === 'paused'")
  const moment = yield* millisOf(page)
  yield* does(() => page.keyboard.press("."))
  for (const each of [page, other.page]) yield* standsAt(each, moment + 10)
  yield* does(() => page.reload())
  yield* isSo(page, "1", "knows 3 others")
  // All that was recorded is there again.
  yield* does(() => page.getByRole("slider").fill("50"))
  yield* does(() => page.getByText("Four hosts meet").waitFor())
  yield* isSo(page, "2", "knows nobody")
})
