/** Coming back to a peer that was named without its key: the first key that answered there is kept for the run. */
import { assert } from "@effect/vitest"
import { join } from "node:path"
import { folder } from "../Folder.ts"
import { secret } from "../Output.ts"
import { passTime, type RunningHere, start, tested } from "./InProcess.ts"

const words = ["--passphrase", secret]

/** How a person is told that another key answers than before. */
const refusal = (address: string) =>
  new RegExp(
    `Somebody else answers at ${address}: expected ([0-9a-f]{4}-){3}[0-9a-f]{4}, got ([0-9a-f]{4}-){3}[0-9a-f]{4}\\. `
      + "Do not go on\\. A host that was started again has another key, unless it keeps one with --identity: ask there "
      + "which it has now, and start this command anew, best with a new invitation\\."
  )

/** Leaves, and waits until that is done. */
const gone = function*(room: RunningHere) {
  yield* room.type("/exit")
  yield* passTime(room.ends)
}

for (
  const [protocol, first, second, address] of [
    [
      "Pyile",
      ["host", "--listen", "127.0.0.1:4802"],
      ["join", "127.0.0.1:4802", "--reconnect"],
      "127.0.0.1:4802"
    ],
    ["p2p-chat", ["chat", "127.0.0.1:5800"], ["chat", "127.0.0.1:0", "127.0.0.1:5800"], "127.0.0.1:5800"]
  ] as const
) {
  tested(`does not come back with ${protocol} to another key than the one that answered first`, function*() {
    const host = yield* start([...first, ...words])
    yield* host.prints(/encrypted/)
    const member = yield* start([...second, ...words])
    yield* passTime(member.prints(/has the key \S+\. No invitation said so/))
    yield* gone(host)
    yield* passTime(member.prints(/ended/))
    const other = yield* start([...first, ...words])
    yield* other.prints(/encrypted/)
    assert.strictEqual(yield* passTime(member.ends), 3)
    assert.match(member.stderr(), refusal(address))
  })
}

tested("goes on sharing, and says which key answers in place of which, where that is the bootstrap's", function*() {
  const node = ["pyrate", "bootstrap", "--listen", "127.0.0.1:5900", ...words]
  const first = yield* start(node)
  yield* first.prints(/encrypted/)
  const share = ["pyrate", "share", yield* folder(), "--bootstrap", "127.0.0.1:5900", "--keepalive", "2s", ...words]
  const member = yield* start(share)
  yield* passTime(member.prints(/5900 has the key ([0-9a-f]{4}-){3}[0-9a-f]{4}\. No invitation said so/))
  yield* gone(first)
  yield* passTime(member.prints(/cannot be reached/))
  yield* start(node)
  yield* passTime(
    member.prints(/5900: somebody else answers there, with the key ([0-9a-f]{4}-){3}[0-9a-f]{4}\. Do not go on\n/)
  )
  yield* member.prints(/5900 cannot be reached: somebody else answers there\. Begin anew when that is settled/)
})

tested("comes back by itself to a host that keeps its key", function*() {
  const identity = ["--identity", join(yield* folder(), "host.key")]
  const host = yield* start(["host", "--listen", "127.0.0.1:4802", ...words, ...identity])
  yield* host.prints(/encrypted/)
  const member = yield* start(["join", "127.0.0.1:4802", "--reconnect", ...words])
  yield* passTime(member.prints(/You are in the network/))
  yield* gone(host)
  const again = yield* start(["host", "--listen", "127.0.0.1:4802", ...words, ...identity])
  yield* passTime(again.prints(/joined, with the key/))
  assert.notInclude(member.stderr(), "Somebody else")
})
