/** The live view of a simulation at a real terminal, and how it is left. */
import { assert } from "@effect/vitest"
import { start } from "../test/Process.ts"
import { live } from "../test/Test.ts"
import { atTerminal, atTerminalWith, terminal } from "./AtTerminal.ts"

const showCursor = "\u001B[?25h"

terminal("shows the hosts, obeys the keys, and prints what was done by hand as a scenario", function*() {
  const view = yield* atTerminal("simulate", "split-brain", "--hosts", "4")
  yield* view.sees(/-- \d\.\d\ds of 60s · 1x --/)
  yield* view.type("+++")
  yield* view.sees(/· 8x --/)
  yield* view.sees(/= 1-4 know each other/)
  yield* view.type("\u001B[C")
  yield* view.sees(/\[2:3\]/)
  yield* view.type("k")
  yield* view.sees(/! .*2 lost power/)
  yield* view.type("c")
  yield* view.sees(/cut off by you: 2/)
  yield* view.type(" ")
  yield* view.sees(/· paused ·/)
  yield* view.type("q")
  yield* view.sees(/as a scenario\. Keep it[^]*"protocol": "pyile"[^]*"kill":"2"[^]*"cut":\["2","all"\]/)
  assert.strictEqual(yield* view.ends, 0)
  assert.include(view.output(), showCursor)
})

terminal("begins paused, and as fast as it is told", function*() {
  const view = yield* atTerminal("simulate", "split-brain", "--hosts", "4", "--speed", "32", "--paused")
  yield* view.sees(/-- 0\.00s of 60s · paused --/)
  yield* view.type(" ")
  yield* view.sees(/· 32x --/)
  yield* view.sees(/All that was expected came true/)
  assert.strictEqual(yield* view.ends, 0)
})

terminal("ends at Ctrl-C at once, and leaves the terminal as it was", function*() {
  const view = yield* atTerminal("simulate", "pyile")
  yield* view.sees(/-- \d\.\d\ds of 60s/)
  yield* view.type("\u0003")
  assert.strictEqual(yield* view.ends, 0)
  assert.include(view.output(), showCursor)
})

terminal("is plain lines at a terminal without colours", function*() {
  const view = yield* atTerminalWith({ NO_COLOR: "1" }, ["simulate", "wrong-password"])
  yield* view.sees(/✓ All that was expected came true/)
  assert.strictEqual(yield* view.ends, 0)
  assert.notInclude(view.output(), "\u001B[")
})

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  live(`says that it was not over at ${signal}`, function*() {
    const process = yield* start(["simulate", "pyile", "--hosts", "50", "--until", "10h"])
    yield* process.prints(/know each other/)
    yield* process.kill(signal)
    assert.strictEqual(yield* process.ends, 1)
    assert.match(process.stderr(), /^Interrupted: the simulation was not over\.\n$/)
  })
}

const link = /\nhttp:\/\/127\.0\.0\.1:\d+\/#[\w-]{22}\n/

live("serves a page, gives new links to it, and is left politely", function*() {
  const process = yield* start(["simulate", "split-brain", "--console", "0", "--speed", "4", "--paused"])
  yield* process.prints(link)
  assert.match(process.stdout(), /^split-brain: 20 hosts of pyile, seed 7, until 60s\.\n/)
  yield* process.type("/console")
  yield* process.prints(new RegExp(`${link.source}[^]*${link.source}`))
  yield* process.type("help")
  yield* process.prints(/Time begins when the page opens\. Type \/console for a new link, and \/exit to end\.\n/)
  yield* process.type("/exit")
  assert.strictEqual(yield* process.ends, 0)
})

live("leaves its page at SIGTERM, as there is nothing to finish", function*() {
  const process = yield* start(["simulate", "pyile", "--console", "0"])
  yield* process.prints(link)
  yield* process.kill("SIGTERM")
  assert.strictEqual(yield* process.ends, 0)
})
