/** What a page shows of a peer, and how it asks something of it. */
import { assert } from "@effect/vitest"
import { browsed, does, until } from "../support/Browser.ts"
import { host } from "../support/Host.ts"
import { page as built } from "../support/Page.ts"
import { member, message } from "../support/Played.ts"
import { show } from "../support/Shown.ts"

const root = built()

/** Whether an element shows all that is in it. */
const whole = (selector: string) =>
  `(({ clientHeight, clientWidth, scrollHeight, scrollWidth }) => scrollWidth <= clientWidth && scrollHeight <= clientHeight)
    (document.querySelector("${selector}"))`

/** Whether no part of an element is over another one. */
const apart = (one: string, other: string) =>
  `((one, other) => one.bottom <= other.top || one.top >= other.bottom)
    (...["${one}", "${other}"].map((selector) => document.querySelector(selector).getBoundingClientRect()))`

browsed("shows who joins, who is overdue and who has gone", function*() {
  const { change, page, problems } = yield* show(root, host())
  yield* change(() => ({ members: [member("ada")] }))
  yield* does(() => page.getByRole("button", { name: /ada.* answers/ }).waitFor())
  yield* change(() => ({ members: [member("ada", { state: "overdue" })] }))
  yield* does(() => page.getByRole("button", { name: /ada.* answer overdue/ }).waitFor())
  const said = [message(1, "ada", "bye", { conversation: "ada:4000" })]
  yield* change(() => ({ members: [member("ada", { state: "gone" })], said }))
  yield* does(() => page.getByRole("button", { name: /ada.* gone/ }).click())
  yield* does(() => page.getByText("ada is gone. What was said stays here.").waitFor())
  assert.deepStrictEqual(problems, [])
})

browsed("sends what is written, to everybody and to one, and says the answer", function*() {
  const { asked, page } = yield* show(root, host({ members: [member("ada")] }))
  const write = (text: string) => does(() => page.locator("#say").fill(text).then(() => page.keyboard.press("Enter")))
  yield* write("hello all")
  yield* does(() => page.getByText("broadcast: done").waitFor())
  yield* does(() => page.getByRole("button", { name: /ada.* answers/ }).click())
  yield* write("/json {\"n\": [1]}")
  yield* does(() => page.getByText("send: done").waitFor())
  assert.deepStrictEqual(yield* asked, [
    { ability: "broadcast", values: { text: "hello all" } },
    { ability: "send", values: { target: "ada:4000", json: "{\"n\": [1]}" } }
  ])
})

browsed("gives back what was refused, and says why", function*() {
  const { page } = yield* show(root, { ...host(), refuses: { broadcast: "Nobody hears you." } })
  yield* does(() => page.locator("#say").fill("hello"))
  yield* does(() => page.getByRole("button", { name: "Send" }).click())
  yield* does(() => page.getByText("Nobody hears you.").waitFor())
  yield* until(page, "document.querySelector('#say').value === 'hello'")
})

browsed("says of a value that is none what is wrong with it, and keeps it", function*() {
  const { asked, page } = yield* show(root, host())
  yield* does(() => page.locator("#say").fill("/json {oops"))
  yield* does(() => page.getByText("no JSON yet").waitFor())
  yield* does(() => page.getByRole("button", { name: "Send" }).click())
  yield* does(() => page.getByText("What stands behind /json is no JSON.").waitFor())
  assert.strictEqual(yield* does(() => page.locator("#say").inputValue()), "/json {oops")
  assert.deepStrictEqual(yield* asked, [])
})

browsed("counts what was said elsewhere, until it is looked at", function*() {
  const { change, page } = yield* show(root, host({ members: [member("ada")] }))
  yield* change(() => ({ said: [message(1, "ada", "psst", { conversation: "ada:4000" })] }))
  yield* until(page, "document.title.startsWith('(1)')")
  yield* does(() => page.getByRole("button", { name: /1 unread/ }).first().click())
  yield* does(() => page.getByRole("log").getByText("psst").waitFor())
  yield* until(page, "!document.title.startsWith('(')")
})

browsed("asks once more before it takes something away", function*() {
  const { asked, page } = yield* show(root, host({ members: [member("ada")] }))
  const kick = page.getByRole("button", { name: "kick ada" })
  const row = page.locator(".row").filter({ hasText: "ada" })
  yield* does(() => row.hover())
  yield* does(() => kick.click())
  yield* does(() => page.getByRole("dialog").getByText("kick ada now?").waitFor())
  yield* does(() => page.getByRole("button", { name: "Cancel" }).click())
  yield* does(() => page.getByRole("dialog").waitFor({ state: "detached" }))
  assert.deepStrictEqual(yield* asked, [])
  yield* does(() => row.hover())
  yield* does(() => kick.click())
  yield* does(() => page.getByRole("dialog").getByRole("button", { name: "kick ada" }).click())
  yield* does(() => page.getByText("kick: done").waitFor())
  assert.deepStrictEqual(yield* asked, [{ ability: "kick", values: { target: "ada:4000" } }])
})

browsed("bans by the fields beside the bans, and lifts from a row", function*() {
  const { asked, page } = yield* show(root, host())
  yield* does(() => page.getByLabel("network").fill("10.0.0.0/24"))
  yield* does(() => page.getByLabel("network").press("Enter"))
  yield* does(() => page.getByRole("dialog").getByRole("button", { name: "ban" }).click())
  yield* does(() => page.getByText("ban: done").waitFor())
  yield* does(() => page.getByRole("button", { name: "lift 10.0.0.7" }).click())
  yield* does(() => page.getByText("lift: done").waitFor())
  assert.deepStrictEqual(yield* asked, [
    { ability: "ban", values: { network: "10.0.0.0/24" } },
    { ability: "lift", values: { target: "10.0.0.7" } }
  ])
})

