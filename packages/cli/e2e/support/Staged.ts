/** A scenario on a stage, and a page of a real browser that looks at it. */
import * as Console from "@peerage/console/Console"
import { NodeConsole } from "@peerage/console/node"
import { Context, Effect, Layer, Redacted } from "effect"
import { browser, does, type Look, type Seen, until } from "../../../console/e2e/support/Browser.ts"
import type { ScenarioFile } from "../../src/simulate/ScenarioFile.ts"
import * as OnStage from "../../src/simulate/stage/OnStage.ts"

/** Four hosts of Pyile that meet and talk. */
export const scenario: ScenarioFile = {
  about: "Four hosts meet",
  protocol: "pyile",
  hosts: 4,
  seed: 7,
  link: { latency: "20 millis", jitter: "20 millis" },
  talk: { every: "4 seconds", broadcast: 0.2 },
  until: "1 hour",
  expect: [{ at: "10 seconds", host: "1", knows: 3 }]
}

type Page = Seen["page"]

/** A host on the page. */
export const hostIn = (page: Page, name: string) => page.locator(`[data-host="${name}"]`)

/** Waits until a host's name says so. */
export const isSo = (page: Page, name: string, words: string) =>
  does(() => page.locator(`[data-host="${name}"][aria-label*="${words}"]`).waitFor())

/** The moment that the page shows, in seconds. */
export const momentOf = (page: Page) =>
  Effect.map(does(() => page.locator("time.moment").innerText()), Number.parseFloat)

const slider = "Number(document.querySelector('input[type=range]').value)"

/** The moment that the slider stands at, in whole milliseconds. */
export const millisOf = (page: Page) => Effect.map(does(() => page.evaluate(slider)), Number)

/** Waits until the slider stands at a moment, or as near as rounding brings it. */
export const standsAt = (page: Page, millis: number) => until(page, `Math.abs(${slider} - ${millis}) <= 1`)

/** Waits until the page shows a moment, or a later one. */
export const reaches = (page: Page, seconds: number) =>
  until(page, `Number.parseFloat(document.querySelector("time.moment").textContent) >= ${seconds}`)

/** Opens a stage and its page, and waits for the hosts. */
export const show = Effect.fnUntraced(function*(root: string, options: Partial<OnStage.Options> = {}, look: Look = {}) {
  const stage = yield* OnStage.make({ name: "four", scenario, speed: 16, ...options })
  const context = yield* Layer.build(NodeConsole.layerStage(stage, { port: 0, root }))
  const link = Effect.map(Context.get(context, Console.Console).link, Redacted.value)
  const open = yield* browser
  const seen = yield* open(yield* link, look)
  yield* does(() => hostIn(seen.page, "2").waitFor())
  return { ...seen, stage, link, open }
})
