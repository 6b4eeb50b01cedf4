/** Outputs that cannot be written: one sentence, and 1. */
import { assert } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { folder } from "../test/Folder.ts"
import { processes, start, startInto } from "../test/Process.ts"
import { live } from "../test/Test.ts"

const { bootstrapping, sharing } = processes
const full = "The output cannot be written: the disk is full. Free some space there, or choose another place.\n"

for (
  const args of [
    ["--help"],
    ["--version"],
    ["pyrate", "list", "HOLDER"],
    ["pyile", "host", "--listen", "127.0.0.1:0", "--password", "x"],
    ["pyrate", "bootstrap", "--listen", "127.0.0.1:0", "--json"],
    ["chat", "127.0.0.1:0"],
    ["peerpy", "listen", "--listen", "127.0.0.1:0"]
  ]
) {
  live(`a full disk as standard output is said in one sentence, and is no success: ${args.join(" ")}`, function*() {
    const node = yield* bootstrapping()
    const holder = yield* sharing(node.address, yield* folder({ "song.txt": "la" }))
    const command = yield* startInto("/dev/full", args.map((arg) => arg === "HOLDER" ? holder.address : arg))
    assert.strictEqual(yield* command.ends, 1)
    assert.strictEqual(command.stderr(), full)
  })
}

live("a reader that goes away is no failure", function*() {
  const node = yield* bootstrapping()
  const holder = yield* sharing(node.address, yield* folder({ "song.txt": "la" }))
  const list = yield* start(["pyrate", "list", holder.address])
  list.process.stdout?.destroy()
  assert.strictEqual(yield* list.ends, 0)
  assert.strictEqual(list.stderr(), "")
})

live("a log file on a full disk ends the command with one sentence and 1", function*() {
  const node = yield* bootstrapping()
  const args = ["pyrate", "share", yield* folder(), "--bootstrap", node.address, "--log-file", "/dev/full"]
  const peer = yield* start(args)
  assert.strictEqual(yield* peer.ends, 1)
  const sentence = "The log cannot be written to /dev/full: the disk is full. "
    + "Free some space there, or choose another place.\n"
  assert.strictEqual(peer.stderr(), sentence)
  yield* node.tells("Left", { reason: "Unregistered" })
})

live("a log file on a full disk is said also where its only lines are the last ones", function*() {
  const node = yield* bootstrapping()
  const args = ["pyrate", "share", yield* folder(), "--bootstrap", node.address, "--log-file", "/dev/full"]
  const peer = yield* start(args)
  yield* peer.prints(/Sharing 0 files/)
  yield* peer.type("/exit")
  assert.strictEqual(yield* peer.ends, 1)
  assert.match(peer.stderr(), /^The log cannot be written to \/dev\/full: the disk is full\. .*\n$/)
})

live("a pipe as a log file is refused, and hangs nobody", function*() {
  const place = yield* folder()
  const pipe = join(place, "pipe")
  execFileSync("mkfifo", [pipe])
  const peer = yield* start(["pyrate", "share", place, "--bootstrap", "127.0.0.1:1", "--log-file", pipe])
  assert.strictEqual(yield* peer.ends, 1)
  assert.match(peer.stderr(), /^The log cannot be written to \S+: it is a pipe or a device, no file\. .*\n$/)
})
