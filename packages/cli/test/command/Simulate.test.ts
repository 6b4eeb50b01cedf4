/** `peerage simulate` as a whole, and what its README shows. */
import { assert } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../Folder.ts"
import { eventsIn } from "../Output.ts"
import { run, tested } from "./InProcess.ts"

const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8")
const shown = (pattern: RegExp): string => pattern.exec(readme)?.[1] ?? assert.fail(`the README shows no ${pattern}`)

/** Writes a scenario to a file, and gives its path. */
const file = (scenario: unknown, name = "my.json") =>
  Effect.map(
    folder({ [name]: typeof scenario === "string" ? scenario : JSON.stringify(scenario) }),
    (path) => join(path, name)
  )

const small = { protocol: "pyile", hosts: 3, seed: 5, link: { latency: "20 millis" } }
const alwaysWrong = {
  ...small,
  expect: [{ at: "10 seconds", host: "2", knows: 7 }, { at: "9 seconds", host: "1", knows: 2 }]
}

tested("tells the story that the README shows", function*() {
  const { code, stderr, stdout } = yield* run(["simulate", "split-brain", "--until", "60s"])
  assert.deepStrictEqual([code, stderr], [0, ""])
  const told = stdout.split("\n")
  let from = 0
  for (const line of shown(/\$ peerage simulate split-brain --until 60s\n([^`]*)```/).trimEnd().split("\n")) {
    if (line === "...") continue
    const found = told.indexOf(line, from)
    assert.isAtLeast(found, from, `${line}\nis not, or not there, in\n${stdout}`)
    from = found + 1
  }
})

tested("runs the file that the README shows", function*() {
  const path = yield* file(shown(/```json\n([^`]*)```\n\n\| property/))
  const { code, stderr, stdout } = yield* run(["simulate", path])
  assert.deepStrictEqual([code, stderr], [0, ""], stdout)
  assert.match(stdout, /✓ All that was expected came true: 3 expectations\.\n$/)
})

tested("lists what there is, with how to run it; as JSON, as files that can be run", function*() {
  const { code, stdout } = yield* run(["simulate"])
  assert.strictEqual(code, 0)
  const events = eventsIn((yield* run(["simulate", "--json"])).stdout)
  const names = events.map(({ name }) => String(name))
  assert.deepStrictEqual(names, ["pyile", "split-brain", "wrong-password", "chat-tree", "peerpy", "pyrate"])
  for (const { about, name } of events) assert.match(stdout, new RegExp(`\n${name} +\\S+ +${about}\n`))
  assert.match(stdout, /\n {2}peerage simulate split-brain\n/)
  const password = events.find(({ name }) => name === "wrong-password")?.["scenario"]
  assert.strictEqual((yield* run(["simulate", yield* file(password)])).code, 0)
})

tested("draws the packets between hosts, in the order asked for, with what happens between the arrows", function*() {
  const { code, stdout } = yield* run(["simulate", "split-brain", "--hosts", "6", "--until", "60s", "--chart", "1,6"])
  assert.strictEqual(code, 0)
  assert.match(stdout, /\n {12}host 1 +host 6\n/)
  assert.match(stdout, /\{"<3": true\}" -+>\| {2}:4702 -> :\d+\n/)
  assert.match(
    stdout,
    /\n +20\.00s {2}! 1-3 and 4-6 are cut off[^\n]+\n[^]*\(Partitioned\)[^]*1 lost 4-6: it stopped answering\n/
  )
})

tested("says that hosts of a chart have no packets between them, and still what happens", function*() {
  const { code, stdout } = yield* run(["simulate", "chat-tree", "--chart", "1,12"])
  assert.strictEqual(code, 0)
  assert.match(stdout, /No packets went between the hosts 1, 12\.\n[^]*! 2 lost power, for 50s\n/)
})

tested("prints one event a line as JSON, the same for the same seed", function*() {
  const args = ["simulate", "split-brain", "--hosts", "4", "--json"]
  const { code, stderr, stdout } = yield* run(args)
  assert.deepStrictEqual([code, stderr], [0, ""])
  assert.strictEqual((yield* run(args)).stdout, stdout)
  assert.notStrictEqual((yield* run([...args, "--seed", "9"])).stdout, stdout)
  const events = eventsIn(stdout)
  assert.deepInclude(events, { event: "Fault", at: 20_000, cut: ["1-2", "3-4"], for: "15 seconds" })
  assert.deepInclude(events, { event: "Expected", at: 15_000, host: "1", knows: 3, cameTrue: true })
  assert.deepStrictEqual(events.at(-1), { event: "Ended", at: 60_000, seed: 7, expected: 4, cameTrue: 4 })
  const moments = events.map(({ at }) => Number(at))
  assert.deepStrictEqual(moments, [...moments].sort((one, other) => one - other))
})

tested("exits with 1 where something was expected and is not so, with the packets before", function*() {
  const path = yield* file(alwaysWrong)
  const { code, stderr, stdout } = yield* run(["simulate", path])
  assert.strictEqual(code, 1)
  assert.match(
    stdout,
    /✗ 2 knows 7 was expected, but 2 knows 2\nThe packets of the 5 seconds before, between the hosts 2 and 1:\n/
  )
  assert.match(stdout, /host 2 +host 1\n[^]*DATA/)
  assert.strictEqual(
    stderr,
    `1 of 2 expectations did not come true. This shows it again: peerage simulate ${path} --seed 5\n`
  )
  const events = eventsIn((yield* run(["simulate", path, "--json"])).stdout)
  assert.deepInclude(events, {
    event: "Expected",
    at: 10_000,
    host: "2",
    knows: 7,
    cameTrue: false,
    instead: "2 knows 2"
  })
  assert.deepInclude(events.at(-1), { event: "Failed", reason: "NotAsExpected" })
})

tested("judges only what comes before the end, and says so", function*() {
  const { code, stdout } = yield* run(["simulate", yield* file(alwaysWrong), "--until", "9500ms"])
  assert.strictEqual(code, 0)
  assert.match(stdout, /The end came before 1 expectation: nothing is said of it\./)
})

tested("tries seeds up to the first that goes wrong, and gives that run as a file without chance", function*() {
  const good = yield* run(["simulate", "wrong-password", "--seeds", "3"])
  assert.deepStrictEqual([good.code, good.stderr], [0, ""])
  assert.match(good.stdout, /✓ All that was expected came true with each of 3 seeds\./)
  const expect = [{ at: "25 seconds", host: "2", knows: 2 }]
  const chance = yield* file({ ...small, chaos: { kill: 6, pause: 6, slow: 6 }, expect })
  const bad = yield* run(["simulate", chance, "--seeds", "50"])
  assert.strictEqual(bad.code, 1)
  const [, seed, , scenario = ""] = /✗ seed (\d+), the (\d+)\.[^]*to keep:\n(\{\n[^]*?\n\})\n/.exec(bad.stdout) ?? []
  assert.include(bad.stderr, `--seed ${seed}\n`)
  assert.notInclude(scenario, "chaos")
  // Of a killed host, or a frozen one, one is enough.
  const [, left, all] = /still fails with (\d+) of (\d+) faults, and without chance/.exec(bad.stdout) ?? []
  assert.isBelow(Number(left), Number(all))
  assert.lengthOf(JSON.parse(scenario).faults, 1)
  assert.strictEqual(left, "1")
  const again = yield* run(["simulate", yield* file(scenario)])
  assert.strictEqual(again.code, 1)
  assert.include(again.stdout, "✗ 2 knows 2 was expected")
  const seeds = eventsIn((yield* run(["simulate", chance, "--seeds", "50", "--json"])).stdout)
  assert.deepInclude(seeds.at(-4), { event: "Seed", seed: Number(seed), cameTrue: false })
  assert.deepStrictEqual(seeds.at(-3), {
    event: "Smallest",
    faults: 1,
    of: Number(all),
    scenario: JSON.parse(scenario)
  })
})

tested("cuts down the faults of a file too, and keeps a run that fails without any", function*() {
  const faults = [
    { at: "5s", pause: "3", for: "1s" },
    { at: "12s", kill: "2" },
    { at: "13s", cut: ["1", "3"], for: "500ms" }
  ]
  const given = yield* file({ ...small, faults, expect: [{ at: "25s", host: "1", knows: 2 }] })
  const cut = yield* run(["simulate", given, "--seeds", "2"])
  assert.strictEqual(cut.code, 1)
  assert.match(
    cut.stdout,
    /✗ seed 5, the 1\. that was tried\n {2}1 knows 2: 1 knows 1\nLooking for the fewest of its 3 faults/
  )
  assert.match(cut.stdout, /still fails with 1 of 3 faults[^]*"faults": \[\n {4}\{"at":12000,"kill":"2"\}\n {2}\]/)
  const none = yield* run(["simulate", yield* file(alwaysWrong), "--seeds", "2"])
  assert.strictEqual(none.code, 1)
  assert.match(none.stdout, /It fails without any fault, and without chance\.[^]*"faults": \[\]/)
})

tested("shows it on a page or in another way, and not both", function*() {
  const with_ = (...args: ReadonlyArray<string>) => run(["simulate", "pyile", "--console", ...args])
  const { code, stderr } = yield* with_("--json")
  assert.strictEqual(code, 2)
  assert.include(stderr, "--console shows it on a page; leave out --json")
  assert.include((yield* with_("0", "--chart", "1,2")).stderr, "--console shows it on a page; leave out --chart")
  assert.include((yield* with_("0", "--seeds", "2")).stderr, "--console shows it on a page; leave out --seeds")
  const wrong = yield* with_("70000", "--hosts", "0")
  assert.match(wrong.stderr, /--console takes a port from 0 to 65535, not "70000"/)
  assert.match(wrong.stderr, /--hosts takes/)
})

tested("names what contradicts itself about the live view", function*() {
  const with_ = (...args: ReadonlyArray<string>) =>
    Effect.map(run(["simulate", "pyile", ...args]), ({ stderr }) => stderr)
  assert.include(yield* with_("--speed", "2", "--json"), "--speed is for the live view; leave it out with --json")
  assert.include(yield* with_("--paused", "--chart", "1,2"), "--paused is for the live view; leave it out with --chart")
  assert.include(yield* with_("--paused", "--seeds", "2"), "--paused is for the live view; leave it out with --seeds")
  const alone = yield* with_("--paused", "--speed", "2")
  assert.match(alone, /--speed is for the live view, which needs a terminal; leave it out\n.*--paused is for/)
  for (const wrong of ["0", "-1", "x", "1e3", "1001"]) {
    assert.include(yield* with_("--speed", wrong), "--speed takes simulated seconds a second, from 0.01 to 1000")
  }
})

tested("names every mistake of a file and of the flags in one message", function*() {
  const scenario = `{ "protocol": "pyile", "hosts": 3, "seed": NaN, "link": { "latency": "-1 second", "loss": 1.5 },
    "faults": [{ "at": "soon", "kill": "1" }, { "at": 1, "cut": ["1", "9"] }] }`
  const { code, stderr, stdout } = yield* run(["simulate", yield* file(scenario), "--until", "x"])
  assert.deepStrictEqual([code, stdout], [2, ""])
  const mistakes = [
    "--until takes",
    "seed is no number",
    "link.latency is",
    "link.loss is 1.5",
    "faults.0.at is \"soon\"",
    "faults.1.cut is \"9\""
  ]
  for (const mistake of mistakes) assert.include(stderr, mistake)
  assert.lengthOf(stderr.trimEnd().split("\n"), mistakes.length + 1)
})

tested("says what is wrong with files that are no scenarios", function*() {
  for (
    const [text, said] of [
      ["{ \"protocol\": ", /it is no JSON: .*Correct it there/],
      ["[]", /the scenario is \[\]/],
      ["null", /the scenario is null/]
    ] as const
  ) {
    const { code, stderr } = yield* run(["simulate", yield* file(text)])
    assert.strictEqual(code, 2)
    assert.match(stderr, said)
  }
  const needing = yield* run(["simulate", yield* file(small), "--seeds", "3"])
  assert.match(needing.stderr, /--seeds needs something that is expected/)
  const named = yield* run(["simulate", yield* file({ ...alwaysWrong, seed: "a name" }), "--seeds", "3"])
  assert.match(named.stderr, /--seeds counts up from a number; give one with --seed/)
  assert.match(
    (yield* run(["simulate", yield* file({ ...alwaysWrong, seed: "a name" })])).stderr,
    /again: peerage simulate \S+my\.json\n$/
  )
})

tested("the JSON of every event is one object", function*() {
  const { stdout } = yield* run(["simulate", "pyrate", "--hosts", "5", "--json"])
  const Event = Schema.Struct({ event: Schema.String, at: Schema.Finite })
  for (const event of eventsIn(stdout)) assert.isTrue(Schema.is(Event)(event), JSON.stringify(event))
  assert.isTrue(eventsIn(stdout).some(({ event, on }) => event === "Saved" && on === "3"))
})
