/** Every screen in both themes: nothing that axe finds, and nothing that does not fit. */
import { assert } from "@effect/vitest"
import { browsed, browser, does, until } from "../support/Browser.ts"
import { full } from "../support/Full.ts"
import { host } from "../support/Host.ts"
import { page as built } from "../support/Page.ts"
import { play, serve } from "../support/Played.ts"
import { show } from "../support/Shown.ts"
import { look, sound } from "../support/Sound.ts"

const root = built()
const themes = ["dark", "light"] as const
const tabs = ["Chat", "Kept", "Routes", "Transfers", "Events"]

for (const theme of themes) {
  browsed(`shows every tab, ${theme}`, function*() {
    const shown = yield* show(root, full(), look(theme))
    yield* does(() =>
      shown.page.getByText("just between us").or(shown.page.getByText("good morning")).first().waitFor()
    )
    for (const name of tabs) {
      yield* does(() => shown.page.getByRole("tab", { name }).click())
      yield* sound(shown, name)
    }
    assert.strictEqual(yield* does(() => shown.page.evaluate("document.documentElement.dataset.theme")), theme)
    assert.deepStrictEqual(shown.problems, [])
  })

  browsed(`opens every dialog, ${theme}`, function*() {
    const shown = yield* show(root, full(), look(theme))
    const { page } = shown
    const shut = does(() =>
      page.keyboard.press("Escape").then(() => page.getByRole("dialog").waitFor({ state: "detached" }))
    )
    for (const name of ["Invite", "Keys and help", "All that can be asked", "connect"]) {
      yield* does(() => page.getByRole("button", { name }).click())
      yield* does(() => page.getByRole("dialog").waitFor())
      yield* sound(shown, name)
      yield* shut
    }
    yield* does(() => page.getByRole("tab", { name: "Kept" }).click())
    yield* does(() => page.getByRole("button", { name: "forget otto" }).click())
    yield* does(() => page.getByRole("dialog").getByText("forget otto now?").waitFor())
    yield* sound(shown, "a question")
  })

  browsed(`shows a peer that is alone, lost, and left, ${theme}`, function*() {
    const invite = { command: "peerage join 10.0.0.1:4702" }
    const shown = yield* show(root, host({}, { invite }), look(theme, { expects: /ERR_CONNECTION|WebSocket/ }))
    yield* sound(shown, "alone")
    const sentence = "The host has closed the network. Join another one."
    yield* shown.change(() => ({ status: { tone: "bad", word: "left", sentence } }))
    yield* does(() => shown.page.getByText(sentence).waitFor())
    yield* sound(shown, "left")
    yield* shown.close
    yield* does(() => shown.page.getByText("connection lost, trying again").waitFor())
    yield* sound(shown, "lost")
  })

  browsed(`says that there is no link, and that one was used, ${theme}`, function*() {
    const { panel } = yield* play(host())
    const { link } = yield* serve(panel, { root })
    const open = yield* browser
    const url = yield* link
    const without = yield* open(url.replace(/#.*/, ""), look(theme))
    yield* does(() => without.page.getByRole("heading", { name: "This page needs a link" }).waitFor())
    yield* sound(without, "no link")
    const used = yield* open(url.replace(/#.*/, "#aaaaaaaaaaaaaaaaaaaaaa"), look(theme, { expects: /401/ }))
    yield* does(() => used.page.getByRole("heading", { name: "This link has been used" }).waitFor())
    yield* sound(used, "a used link")
  })

  for (const width of [900, 390]) {
    browsed(`fits ${width} pixels, ${theme}`, function*() {
      const shown = yield* show(root, full(), look(theme, { viewport: { width, height: 844 } }))
      const { page } = shown
      for (const name of width < 720 ? ["Members", "Activity", "Chat"] : ["Chat"]) {
        if (width < 720) yield* does(() => page.getByRole("navigation").getByRole("button", { name }).click())
        yield* sound(shown, name)
      }
      for (const name of tabs) {
        yield* does(() => page.getByRole("tab", { name }).click())
        yield* sound(shown, name)
      }
    })
  }
}

browsed("changes the theme by hand, and keeps that", function*() {
  const { page } = yield* show(root, host(), look("dark"))
  yield* does(() => page.getByRole("button", { name: "Light theme" }).click())
  yield* until(page, "document.documentElement.dataset.theme === 'light'")
  yield* does(() => page.reload())
  yield* until(page, "document.documentElement.dataset.theme === 'light'")
})

browsed("opens on a phone what somebody chooses, and leads back", function*() {
  const { page } = yield* show(root, full(), look("light", { viewport: { width: 390, height: 844 } }))
  const go = (name: string) => does(() => page.getByRole("navigation").getByRole("button", { name }).click())
  yield* go("Members")
  yield* does(() => page.getByRole("button", { name: /^ada.* answers/ }).click())
  yield* does(() => page.getByRole("log").getByText("just between us").waitFor())
  yield* go("Activity")
  yield* does(() => page.getByRole("heading", { name: "Log" }).waitFor())
  yield* go("Members")
  yield* does(() => page.getByRole("button", { name: "kick ada" }).click())
  yield* does(() => page.getByRole("dialog").getByText("kick ada now?").waitFor())
})
