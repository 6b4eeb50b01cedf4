/** A played peer, a console of it, and a page that looks at it. */
import { Effect, type Scope } from "effect"
import type { Page } from "playwright-core"
import { browser, does, type Look, type Seen } from "./Browser.ts"
import { type Play, play, type Played, serve, type Served } from "./Played.ts"

/** Somebody who looks at a peer. */
export interface Shown extends Played, Served, Seen {
  /** Another page of the same browser, as of another person. */
  readonly open: (url: string, look?: Look) => Effect.Effect<Seen, never, Scope.Scope>
}

/** Waits until the page has drawn what the console told first. */
export const arrived = (page: Page) => does(() => page.locator("main.room, main.stage").waitFor())

/** Plays a peer, and opens its page. */
export const show = Effect.fnUntraced(function*(root: string, play_: Play = {}, look: Look = {}) {
  const played = yield* play(play_)
  const served = yield* serve(played.panel, { root })
  const open = yield* browser
  const seen = yield* open(yield* served.link, look)
  yield* arrived(seen.page)
  return { ...played, ...served, ...seen, open } satisfies Shown
})
