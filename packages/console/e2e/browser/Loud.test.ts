/** A page beside a peer to which much happens: it counts, and stays quick. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { CDPSession, Page } from "playwright-core"
import { browsed, does, until } from "../support/Browser.ts"
import { full } from "../support/Full.ts"
import { page as built } from "../support/Page.ts"
import { message } from "../support/Played.ts"
import { arrived, show } from "../support/Shown.ts"

const root = built()

/** 10,000 events a second for five seconds, a hundred at a time. */
const storm = { batches: 500, size: 100, every: "10 millis" } as const

/**
 * Seconds of its thread that the page's scripts have taken. Chromium's long tasks hold painting too, which a machine without
 * a graphics card does in software, and waiting for a core that something else has: neither is the page's.
 */
const scripts = (session: CDPSession) =>
  Effect.map(
    does(() => session.send("Performance.getMetrics")),
    ({ metrics }) => metrics.find(({ name }) => name === "ScriptDuration")?.value ?? assert.fail("no such metric")
  )

const sentence = "(document.querySelector('.loud')?.innerText ?? '')"

browsed("counts 50,000 events in five seconds, shows the latest, and says how many it does not", function*() {
  const { happen, page, problems } = yield* show(root, full())
  yield* does(() => page.getByRole("tab", { name: "Events" }).click())
  const session = yield* does(() => page.context().newCDPSession(page))
  yield* does(() => session.send("Performance.enable", { timeDomain: "threadTicks" }))
  const before = yield* scripts(session)
  for (let batch = 0; batch < storm.batches; batch++) {
    yield* happen(storm.size)
    yield* Effect.sleep(storm.every)
  }
  yield* until(page, `/^[\\d,]+ of [\\d,]+ events of the last 10 seconds were counted, not shown/.test(${sentence})`)
  // Half of the thread would be 2.5 seconds; 50 frames of at most 200 ms would be ten.
  assert.isBelow((yield* scripts(session)) - before, 2.5)
  // What is drawn and what is kept is bounded, whatever comes.
  assert.isAtMost(Number(yield* does(() => page.evaluate("document.querySelectorAll('.events li').length"))), 150)
  assert.deepStrictEqual(problems, [])
})

browsed("answers at once while much happens", function*() {
  const { happen, page } = yield* show(root, full())
  const storming = Effect.andThen(happen(storm.size), Effect.sleep(storm.every))
  yield* Effect.forkScoped(Effect.forever(storming))
  yield* until(page, `${sentence} !== ''`)
  for (const text of ["one", "two", "three"]) {
    yield* does(() => page.locator("#say").fill(text).then(() => page.keyboard.press("Enter")))
    yield* does(() => page.getByText("broadcast: done").waitFor())
  }
})

/** How many frames a page is sent from when it is loaded anew. */
const frames = (page: Page) =>
  does(async () => {
    let count = 0
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (String(payload).includes("\"happenings\":")) count++
      }))
    await page.reload()
    return () => count
  })

browsed("is sent fewer frames while the browser is slow to draw", function*() {
  const { happen, page } = yield* show(root, full())
  const count = yield* frames(page)
  yield* arrived(page)
  yield* does(() => page.evaluate("requestAnimationFrame = () => 0"))
  const before = count()
  for (let event = 0; event < 100; event++) {
    yield* happen(1)
    yield* Effect.sleep("50 millis")
  }
  // A browser that draws is sent fifty; one that never says that it has drawn, one a second and two that wait.
  assert.isBelow(count() - before, 25)
})

browsed("shows a few messages come one by one, and many at once", function*() {
  const { change, page } = yield* show(root)
  const said = (count: number) => Array.from({ length: count }, (_, n) => message(n, "ada", `message ${n}`))
  const rising = page.locator(".message.rises")
  yield* change(() => ({ said: said(2) }))
  yield* does(() => page.getByText("message 1", { exact: true }).waitFor())
  assert.strictEqual(yield* does(() => rising.count()), 2)
  yield* change(() => ({ said: said(40) }))
  yield* does(() => page.getByText("message 39", { exact: true }).waitFor())
  assert.strictEqual(yield* does(() => rising.count()), 2)
})
