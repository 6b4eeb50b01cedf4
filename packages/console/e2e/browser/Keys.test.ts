/** All is done by keyboard alone, and all keys can be switched off. */
import { assert } from "@effect/vitest"
import { browsed, does, until } from "../support/Browser.ts"
import { full } from "../support/Full.ts"
import { page as built } from "../support/Page.ts"
import { show } from "../support/Shown.ts"

const root = built()

/** What has the focus, as a screen reader says it. */
const focused = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"

browsed("talks, kicks, bans, lifts and comes back, by keyboard alone", function*() {
  const { asked, page } = yield* show(root, full())
  const press = (...keys: ReadonlyArray<string>) =>
    does(async () => {
      for (const key of keys) await page.keyboard.press(key)
    })
  const write = (text: string) => does(() => page.keyboard.insertText(text))
  const done = (ability: string) => does(() => page.getByText(`${ability}: done`).waitFor())
  yield* press("/")
  yield* until(page, "document.activeElement.id === 'say'")
  yield* write("hello all")
  yield* press("Enter")
  yield* done("broadcast")
  // Out of the field, into the list, to its second row, and to what can be done there.
  yield* press("Shift+Tab", "g", "m")
  yield* until(page, `(${focused}).includes('Everybody')`)
  yield* press("j", "j", "k", "Tab")
  yield* until(page, `(${focused}) === 'kick ada'`)
  yield* press("Enter")
  yield* does(() => page.getByRole("dialog").waitFor())
  yield* press("Enter")
  yield* done("kick")
  // Keys do nothing while a dialog closes, and the focus follows when the page has been drawn.
  yield* until(page, "document.querySelector('dialog[open]') === null")
  yield* press("g", "s")
  yield* until(page, "document.activeElement.matches('.side input, .side button')")
  yield* press("Tab")
  yield* does(() => page.getByLabel("network").focus())
  yield* write("10.0.0.9")
  yield* press("Enter")
  yield* does(() => page.getByRole("dialog").waitFor())
  yield* press("Enter")
  yield* done("ban")
  yield* press("Control+k")
  yield* write("lift")
  yield* press("Enter")
  yield* done("lift")
  assert.deepStrictEqual(
    (yield* asked).map(({ ability, values }) => [ability, values["target"] ?? values["network"] ?? values["text"]]),
    [
      ["broadcast", "hello all"],
      ["kick", "ada:4000"],
      ["ban", "10.0.0.9"],
      ["lift", "10.0.0.7"]
    ]
  )
})

browsed("goes between tabs with the arrows, and opens a node and an event with Enter", function*() {
  const { happen, page } = yield* show(root, full())
  const press = (key: string) => does(() => page.keyboard.press(key))
  yield* does(() => page.getByRole("tab", { name: "Chat" }).focus())
  yield* press("ArrowRight")
  yield* press("ArrowRight")
  yield* does(() => page.getByRole("tab", { name: "Routes", selected: true }).waitFor())
  yield* until(page, "document.querySelectorAll('.middle section [data-row]').length > 1")
  yield* press("j")
  yield* press("j")
  yield* until(page, "document.activeElement.matches('.middle [data-row]')")
  yield* press("Enter")
  yield* does(() => page.getByRole("button", { name: "Write to ada" }).waitFor())
  yield* press("g")
  yield* press("e")
  yield* happen(3)
  yield* does(() => page.locator(".events summary").first().waitFor())
  yield* does(() => page.getByRole("group", { name: "The latest events" }).focus())
  yield* press("j")
  yield* until(page, "document.activeElement.tagName === 'SUMMARY'")
  yield* press("Enter")
  yield* does(() => page.locator(".events details[open] .tree").waitFor())
})

browsed("gives the focus back to what opened a dialog", function*() {
  const { page } = yield* show(root, full())
  yield* does(() => page.getByRole("button", { name: "Invite" }).focus())
  yield* does(() => page.keyboard.press("Enter"))
  yield* does(() => page.getByRole("dialog").waitFor())
  yield* does(() => page.keyboard.press("Escape"))
  yield* until(page, `(${focused}) === 'Invite'`)
})

browsed("does nothing by key while a field has the focus, or when keys are switched off", function*() {
  const { page } = yield* show(root, full(), { colorScheme: "dark" })
  const theme = does(() => page.evaluate("document.documentElement.dataset.theme"))
  yield* does(() => page.locator("#say").focus())
  yield* does(() => page.keyboard.type("t? /"))
  assert.strictEqual(yield* does(() => page.locator("#say").inputValue()), "t? /")
  assert.strictEqual(yield* theme, "dark")
  yield* does(() => page.getByRole("tab", { name: "Chat" }).focus())
  yield* does(() => page.keyboard.press("?"))
  yield* does(() => page.getByLabel("Use these keys").uncheck())
  yield* does(() => page.keyboard.press("Escape"))
  yield* does(() => page.getByRole("dialog").waitFor({ state: "detached" }))
  yield* does(() => page.keyboard.press("t"))
  yield* does(() => page.keyboard.press("Control+k"))
  yield* does(() => page.reload())
  yield* does(() => page.getByRole("tab", { name: "Chat" }).focus())
  yield* does(() => page.keyboard.press("t"))
  assert.deepStrictEqual([yield* theme, yield* does(() => page.getByRole("dialog").count())], ["dark", 0])
})
