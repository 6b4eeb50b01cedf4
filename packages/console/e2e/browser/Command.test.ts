/** The command itself: a host with `--console` in one process, members in others, and a browser that looks at it. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { beforeAll } from "vitest"
import { buildPage } from "../../build.ts"
import { browsed, browser, does } from "../support/Browser.ts"
import { arrived } from "../support/Shown.ts"

const command = fileURLToPath(new URL("../../../cli/bin/peerage.cjs", import.meta.url))

// The command serves the page that its package has.
beforeAll(() => buildPage(fileURLToPath(new URL("../../dist/web", import.meta.url))))

/** A process of the command; it is killed when the scope closes, if it has not ended by then. */
const start = Effect.fnUntraced(function*(...args: ReadonlyArray<string>) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [command, ...args], {
        env: { ...process.env, PEERAGE_PASSWORD: "correct horse battery" }
      })
    ),
    (child) => Effect.sync(() => void child.kill("SIGKILL"))
  )
  let output = ""
  const heard = new Set<() => void>()
  const hear = (chunk: Buffer) => {
    output += chunk.toString()
    for (const listener of heard) listener()
  }
  child.stdout.on("data", hear)
  child.stderr.on("data", hear)
  const ended = new Promise<number | null>((done) => child.on("exit", done))
  return {
    /** Waits for words that the process prints, and gives what they found. */
    prints: (pattern: RegExp) =>
      Effect.callback<string>((resume) => {
        const look = () => {
          const found = pattern.exec(output)?.[0]
          if (found !== undefined) resume(Effect.succeed(found))
        }
        heard.add(look)
        look()
        return Effect.sync(() => heard.delete(look))
      }),
    output: () => output,
    type: (line: string) => Effect.sync(() => void child.stdin.write(`${line}\n`)),
    signal: (name: NodeJS.Signals) => Effect.sync(() => void child.kill(name)),
    ends: does(() => ended)
  }
})

const hosting = Effect.gen(function*() {
  const host = yield* start("host", "--console", "0", "--listen", "127.0.0.1:0")
  const link = yield* host.prints(/http:\/\/127\.0\.0\.1:\d+\/#[\w-]{22}/)
  const invitation = yield* host.prints(/peerage:\/\/\S+/)
  const open = yield* browser
  const seen = yield* open(link, { expects: /ERR_CONNECTION|WebSocket|Failed to load/ })
  yield* arrived(seen.page)
  return { ...seen, host, join: start("join", invitation) }
})

browsed("a member joins, both talk, it is kicked, banned, and let in again", function*() {
  const { join, page } = yield* hosting
  const member = yield* join
  yield* does(() => page.locator(".members .row.here").waitFor())
  yield* member.type("is anybody here?")
  yield* does(() => page.getByRole("log").getByText("is anybody here?").waitFor())
  yield* does(() => page.locator("#say").fill("yes, I am <b>here</b>").then(() => page.keyboard.press("Enter")))
  yield* member.prints(/yes, I am <b>here<\/b>/)
  yield* does(() => page.getByText("It reached 1.").waitFor())
  const ask = (name: string) =>
    does(async () => {
      await page.locator(".members .row.here").hover()
      await page.locator(".members .row.here").getByRole("button", { name }).click()
      await page.getByRole("dialog").getByRole("button", { name }).click()
    })
  yield* ask("Ban")
  yield* does(() => page.locator(".members .row.here").waitFor({ state: "detached" }))
  yield* member.prints(/The host ended the connection/)
  const refused = yield* join
  assert.notStrictEqual(yield* refused.ends, 0)
  yield* does(() => page.locator(".tables tbody tr").first().waitFor())
  for (const row of yield* does(() => page.locator(".tables").getByRole("button", { name: /^Lift/ }).all())) {
    yield* does(() => row.click())
  }
  yield* does(() => page.getByText("Nobody is banned.").waitFor())
  const again = yield* join
  yield* does(() => page.locator(".members .row.here").waitFor())
  yield* ask("Kick")
  yield* does(() => page.getByText(/was removed, and may come back/).waitFor())
  yield* again.prints(/The host ended the connection/)
})

browsed("a host that stands still is lost, and is back where it was when it goes on", function*() {
  const { host, join, page } = yield* hosting
  yield* join
  yield* does(() => page.locator(".members .row.here").waitFor())
  yield* does(() => page.locator("#say").fill("half a sent"))
  yield* host.signal("SIGSTOP")
  yield* does(() => page.getByRole("alert").getByText("The peer does not answer.").waitFor())
  yield* host.signal("SIGCONT")
  yield* does(() => page.getByText("connection lost, trying again").waitFor({ state: "detached" }))
  assert.strictEqual(yield* does(() => page.locator("#say").inputValue()), "half a sent")
  yield* does(() => page.locator("#say").fill("half a sentence").then(() => page.keyboard.press("Enter")))
  yield* does(() => page.getByRole("log").getByText("half a sentence").waitFor())
})

browsed("a host that is interrupted ends at once, and its page says that it has left", function*() {
  const { host, page } = yield* hosting
  yield* host.signal("SIGINT")
  yield* host.ends
  yield* does(() => page.getByRole("alert").getByText("This peer has left.").waitFor())
  yield* does(() => page.getByText("connection lost, trying again").waitFor())
})

browsed("/console gives a new link where the first one was used", function*() {
  const { host, page } = yield* hosting
  const used = yield* host.prints(/#[\w-]{22}/)
  yield* host.type("/console")
  const second = yield* host.prints(new RegExp(`http://127\\.0\\.0\\.1:\\d+/(?!${used})#[\\w-]{22}`))
  yield* does(() => page.goto(second))
  yield* arrived(page)
})
