/** A simulated network by keys alone, and for everybody: in both themes, on a phone, and where nothing may move. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { browsed, does, type Seen, until } from "../../../console/e2e/support/Browser.ts"
import { page as built } from "../../../console/e2e/support/Page.ts"
import { look, sound } from "../../../console/e2e/support/Sound.ts"
import { hostIn, isSo, millisOf, reaches, show, standsAt } from "../support/Staged.ts"

const root = built()

/** Presses Tab until a host has the focus. */
const tabTo = (page: Seen["page"], name: string) =>
  does(() => page.keyboard.press("Tab")).pipe(
    Effect.andThen(does(() => page.evaluate("document.activeElement?.getAttribute('data-host')"))),
    Effect.repeat({ until: (focused) => focused === name, times: 60 }),
    Effect.tap((focused) => Effect.sync(() => assert.strictEqual(focused, name)))
  )

browsed("is done with keys alone: pick, kill, restart, cut, heal, pause, step, speed, look back, branch", function*() {
  const { page, stage } = yield* show(root)
  const press = (...keys: ReadonlyArray<string>) =>
    Effect.forEach(keys, (key) => does(() => page.keyboard.press(key)), { discard: true })
  yield* isSo(page, "3", "knows 3 others")
  yield* tabTo(page, "3")
  yield* press("k")
  yield* isSo(page, "3", "no power")
  yield* press("k")
  yield* isSo(page, "3", "running, knows 3 others")
  yield* press("Enter")
  yield* does(() => page.getByRole("heading", { name: "member 3" }).waitFor())
  yield* press("x")
  yield* does(() => page.getByText("Choose the host to cut off from 3.").waitFor())
  yield* press("Escape", "x")
  yield* does(() => page.keyboard.press("Shift+Tab"))
  yield* press("Enter")
  yield* does(() => page.getByText("3 and 2 are cut off from each other").first().waitFor())
  yield* press("h")
  yield* does(() => page.getByText("the network is whole again").waitFor())
  yield* press("3")
  yield* until(page, "document.querySelector('.segments [aria-pressed=true]').textContent === '1×'")
  // On a focused host a blank picks it, as on any button.
  yield* does(() => page.evaluate("document.activeElement.blur()"))
  yield* press("Space")
  yield* until(page, "document.querySelector('.state').textContent === 'paused'")
  const before = yield* millisOf(page)
  yield* press(".")
  yield* standsAt(page, before + 10)
  yield* press(",")
  yield* does(() => page.getByRole("button", { name: "Branch here" }).waitFor())
  yield* press("b")
  yield* standsAt(page, before - 90)
  assert.include((yield* stage.score).text, "\"heal\":\"all\"")
  yield* press("Escape", "?")
  yield* does(() => page.getByRole("dialog").getByText("cut it off from the host that is chosen next").waitFor())
  yield* press("Escape")
  yield* does(() => page.getByRole("dialog").waitFor({ state: "detached" }))
  yield* does(() => page.keyboard.press("Control+k"))
  yield* does(() => page.getByRole("combobox").fill("kill 4"))
  yield* press("Enter")
  yield* isSo(page, "4", "no power")
})

browsed("leaves single keys alone when they are switched off", function*() {
  const { page } = yield* show(root)
  yield* does(() => page.keyboard.press("?"))
  yield* does(() => page.getByLabel("Use these keys").uncheck())
  yield* does(() => page.keyboard.press("Escape"))
  yield* does(() => page.keyboard.press("Space"))
  yield* reaches(page, 5)
  assert.strictEqual(yield* does(() => page.locator(".state").innerText()), "running")
})

for (const theme of ["dark", "light"] as const) {
  for (const [width, height] of [[1440, 900], [900, 800], [390, 844]] as const) {
    browsed(`breaks no rule of axe, ${theme}, ${width} pixels wide`, function*() {
      const shown = yield* show(root, {}, look(theme, { viewport: { width, height } }))
      const { page, stage } = shown
      yield* isSo(page, "1", "knows 3 others")
      yield* sound(shown, "the network")
      yield* stage.fault({ _tag: "Cut", a: "1", b: "2" })
      yield* stage.fault({ _tag: "Kill", host: "4" })
      yield* stage.fault({ _tag: "Pause", host: "3" })
      yield* isSo(page, "3", "frozen")
      yield* does(() => hostIn(page, "1").click())
      yield* does(() => page.keyboard.press("x"))
      yield* does(() => page.getByText("Choose the host").waitFor())
      yield* sound(shown, "a host that is picked, and about to be cut off")
      yield* does(() => page.keyboard.press("Escape"))
      yield* stage.pace({ paused: true })
      yield* does(() => page.getByRole("slider").fill("3000"))
      yield* does(() => page.getByRole("button", { name: "Branch here" }).waitFor())
      yield* sound(shown, "the past")
      for (const key of ["?", "Control+k"]) {
        yield* does(() => page.keyboard.press(key))
        yield* does(() => page.getByRole("dialog").waitFor())
        yield* sound(shown, `what ${key} opens`)
        yield* does(() => page.keyboard.press("Escape"))
        yield* does(() => page.getByRole("dialog").waitFor({ state: "detached" }))
      }
      assert.deepStrictEqual(shown.problems, [])
    })
  }
}
