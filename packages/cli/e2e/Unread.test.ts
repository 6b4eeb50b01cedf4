/** Terminals that nobody reads, as those stopped by Ctrl-S: the peer goes on, and tells later what happened. */
import { assert } from "@effect/vitest"
import { processes } from "../test/Process.ts"
import { atTerminal, terminal } from "./AtTerminal.ts"

const { open } = processes

terminal("at which nobody reads keep members in, let others join, and tell all when they are read again", function*() {
  const host = yield* atTerminal("pyile", "host", "--listen", "127.0.0.1:0", "--password", "x")
  const [, address = ""] = yield* host.sees(/pyile join (127\.0\.0\.1:\d+)/)
  const join = () => open("pyile", "join", address, "--password", "x")
  const ann = yield* join()
  yield* host.look(false)
  const said = Array.from({ length: 200 }, (_, number) => `${number} ${"x".repeat(1500)}`)
  for (const text of said) {
    yield* ann.type(text)
    yield* ann.tells("Sent", { data: text, failed: [] })
  }
  const bob = yield* join()
  yield* bob.tells("Connected")
  yield* bob.type("That was all")
  yield* bob.tells("Sent", { data: "That was all", failed: [] })
  assert.isFalse(host.output().includes("That was all"))
  yield* host.look(true)
  yield* host.sees(/That was all/)
  const shown = said.filter((text) => host.output().includes(` ${text.slice(0, 60)}`)).length
  assert.strictEqual(shown, said.length)
  yield* host.type("/exit\r")
  assert.strictEqual(yield* host.ends, 0)
})
