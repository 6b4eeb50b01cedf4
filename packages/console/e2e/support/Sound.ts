/** What every screen must be, whatever it shows. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { does, type Look, type Seen, violations } from "./Browser.ts"

/** A browser of one theme, in which nothing moves. */
export const look = (colorScheme: "dark" | "light", more: Look = {}): Look => ({
  colorScheme,
  reducedMotion: "reduce",
  ...more
})

/** Nothing on what is shown breaks a rule of axe, and the page scrolls nowhere to the side. */
export const sound = Effect.fnUntraced(function*(seen: Seen, what: string) {
  assert.deepStrictEqual(yield* violations(seen), [], what)
  const wide = yield* does(() => seen.page.evaluate("document.documentElement.scrollWidth - innerWidth"))
  assert.strictEqual(wide, 0, `${what} is too wide`)
})
