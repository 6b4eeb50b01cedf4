/** What all long-running commands do: log, go on without input, and leave; and the demo. */
import { assert } from "@effect/vitest"
import { here, passTime, run, start, tested } from "./InProcess.ts"

const words = (args: string) => args.split(" ")

tested("writes logs to standard error, with stacks at DEBUG only", function*() {
  const args = words("pyile join 127.0.0.1:1 --password very-secret --log-level")
  const debug = yield* run([...args, "debug"])
  assert.match(debug.stderr, /DEBUG .*\n(.*\n)*\s+at /)
  const critical = yield* run([...args, "CRITICAL"])
  assert.strictEqual(critical.stderr.trim().split("\n").length, 1)
  assert.notInclude(debug.stderr + critical.stderr, "very-secret")
})

for (
  const [room, other, line] of [
    ["pyile host --listen 127.0.0.1:0 --password x", "pyile join ADDRESS --password x", /INFO SELF joined/],
    ["chat 127.0.0.1:0", "chat 127.0.0.1:0 ADDRESS --desired-id 11", /INFO 11 joined/],
    ["peerpy listen --listen 127.0.0.1:0", "peerpy connect ADDRESS", /INFO SELF connected \(json\)/],
    ["pyrate bootstrap --listen 127.0.0.1:0", "pyrate share . --bootstrap ADDRESS", /INFO SELF registered/]
  ] as const
) {
  tested(`copies the log of peerage ${room} to standard error from INFO downward`, function*() {
    const first = yield* here.open(...words(room), "--log-level", "info")
    const second = yield* here.open(...words(other.replace("ADDRESS", first.address)))
    yield* first.prints(new RegExp(line.source.replace("SELF", second.address)))
  })
}

for (
  const [room, other] of [
    ["pyile host --listen 127.0.0.1:0 --password x", "pyile join ADDRESS --password x"],
    ["chat 127.0.0.1:0 --desired-id 10", "chat 127.0.0.1:0 ADDRESS --desired-id 11"],
    ["peerpy listen --listen 127.0.0.1:0", "peerpy connect ADDRESS"],
    ["pyrate bootstrap --listen 127.0.0.1:0", "pyrate share . --bootstrap ADDRESS"]
  ] as const
) {
  tested(`goes on after the end of standard input, and leaves without a word on standard error: ${other}`, function*() {
    const first = yield* here.open(...words(room))
    yield* first.hangUp
    const second = yield* here.open(...words(other.replace("ADDRESS", first.address)))
    yield* second.hangUp
    yield* first.prints(/"event":"(Joined|Connected)"/)
    yield* second.leave
    assert.strictEqual(yield* second.ends, 0)
    yield* first.prints(/"event":"(Left|Closed)"/)
    yield* first.leave
    assert.strictEqual(yield* first.ends, 0)
    assert.strictEqual(first.stderr() + second.stderr(), "")
  })
}

tested("plays its demo, for people and for programs", function*() {
  for (
    const [args, enough] of [[["demo"], /✓ \d+ steps, all as they should be/], [
      ["demo", "--json"],
      /host goes home/
    ]] as const
  ) {
    const demo = yield* start(args)
    assert.deepStrictEqual([yield* passTime(demo.ends), demo.stderr()], [0, ""])
    assert.match(demo.stdout(), enough)
    if (args.length > 1) assert.isAbove(demo.events().length, 20)
  }
})
