/** What comes from a wire is text, and nobody but the page of this console is let in by the browser. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { createServer } from "node:http"
import { browsed, browser, does, rebound, until } from "../support/Browser.ts"
import { host } from "../support/Host.ts"
import { page as built } from "../support/Page.ts"
import { member, message, play, serve } from "../support/Played.ts"
import { show } from "../support/Shown.ts"

const root = built()

const script = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"

/** Elements that only markup from elsewhere could have made. */
const made = "document.querySelectorAll('#page img, #page script, #page iframe, #page a, #page b[onclick]').length"

browsed("shows a message, a value, an alias and a line of the log that are HTML as text", function*() {
  const { page, problems } = yield* show(
    root,
    host({
      members: [member("eve", { name: script, marks: [script] })],
      said: [
        message(1, "eve", script, { name: script }),
        message(2, "eve", { [script]: script }, { type: script, doubt: script })
      ],
      lines: [{ n: 1, at: 0, level: "ERROR", text: script }]
    })
  )
  yield* does(() => page.getByRole("log").getByText(script, { exact: true }).first().waitFor())
  assert.isAtLeast(yield* does(() => page.getByText(script).count()), 5)
  assert.strictEqual(yield* does(() => page.evaluate(made)), 0)
  assert.notStrictEqual(yield* does(() => page.title()), "taken")
  assert.deepStrictEqual(problems, [])
})

browsed("shows a file whose name is a script, a row and a node as text", function*() {
  const files = { name: "files", title: "Files", columns: ["Name"], empty: "None.", place: "tab" } as const
  const { page, problems } = yield* show(root, {
    about: { tables: [files], transfers: "Transfers", graph: "Routes" },
    scene: {
      rows: { files: [{ id: "1", cells: [script] }] },
      transfers: [{
        id: "1",
        name: script,
        peer: script,
        direction: "in",
        bytes: 1,
        total: 2,
        rate: 1,
        state: "failed",
        sentence: script
      }],
      graph: { nodes: [{ id: "0", name: script, hops: 0 }, { id: "1", name: "<b>x</b>", hops: 1, via: "1" }], more: 0 }
    }
  })
  yield* does(() => page.getByRole("tab", { name: "Files" }).click())
  yield* does(() => page.getByRole("rowheader", { name: script }).waitFor())
  yield* does(() => page.getByRole("tab", { name: "Transfers" }).click())
  yield* does(() => page.getByText(script, { exact: true }).waitFor())
  yield* does(() => page.getByRole("tab", { name: "Routes" }).click())
  yield* does(() => page.getByRole("button", { name: "<b>x</b>, 1 hop away" }).waitFor())
  assert.strictEqual(yield* does(() => page.evaluate(made)), 0)
  assert.deepStrictEqual(problems, [])
})

browsed("shows no control characters of an alias, and no text turned round", function*() {
  const name = "ada\u202Egnp.exe\u001B[31m\u0007"
  const { page } = yield* show(
    root,
    host({ members: [member("ada", { name })], said: [message(1, "ada", `hi\u0000\u2066`, { name })] })
  )
  yield* does(() => page.getByRole("button", { name: /^ada/ }).first().waitFor())
  assert.notMatch(
    yield* does(() => page.locator("#page").innerText()),
    /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/
  )
})

/** A page of another origin, which tries all that a page can. */
const attack = (port: number) =>
  `<!doctype html><title>asking</title><script>
  const socket = new Promise((done) => {
    const socket = new WebSocket("ws://127.0.0.1:${port}/rpc", ["peerage", "guess"])
    socket.onopen = () => done("open")
    socket.onerror = () => done("refused")
  })
  const read = (path, options) => fetch("http://127.0.0.1:${port}" + path, options).then((answer) => answer.text(), () => "refused")
  const blind = fetch("http://127.0.0.1:${port}/session", { method: "POST", mode: "no-cors" }).then(({ type }) => type, () => "refused")
  const framed = new Promise((done) => {
    const frame = document.createElement("iframe")
    frame.src = "http://127.0.0.1:${port}/"
    frame.onload = () => { try { done(frame.contentDocument === null ? "shut" : "read") } catch { done("shut") } }
    document.documentElement.append(frame)
  })
  const whole = [socket, read("/session"), read("/"), read("/session", { method: "POST", headers: { authorization: "Bearer x" } }), blind, framed]
  Promise.all(whole).then((all) => document.title = all.join(" "))
</script>`

const elsewhere = (html: string) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: string; readonly close: () => void }>((resume) => {
      const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(html))
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(Effect.succeed({ url: `http://127.0.0.1:${port}/`, close: () => server.close() }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )

browsed("lets no page of another origin connect, read anything, or show it in a frame", function*() {
  const { panel } = yield* play(host())
  const { link } = yield* serve(panel, { root })
  const { port } = new URL(yield* link)
  const { url } = yield* elsewhere(attack(Number(port)))
  const open = yield* browser
  const { page } = yield* open(url, { expects: /./ })
  yield* until(page, "document.title !== 'asking'")
  // A blind request gets through and is refused by the gate: an opaque answer says nothing of it.
  assert.match(yield* does(() => page.title()), /^refused refused refused refused (opaque|refused) shut$/)
})

browsed("answers a name that was rebound to this machine with a refusal, and without the page", function*() {
  const { panel } = yield* play(host())
  const { link } = yield* serve(panel, { root })
  const { hash, port } = new URL(yield* link)
  const open = yield* browser
  const { page } = yield* open(`http://${rebound}:${port}/${hash}`, { expects: /403/ })
  yield* does(() => page.getByText(`Open this console at http://127.0.0.1:${port}/ only.`).waitFor())
  assert.strictEqual(yield* does(() => page.evaluate("document.scripts.length")), 0)
})