browsed("keeps what was typed when somebody thinks better of it", function*() {
  const { asked, page } = yield* show(root, host())
  const [network, duration] = [page.locator("#ban-network"), page.locator("#ban-duration")]
  yield* does(() => duration.fill("2h"))
  yield* does(() => network.fill("10.0.0.0/24"))
  yield* does(() => network.press("Enter"))
  yield* does(() => page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click())
  yield* does(() => page.getByRole("dialog").waitFor({ state: "detached" }))
  assert.strictEqual(yield* does(() => network.inputValue()), "10.0.0.0/24")
  assert.strictEqual(yield* does(() => duration.inputValue()), "2h")
  assert.deepStrictEqual(yield* asked, [])
  yield* does(() => network.press("Enter"))
  yield* does(() => page.getByRole("dialog").getByRole("button", { name: "ban" }).click())
  yield* until(
    page,
    "document.querySelector('#ban-network').value + document.querySelector('#ban-duration').value === ''"
  )
})

browsed("shows why something is refused whole, at every width, and beside what was written", function*() {
  const why = `Nobody hears "${"x".repeat(300)}". Write to somebody who is here, or wait until somebody has joined.`
  const { page } = yield* show(root, { ...host(), refuses: { broadcast: why, ban: why } })
  for (const [width, height] of [[1440, 900], [1000, 500], [700, 844], [390, 844]] as const) {
    yield* does(() => page.setViewportSize({ width, height }))
    yield* does(() => page.locator("#say").fill("hello"))
    yield* does(() => page.locator("#say").press("Enter"))
    yield* does(() => page.locator(".notice.bad").waitFor())
    yield* until(page, whole(".notice.bad"))
    yield* until(page, "document.querySelector('#say').value === 'hello'")
    yield* until(page, apart(".notice.bad", "form.say"))
    yield* until(page, whole(".middle"))
  }
  yield* does(() => page.setViewportSize({ width: 1440, height: 900 }))
  yield* does(() => page.locator("#ban-network").fill("x"))
  yield* does(() => page.locator("#ban-network").press("Enter"))
  yield* does(() => page.getByRole("dialog").getByRole("button", { name: "ban" }).click())
  yield* does(() => page.getByRole("dialog").getByRole("alert").waitFor())
  yield* until(page, whole("dialog .inside"))
})

browsed("keeps the dialog open with the reason when what it asks is refused", function*() {
  const { page } = yield* show(root, { ...host(), refuses: { ban: "10.0.0 is no network. Write one as 10.0.0.0/24." } })
  yield* does(() => page.getByLabel("network").fill("10.0.0"))
  yield* does(() => page.getByLabel("network").press("Enter"))
  const dialog = page.getByRole("dialog")
  yield* does(() => dialog.getByRole("button", { name: "ban" }).click())
  yield* does(() => dialog.getByRole("alert").getByText("Write one as 10.0.0.0/24.").waitFor())
  assert.strictEqual(yield* does(() => dialog.getByLabel("network").inputValue()), "10.0.0")
})

browsed("tells how to join while nobody is here, and copies the command", function*() {
  const command = "peerage join 192.168.1.20:4702"
  const invite = { command, needs: "They are asked for the passphrase.", code: { size: 2, path: "M0 0h1v1H0z" } }
  const permissions = ["clipboard-read", "clipboard-write"]
  const { change, page } = yield* show(root, host({}, { invite }), { permissions })
  yield* does(() => page.getByText("Nobody else is here yet", { exact: true }).waitFor())
  yield* does(() => page.getByRole("img", { name: "A QR code of the invitation" }).waitFor())
  yield* does(() => page.getByRole("button", { name: /^Copy/ }).click())
  yield* does(() => page.getByRole("button", { name: "Copied" }).waitFor())
  assert.strictEqual(yield* does(() => page.evaluate("navigator.clipboard.readText()")), command)
  yield* change(() => ({ members: [member("ada")] }))
  yield* does(() => page.getByText("Nothing said yet.").waitFor())
  yield* does(() => page.getByRole("button", { name: "Invite" }).click())
  yield* does(() => page.getByRole("dialog").getByText(command).waitFor())
})

browsed("says why the peer has left", function*() {
  const { change, page } = yield* show(root, host())
  const sentence = "The host has closed the network. Join another one."
  yield* change(() => ({ status: { tone: "bad", word: "left", sentence } }))
  yield* does(() => page.getByRole("alert").getByText(sentence).waitFor())
})

browsed("leads back to the end when something was said while somebody read further up", function*() {
  const said = Array.from({ length: 60 }, (_, n) => message(n, "ada", `message ${n}`))
  const { change, page } = yield* show(root, host({ members: [member("ada")], said }))
  const log = page.getByRole("log")
  yield* does(() => log.getByText("message 59").waitFor())
  yield* does(() => log.hover())
  yield* does(() => page.mouse.wheel(0, -2000))
  yield* until(page, "document.querySelector('.messages').scrollTop < 200")
  yield* change(({ said }) => ({ said: [...said, message(60, "ada", "the newest")] }))
  yield* does(() => page.getByRole("button", { name: "1 new" }).click())
  const atEnd = "(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - scrollTop - clientHeight < 5)"
  yield* until(page, `${atEnd}(document.querySelector('.messages'))`)
})
