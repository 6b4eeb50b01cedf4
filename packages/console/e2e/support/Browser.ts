/**
 * A real Chromium that looks at a console. Without one a test is skipped, and says so; with CI=true it fails, as a test that
 * nobody runs shows nothing.
 */
import { it } from "@effect/vitest"
import axe from "axe-core"
import { Duration, Effect, Schedule, type Scope } from "effect"
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import { type BrowserContextOptions, chromium, type Page } from "playwright-core"

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
const folders = [
  ...(process.env["PATH"] ?? "").split(delimiter),
  "/usr/bin",
  "/usr/local/bin",
  "/snap/bin",
  "/Applications/Google Chrome.app/Contents/MacOS"
]

const runs = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const places = folders.flatMap((folder) => [...names, "Google Chrome"].map((name) => join(folder, name)))

const named = process.env["PEERAGE_CHROMIUM"]

/** The program, or nothing where there is none. */
const program: string | undefined = (named === undefined ? places : [named]).find(runs)

const none = `There is no Chromium ${named === undefined ? "here" : `at ${named}`}. ` +
  "Install one, or name it with PEERAGE_CHROMIUM, to test the page in a browser."

const fails = process.env["CI"] === "true"

// The usual report of a run counts what was skipped, and does not say why.
if (program === undefined && !fails) process.stderr.write(`${none} Its tests are skipped.\n`)

/** A page, and all that went wrong in it. */
export interface Seen {
  readonly page: Page
  /** Errors, and what the console's policy refused. */
  readonly problems: ReadonlyArray<string>
}

/** What a page is opened with. */
export interface Look extends BrowserContextOptions {
  /** Problems that belong to the test, as an error of a connection that is refused. */
  readonly expects?: RegExp
}

/** Does something in a browser. */
export const does = <A>(what: () => Promise<A>): Effect.Effect<A> => Effect.promise(what)

// Nothing that a test waits for takes a tenth of it. It ends what would hang.
const longest = "60 seconds"

const seenOf = (page: Page, expression: string, last: unknown, within: Duration.Input) =>
  Effect.flatMap(does(() => page.locator("body").innerText()), (text) => {
    const after = Duration.format(Duration.fromInputUnsafe(within))
    return Effect.die(new Error(`After ${after} ${expression} is ${JSON.stringify(last)}. The page shows:\n${text}`))
  })

/**
 * Waits until an expression is true in a page, and dies with what is there instead when it does not become so. The console's
 * policy lets a page evaluate none itself.
 */
export const until = (page: Page, expression: string, within: Duration.Input = longest) =>
  Effect.suspend(() => {
    let last: unknown
    return does(() => page.evaluate(expression)).pipe(
      Effect.tap((value) => Effect.sync(() => void (last = value))),
      Effect.repeat({ until: (value) => value === true, schedule: Schedule.spaced("50 millis") }),
      Effect.timeoutOrElse({ duration: within, orElse: () => seenOf(page, expression, last, within) })
    )
  })

/** A name of another's that leads to this machine, as after a DNS rebinding. */
export const rebound = "rebound.test"

const launch = Effect.acquireRelease(
  does(() =>
    chromium.launch({
      executablePath: program ?? "chromium",
      // Chromium's sandbox does not start as root, and in containers has too small a /dev/shm.
      args: ["--no-sandbox", "--disable-dev-shm-usage", `--host-resolver-rules=MAP ${rebound} 127.0.0.1`]
    })
  ),
  (browser) => does(() => browser.close())
)

/** A browser that opens pages, each as of a person of its own; it ends with the scope. */
export const browser = Effect.map(
  launch,
  (browser) =>
    Effect.fnUntraced(function*(url: string, { expects = /(?!)/, ...look }: Look = {}) {
      const context = yield* does(() => browser.newContext({ viewport: { width: 1440, height: 900 }, ...look }))
      const page = yield* does(() => context.newPage())
      const problems: Array<string> = []
      const note = (text: string) => void (expects.test(text) || problems.push(text))
      page.on("pageerror", ({ message }) => note(message))
      page.on("console", (message) => message.type() === "error" && note(message.text()))
      yield* does(() => page.goto(url))
      return { page, problems } satisfies Seen
    })
)

const atRest = `Promise.allSettled(document.getAnimations()
  .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime)).map((each) => each.finished))`

/** What axe finds wrong with what is shown, as lines. */
export const violations = ({ page }: Seen) =>
  does(async () => {
    // Colours are judged where they have come to rest.
    await page.evaluate(atRest)
    await page.evaluate(axe.source)
    const found: axe.AxeResults = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return found.violations.flatMap(({ help, id, nodes }) =>
      nodes.map(({ html, target }) => `${id}: ${help}: ${target.join(" ")} ${html.slice(0, 160)}`)
    )
  })

/** What a test in a browser does. */
export type Steps = () => Generator<Effect.Effect<unknown, unknown, Scope.Scope>, void, never>

/** A test in a real browser. */
export const browsed = (name: string, steps: Steps): void => {
  if (program !== undefined) it.live(name, () => Effect.scoped(Effect.gen(steps)))
  else if (fails) it.live(name, () => Effect.die(new Error(none)))
  else it.skipIf(true)(`${name} (${none})`, () => {})
}
