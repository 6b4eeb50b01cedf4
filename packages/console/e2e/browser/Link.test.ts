/** The link is good once; the key it gives lives as long as the tab; and a page knows why nobody answers. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { browsed, browser, does, until } from "../support/Browser.ts"
import { host } from "../support/Host.ts"
import { page as built } from "../support/Page.ts"
import { member, play, serve } from "../support/Played.ts"
import { arrived, show } from "../support/Shown.ts"

const root = built()

/** What a browser says of a request that is refused, or that nobody answers. */
const expects = /401|ERR_CONNECTION_REFUSED|WebSocket connection/

browsed("takes the invitation out of the address bar, and keeps the key for this tab alone", function*() {
  const { page } = yield* show(root, host())
  assert.strictEqual(new URL(page.url()).hash, "")
  assert.strictEqual(yield* does(() => page.evaluate("Object.keys(sessionStorage).length")), 1)
  assert.strictEqual(yield* does(() => page.evaluate("document.cookie + Object.values(localStorage).join('')")), "")
  assert.strictEqual(yield* does(() => page.evaluate("history.length")), 2)
})

browsed("goes on after a reload, without the link", function*() {
  const { page } = yield* show(root, host({ members: [member("ada")] }))
  yield* does(() => page.reload())
  yield* arrived(page)
  yield* does(() => page.getByRole("button", { name: /ada.* answers/ }).waitFor())
})

browsed("says of a link that was used that it was, and what to do", function*() {
  const { panel } = yield* play(host())
  const { link } = yield* serve(panel, { root })
  const open = yield* browser
  const used = yield* link
  const { page } = yield* open(used)
  yield* arrived(page)
  const second = yield* open(used, { expects })
  yield* does(() => second.page.getByRole("heading", { name: "This link has been used" }).waitFor())
  yield* does(() => second.page.getByText("/console").waitFor())
})

browsed("opens with a new link in the tab whose link was used", function*() {
  const { panel } = yield* play(host())
  const { link } = yield* serve(panel, { root })
  const open = yield* browser
  const fresh = yield* link
  const { page } = yield* open(fresh.replace(/#.*/, "#aaaaaaaaaaaaaaaaaaaaaa"), { expects })
  yield* does(() => page.getByRole("heading", { name: "This link has been used" }).waitFor())
  yield* does(() => page.goto(fresh))
  yield* arrived(page)
})

browsed("asks for a link where there is none", function*() {
  const { panel } = yield* play(host())
  const { link } = yield* serve(panel, { root })
  const open = yield* browser
  const { page } = yield* open((yield* link).replace(/#.*/, ""))
  yield* does(() => page.getByRole("heading", { name: "This page needs a link" }).waitFor())
})

browsed("says that the peer has left, greys what it shows, and keeps what is written", function*() {
  const { close, page } = yield* show(root, host({ members: [member("ada")] }), { expects })
  yield* does(() => page.locator("#say").fill("half a sent"))
  yield* close
  yield* does(() =>
    page.getByRole("alert").getByText("This peer has left. Start it again to go on. The page asks each second")
      .waitFor()
  )
  yield* does(() => page.getByText("connection lost, trying again").waitFor())
  assert.strictEqual(yield* does(() => page.locator("#say").inputValue()), "half a sent")
  assert.isTrue(yield* does(() => page.getByRole("button", { name: "Send" }).isDisabled()))
})

browsed("says that the peer was started anew when another process answers in its place", function*() {
  const { close, link, page, panel } = yield* show(root, host(), { expects })
  const port = Number(new URL(yield* link).port)
  yield* close
  yield* does(() => page.getByText("connection lost, trying again").waitFor())
  const anew = yield* serve(panel, { root, port })
  yield* does(() => page.getByRole("heading", { name: "The peer was started anew" }).waitFor())
  const fresh = yield* anew.link
  yield* does(() => page.goto(fresh))
  yield* arrived(page)
})

browsed("says that too many pages are open, and opens when one is closed", function*() {
  const { link, open } = yield* show(root, host())
  const others = yield* Effect.forEach(Array.from({ length: 7 }), () => Effect.flatMap(link, (url) => open(url)))
  for (const { page } of others) yield* arrived(page)
  const ninth = yield* open(yield* link, { expects: /503/ })
  yield* does(() => ninth.page.getByRole("heading", { name: "Eight pages of this peer are open" }).waitFor())
  yield* does(async () => others[0]?.page.close())
  yield* arrived(ninth.page)
})

browsed("is told less often while nobody sees it, and all when somebody does", function*() {
  const { change, page } = yield* show(root, host())
  const hide = (hidden: boolean) =>
    does(() =>
      page.evaluate(`Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true })
        document.dispatchEvent(new Event("visibilitychange"))`)
    )
  yield* hide(true)
  yield* change(() => ({ members: [member("ada")] }))
  yield* does(() => page.getByRole("button", { name: /ada.* answers/ }).waitFor())
  yield* hide(false)
  yield* change(() => ({ members: [member("ada"), member("grace")] }))
  yield* does(() => page.getByRole("button", { name: /grace.* answers/ }).waitFor())
  yield* until(page, "document.querySelectorAll('.members .row').length === 3")
})
