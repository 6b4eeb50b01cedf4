/** Links of a simulated network in a real browser: made slow and lossy after a click, and by keys alone. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { browsed, does, type Seen } from "../../../console/e2e/support/Browser.ts"
import { page as built } from "../../../console/e2e/support/Page.ts"
import { look, sound } from "../../../console/e2e/support/Sound.ts"
import { hostIn, isSo, show } from "../support/Staged.ts"

const root = built()

const field = (page: Seen["page"], name: RegExp) => page.getByRole("dialog").getByRole("textbox", { name })

browsed(
  "sets a link that was clicked, shows what it is like and was like, and the file of the run has it",
  function*() {
    const seen = yield* show(root, {}, look("dark"))
    const { page, problems, stage } = seen
    yield* isSo(page, "1", "knows 3 others")
    const hit = page.locator("g.wire").filter({ hasText: "1 and 2" }).locator(".hit")
    yield* does(() => hit.dispatchEvent("click"))
    yield* does(() => page.getByText("1 and 2: cut off").waitFor())
    yield* does(() => page.locator("g.wire.cut .hit").dispatchEvent("click"))
    yield* does(() => page.getByText("1 and 2: latency 20 ms").waitFor())
    yield* does(() => page.getByRole("button", { name: "Set the link" }).click())
    yield* does(() => page.getByRole("dialog", { name: "The link of 1 and 2" }).waitFor())
    yield* sound(seen, "the settings of a link")
    const submit = does(() => page.getByRole("dialog").getByRole("button", { name: "Set the link" }).click())
    for (
      const [latency, lost, sentence] of [
        ["20", "0", "the link is like that already"],
        ["lots", "0", "Latency in ms: this takes a number from 0 on"],
        ["300", "120", "Lost, in percent: this takes a number from 0 to 100"]
      ] as const
    ) {
      yield* does(() => field(page, /^Latency/).fill(latency))
      yield* does(() => field(page, /^Lost/).fill(lost))
      yield* submit
      yield* does(() => page.getByRole("alert").filter({ hasText: sentence }).waitFor())
    }
    yield* does(() => field(page, /^Lost/).fill("12.5"))
    yield* submit
    yield* does(() => page.getByText("1 and 2: latency 300 ms, 12.5 % lost").waitFor())
    yield* does(() => page.getByText("1 and 2 have another link: latency 300ms, 12.5 % lost").waitFor())
    const { faults } = JSON.parse((yield* stage.score).text)
    assert.deepInclude(faults.at(-1), { link: ["1", "2"], latency: 300, loss: 0.125 })
    yield* does(() => page.getByRole("slider", { name: "Moment" }).fill("0"))
    yield* does(() => page.getByText("1 and 2: latency 20 ms").waitFor())
    assert.deepStrictEqual(problems, [])
  }
)

browsed("sets a link with keys alone", function*() {
  const { page, stage } = yield* show(root)
  const press = (...keys: ReadonlyArray<string>) =>
    Effect.forEach(keys, (key) => does(() => page.keyboard.press(key)), { discard: true })
  yield* isSo(page, "3", "knows 3 others")
  yield* does(() => hostIn(page, "3").focus())
  yield* press("l")
  yield* does(() => page.getByText("Choose the other end of the link of 3.").waitFor())
  yield* press("Escape", "l", "Shift+Tab", "Enter")
  yield* does(() => page.getByRole("dialog", { name: "The link of 3 and 2" }).waitFor())
  yield* press("Control+a")
  yield* does(() => page.keyboard.type("250"))
  yield* press("Enter")
  yield* does(() => page.getByText("3 and 2 have another link: latency 250ms").waitFor())
  assert.include((yield* stage.score).text, "\"latency\":250")
  const bandwidth = ["l", "Tab", "Tab", "Tab"]
  yield* press(...bandwidth)
  yield* does(() => page.keyboard.type("5000"))
  yield* press("Enter")
  yield* does(() => page.getByText("3 and 2 have another link: 5000 bytes a second").waitFor())
  yield* press(...bandwidth, "Control+a", "Delete", "Enter")
  yield* does(() => page.getByText("3 and 2 have another link: any number of bytes a second").waitFor())
  assert.include((yield* stage.score).text, "\"bandwidth\":\"unlimited\"")
  yield* press("l")
  yield* does(() => page.getByRole("dialog", { name: "The link of 3 and 2" }).waitFor())
  yield* press("Escape")
  yield* does(() => page.getByRole("dialog").waitFor({ state: "detached" }))
})
