/** Commands that are interrupted before they are done: they say so, do not end with 0, and leave nothing behind. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { folder, hashOf } from "../test/Folder.ts"
import { processes, run, start, startByNpm } from "../test/Process.ts"
import { live } from "../test/Test.ts"
import { atTerminalWith, terminal } from "./AtTerminal.ts"
import { content, holder } from "./Holder.ts"

const often = { PYRATE_PROGRESS_EVERY: "0 millis" }
const said = /^Interrupted: nothing was saved\. The same command fetches the file from its beginning\.\n$/

/** A download of which a part has come. */
const begun = Effect.gen(function*() {
  const { more, port } = yield* holder
  const to = yield* folder()
  const args = ["pyrate", "get", `127.0.0.1:${port}`, "film.mkv", "--to", to]
  const get = yield* start([...args, "--json"], { env: often })
  yield* get.tells("Progress")
  return { args, get, more, port, to }
})

for (const signals of [["SIGINT"], ["SIGTERM"], ["SIGHUP"], ["SIGINT", "SIGINT"]] as const) {
  live(`a download that is interrupted says so, ends with 1 and leaves nothing: ${signals.join(", ")}`, function*() {
    const { get, to } = yield* begun
    for (const signal of signals) yield* get.kill(signal)
    assert.strictEqual(yield* get.ends, 1)
    assert.match(get.stderr(), said)
    assert.strictEqual(get.events().at(-1)?.["reason"], "Interrupted")
    assert.deepStrictEqual(readdirSync(to), [])
  })
}

live("a download by npm, which passes the interrupt of a terminal on, leaves nothing either", function*() {
  const { port } = yield* holder
  const to = yield* folder()
  const args = ["peerage", "--", "pyrate", "get", `127.0.0.1:${port}`, "film.mkv", "--to", to, "--json"]
  const get = yield* startByNpm(args, { env: often, group: true })
  yield* get.tells("Progress")
  process.kill(-(get.process.pid ?? 0), "SIGINT")
  assert.notStrictEqual(yield* get.ends, 0)
  assert.match(get.stderr(), said)
  assert.deepStrictEqual(readdirSync(to), [])
})

live("what a download that was killed has left is gone after the next one, what a live one uses is not", function*() {
  const { get, args, to } = yield* begun
  const other = yield* holder
  assert.match(readdirSync(to).join(), /^\.pyrate-[\w-]+$/)
  const alive = yield* start(["pyrate", "get", `127.0.0.1:${other.port}`, "live.mkv", "--to", to, "--json"], {
    env: often
  })
  yield* alive.tells("Progress")
  assert.strictEqual(readdirSync(to).length, 2)
  yield* get.kill("SIGKILL")
  assert.strictEqual(yield* get.ends, "SIGKILL")
  const none = yield* run([...args.slice(0, 2), "127.0.0.1:1", ...args.slice(3)])
  assert.strictEqual(none.code, 4)
  assert.strictEqual(readdirSync(to).length, 1)
  yield* other.more
  yield* other.more
  assert.strictEqual(yield* alive.ends, 0)
  assert.deepStrictEqual(readdirSync(to), ["live.mkv"])
  assert.strictEqual(hashOf(join(to, "live.mkv")), createHash("sha256").update(content).digest("hex"))
})

live("a room that is left tells of the download that it broke off, and ends with 0", function*() {
  const { port } = yield* holder
  const [directory, node] = [yield* folder(), yield* processes.bootstrapping()]
  const peer = yield* processes.sharing(node.address, directory)
  const line = `/get 127.0.0.1:${port} film.mkv`
  yield* peer.type(line)
  yield* peer.tells("Progress")
  yield* peer.kill("SIGTERM")
  yield* peer.tells("Failed", { command: line, reason: "Interrupted" })
  assert.strictEqual(yield* peer.ends, 0)
  assert.deepStrictEqual(readdirSync(directory), [])
})

terminal("the bar of a download that is interrupted is gone", function*() {
  const { port } = yield* holder
  const to = yield* folder()
  const get = yield* atTerminalWith(often, ["pyrate", "get", `127.0.0.1:${port}`, "film.mkv", "--to", to])
  yield* get.sees(/ +25% {2}256 KiB/)
  yield* get.type("\u0003")
  assert.strictEqual(yield* get.ends, 1)
  assert.match(get.output(), /\r\u001B\[KInterrupted: nothing was saved\.[^\r]+\.\r\n$/)
})

terminal(
  "a question that is interrupted leaves nothing of its complaint beneath, where the shell writes next",
  function*() {
    const command = yield* atTerminalWith({}, ["join", "127.0.0.1:4702"])
    yield* command.sees(/Passphrase/)
    yield* command.type("\r")
    yield* command.sees(/has at least one character/)
    yield* command.type("\u0003")
    assert.strictEqual(yield* command.ends, 0)
    assert.isTrue(command.output().endsWith("\r\n\u001B[J"), JSON.stringify(command.output()))
  }
)
