/** How processes end: politely at signals and when their reader has gone, and what the others see of that. */
import { assert } from "@effect/vitest"
import { processes, startByShell } from "../test/Process.ts"
import { live } from "../test/Test.ts"

const { chatting, hosting, joining, open } = processes

const pyile = ["pyile host --listen 127.0.0.1:0 --password x", "pyile join ADDRESS --password x"] as const

for (
  const [first, second, signal, left, reason, code] of [
    [...pyile, "SIGINT", "Left", "PeerClosed", 4],
    [...pyile, "SIGTERM", "Left", "PeerClosed", 4],
    [...pyile, "SIGHUP", "Left", "PeerClosed", 4],
    ["chat 127.0.0.1:0 --desired-id 10", "chat 127.0.0.1:0 ADDRESS --desired-id 11", "SIGINT", "Left", "PeerClosed", 0],
    ["peerpy listen --listen 127.0.0.1:0", "peerpy connect ADDRESS", "SIGINT", "Closed", "PeerClosed", 4],
    ["pyrate bootstrap --listen 127.0.0.1:0", "pyrate share . --bootstrap ADDRESS", "SIGINT", "Left", "Unregistered", 0]
  ] as const
) {
  live(`goes on after the end of standard input, and leaves politely at ${signal}: ${second}`, function*() {
    const a = yield* open(...first.split(" "))
    yield* a.hangUp
    const come = () => open(...second.replace("ADDRESS", a.address).split(" "))
    const b = yield* come()
    yield* b.hangUp
    yield* a.prints(/"event":"(Joined|Connected)"/)
    yield* b.kill(signal)
    assert.strictEqual(yield* b.ends, 0)
    yield* a.tells(left, { peer: first.startsWith("chat") ? "11" : b.address, reason })
    const c = yield* come()
    yield* c.prints(/"event":"Connected"/)
    yield* a.kill(signal === "SIGINT" ? "SIGTERM" : signal)
    assert.strictEqual(yield* a.ends, 0)
    assert.strictEqual(a.stderr() + b.stderr(), "")
    if (code === 0) yield* c.kill("SIGTERM")
    assert.strictEqual(yield* c.ends, code)
  })
}

for (
  const [how, line] of [
    ["under nohup", "trap : HUP; nohup \"$@\"; true"],
    ["under nohup and npm", "trap : HUP; shift 2; nohup npm run -s peerage -- \"$@\"; true"],
    ["in a script that ignores it", "trap '' HUP; \"$@\"; true"]
  ] as const
) {
  live(`stays when a hangup was to be ignored: ${how}`, function*() {
    const host = yield* startByShell(line, "pyile host --listen 127.0.0.1:0 --password secret --json".split(" "))
    const { address } = yield* host.tells("Listening")
    const member = yield* joining(String(address))
    for (const text of ["one", "two", "three"]) {
      yield* host.kill("SIGHUP")
      yield* member.type(text)
      yield* host.tells("Message", { data: text })
    }
    yield* host.kill("SIGTERM")
    yield* member.tells("Closed", { reason: "PeerClosed" })
  })
}

live("leaves when its reader has gone", function*() {
  const host = yield* hosting()
  host.process.stdout?.destroy()
  yield* host.type("/peers", "/help")
  assert.strictEqual(yield* host.ends, 0)
})

live("notices that a peer was killed, and comes back to one that was started again", function*() {
  const a = yield* chatting("10")
  const b = yield* chatting("11", { join: a.address })
  const c = yield* chatting("12", { join: b.address })
  yield* a.tells("Joined", { peer: "12" })
  yield* c.kill("SIGKILL")
  yield* a.tells("Left", { peer: "12" })
  yield* a.kill("SIGKILL")
  yield* b.tells("Closed", { peer: "10" })
  yield* b.type("10 Are you there?")
  yield* b.tells("Sent", { to: "10", result: { _tag: "Buffered" } })
  const again = yield* chatting("10", { at: a.address })
  yield* again.tells("Message", { from: "11", data: "Are you there?" })
})
