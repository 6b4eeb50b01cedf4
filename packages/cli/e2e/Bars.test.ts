/** Bars of downloads at a real terminal; where none can be made, this is passed over. */
import { assert } from "@effect/vitest"
import { createHash } from "node:crypto"
import { join } from "node:path"
import { folder, hashOf } from "../test/Folder.ts"
import { processes } from "../test/Process.ts"
import { atTerminalWith, terminal } from "./AtTerminal.ts"
import { content, holder } from "./Holder.ts"

const { bootstrapping } = processes

const often = { PYRATE_PROGRESS_EVERY: "0 millis" }

terminal("shows a bar above the prompt while a file is fetched, and what is typed below it", function*() {
  const { more, port } = yield* holder
  const [directory, node] = [yield* folder(), yield* bootstrapping()]
  const peer = yield* atTerminalWith(often, ["pyrate", "share", directory, "--bootstrap", node.address])
  yield* peer.sees(/> /)
  yield* peer.type(`/get 127.0.0.1:${port} our film.mkv\r`)
  yield* peer.sees(/our film\.mkv {2}\S*█\S*░+\S* +25% {2}256 KiB of 1\.0 MiB/)
  yield* peer.type("half a line")
  yield* peer.sees(/half a line/)
  yield* more
  yield* peer.sees(/ 50% {2}512 KiB of 1\.0 MiB {2}\S+ \S+\/s {2}\d+:\d\d left\r\n[^\n]*half a line/)
  yield* more
  yield* peer.sees(/fetched our film\.mkv, 1\.0 MiB: /)
  assert.strictEqual(hashOf(join(directory, "our film.mkv")), createHash("sha256").update(content).digest("hex"))
  yield* peer.type("\u0003")
  assert.strictEqual(yield* peer.ends, 0)
  yield* node.tells("Left", { reason: "Unregistered" })
})

terminal("shows a bar in one line while a file is fetched with one command", function*() {
  const { more, port } = yield* holder
  const directory = yield* folder()
  const get = yield* atTerminalWith(often, ["pyrate", "get", `127.0.0.1:${port}`, "film.mkv", "--to", directory])
  yield* get.sees(/\rfilm\.mkv {2}\S*█\S*░+\S* +25% {2}256 KiB of 1\.0 MiB[^\r]*\u001B\[K/)
  yield* more
  yield* get.sees(/ 50% {2}512 KiB of 1\.0 MiB {2}/)
  yield* more
  assert.strictEqual(yield* get.ends, 0)
  assert.match(get.output(), /\r\u001B\[KSaved \S+film\.mkv \(1\.0 MiB\)\.\r\n$/)
})
