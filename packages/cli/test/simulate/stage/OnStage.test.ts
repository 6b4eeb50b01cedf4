/** The stage of a console: time as pages move it, and what they did to be played again. */
import { assert, describe, it } from "@effect/vitest"
import type { Acts } from "@peerage/console"
import { Effect } from "effect"
import type { ScenarioFile } from "../../../src/simulate/ScenarioFile.ts"
import * as OnStage from "../../../src/simulate/stage/OnStage.ts"
import { open, packetsUntil, played, reach, until } from "./Pages.ts"

const scenario: ScenarioFile = {
  about: "Four hosts meet",
  protocol: "pyile",
  hosts: 4,
  seed: 7,
  link: { latency: "20 millis", jitter: "20 millis", loss: 0.02 },
  talk: { every: "2 seconds", broadcast: 0.2 },
  faults: [{ at: "6 seconds", cut: ["1,2", "3,4"], for: "5 seconds" }],
  until: "15 seconds",
  expect: [{ at: "4 seconds", host: "1", knows: 3 }, { at: "14 seconds", host: "1", knows: 9 }]
}

const stageOf = (options: Partial<OnStage.Options> = {}) => OnStage.make({ name: "four", scenario, ...options })

const refused = <A>(effect: Effect.Effect<A, { readonly message: string }>) =>
  Effect.map(Effect.flip(effect), ({ message }) => message)

const wordsOf = (notes: ReadonlyArray<Acts.Note>) => notes.map(({ at, kind, text }) => `${at} ${kind} ${text}`)

describe("a stage", () => {
  it.effect("shows the same packets and notes in whatever steps real time passes, and at any speed", () =>
    Effect.gen(function*() {
      const told = yield* Effect.forEach(
        [[20, 1], [50, 1], [7, 16]] as const,
        ([step, speed]) =>
          Effect.gen(function*() {
            const page = yield* open(yield* stageOf({ speed }))
            yield* reach(page, 12_000, step)
            return [packetsUntil(page.packets(), 12_000), wordsOf(page.notes().filter(({ at }) => at <= 12_000))]
          })
      )
      const [first = [], second, third] = told
      const [packets = [], notes = []] = first
      assert.isAbove(packets.length, 200)
      assert.deepStrictEqual(notes.filter((note) => !/ event \d/.test(note)), [
        "0 event Four hosts meet",
        "4000 kept 1 knows 3, as expected",
        "6000 fault 1,2 and 3,4 are cut off from each other, for 5s",
        "11000 mended 1,2 and 3,4 reach each other again"
      ])
      assert.deepStrictEqual(second, first)
      assert.deepStrictEqual(third, first)
    }))

  it.effect("tells how hosts and cuts are from which moment on", () =>
    Effect.gen(function*() {
      const stage = yield* stageOf()
      const page = yield* open(stage)
      yield* reach(page, 5000)
      assert.deepInclude(page.hosts().get("1"), {
        name: "1",
        address: "10.0.0.1",
        role: "host",
        state: "running",
        knows: ["2", "3", "4"]
      })
      yield* stage.pace({ paused: true })
      yield* stage.fault({ _tag: "Kill", host: "4" })
      yield* until(() => page.hosts().get("4")?.state === "killed", 20)
      const killed = page.hosts().get("4")
      assert.closeTo(killed?.at ?? 0, page.now(), 0.01)
      assert.deepStrictEqual(killed?.knows, [])
      yield* stage.pace({ paused: false })
      yield* reach(page, 11_500)
      const cuts = page.acts.flatMap((act) => act.cuts)
      assert.deepStrictEqual(cuts.map(({ at, more, pairs }) => [at, pairs.length, more]), [[6000, 8, 0], [
        11_000,
        0,
        0
      ]])
      assert.deepInclude(cuts[0]?.pairs ?? [], { from: "1", to: "3" })
    }))

  it.effect("plays a branch anew up to its moment, where it is as it was, and goes on from there", () =>
    Effect.gen(function*() {
      const stage = yield* stageOf({ speed: 4 })
      const page = yield* open(stage)
      yield* reach(page, 3000)
      yield* stage.fault({ _tag: "Cut", a: "1", b: "2" })
      yield* reach(page, 5000)
      yield* stage.fault({ _tag: "Kill", host: "3" })
      yield* reach(page, 9000)
      const [packets, notes] = [page.packets(), page.notes()]
      yield* stage.branch(4500)
      assert.strictEqual(
        yield* refused(stage.fault({ _tag: "HealAll" })),
        "The branch is being played anew. Try again when it is live."
      )
      yield* until(() => page.acts.filter(({ first }) => first).length === 2, 20)
      yield* until(() => page.acts.at(-1)?.replaying === false, 20)
      yield* reach(page, 9000)
      assert.lengthOf(page.acts.filter(({ first }) => first), 2)
      assert.deepStrictEqual(packetsUntil(page.packets(), 4500), packetsUntil(packets, 4500))
      const upTo = (moment: number) => (note: Acts.Note) => note.at <= moment
      assert.deepStrictEqual(wordsOf(page.notes().filter(upTo(4500))), wordsOf(notes.filter(upTo(4500))))
      assert.isTrue(page.notes().some(({ text }) => text === "1 and 2 are cut off from each other"))
      assert.isFalse(page.notes().some(({ text }) => text === "3 lost power"))
      assert.notDeepEqual(packetsUntil(page.packets(), 9000), packetsUntil(packets, 9000))
      const { text } = yield* stage.score
      assert.include(text, `"cut":["1","2"]`)
      assert.notInclude(text, "kill")
    }))

  it.effect("writes what was done by hand as a scenario, which plays the same without a page", () =>
    Effect.gen(function*() {
      const stage = yield* stageOf({ name: "my/four.json", speed: 3 })
      const page = yield* open(stage)
      const faults: ReadonlyArray<Acts.Fault> = [
        { _tag: "Cut", a: "1", b: "2" },
        { _tag: "Link", a: "1", b: "3", latency: 200, loss: 0.1 },
        { _tag: "Kill", host: "4" },
        { _tag: "HealAll" },
        { _tag: "Restart", host: "4" },
        { _tag: "Pause", host: "2" },
        { _tag: "Resume", host: "2" }
      ]
      for (const [index, fault] of faults.entries()) {
        yield* reach(page, 2000 + 1777 * index, 33)
        yield* stage.fault(fault)
      }
      yield* stage.pace({ paused: true })
      yield* stage.pace({ step: 3000 })
      yield* until(() => page.notes().some(({ text }) => text.startsWith("2 goes on")), 20)
      const { name, text } = yield* stage.score
      assert.strictEqual(name, "four-by-hand.json")
      assert.notInclude(text, "expect")
      const now = page.now()
      assert.isAbove(now, 12_600)
      assert.deepStrictEqual(packetsUntil(yield* played(text, now), now), packetsUntil(page.packets(), now))
    }))

  it.effect("keeps what is expected where nothing was done by hand", () =>
    Effect.gen(function*() {
      const stage = yield* stageOf({ invoked: "npx peerage" })
      const { command, name, text } = yield* stage.score
      assert.strictEqual(name, "four-again.json")
      assert.strictEqual(command, "npx peerage simulate four-again.json")
      assert.deepStrictEqual(JSON.parse(text), { ...scenario, until: 15_000 })
    }))

  it.effect("begins when the first page looks, stops where the scenario is over, and can go on", () =>
    Effect.gen(function*() {
      const stage = yield* stageOf({ speed: 16 })
      yield* until(() => true, 5000)
      const page = yield* open(stage)
      yield* until(() => page.acts.length > 0, 1)
      assert.deepInclude(page.acts[0], { first: true, now: 0, end: 15_000, seed: 7, speed: 16, paused: false })
      yield* until(() => page.acts.at(-1)?.paused === true, 20)
      assert.strictEqual(page.now(), 15_000)
      const told = wordsOf(page.notes().filter(({ kind, at }) => kind === "broken" || at === 15_000))
      assert.deepStrictEqual(told, [
        "14000 broken 1 knows 9 was expected, but 1 knows 3",
        "15000 event The scenario is over. Time can go on."
      ])
      yield* stage.pace({ paused: false })
      yield* reach(page, 20_000)
      assert.isFalse(page.acts.at(-1)?.paused)
    }))

  it.effect("stands still while it is paused, and steps by as much as is asked for", () =>
    Effect.gen(function*() {
      const stage = yield* stageOf({ paused: true })
      const page = yield* open(stage)
      yield* until(() => page.acts.length > 0, 100)
      for (let turn = 0; turn < 20; turn++) yield* until(() => true, 1000)
      assert.lengthOf(page.acts, 1)
      yield* stage.pace({ step: 10 })
      yield* reach(page, 10)
      assert.strictEqual(page.now(), 10)
      yield* stage.pace({ speed: 0.05, paused: false })
      yield* stage.pace({ step: 2.5 })
      yield* until(() => page.acts.at(-1)?.speed === 0.05, 100)
      assert.deepInclude(page.acts.at(-1), { now: 12.5, paused: true })
    }))

  it.effect("tells each page all from the beginning, when it comes late too, and a hidden one an act a second", () =>
    Effect.gen(function*() {
      const stage = yield* stageOf({ speed: 16 })
      const early = yield* open(stage)
      yield* reach(early, 8000)
      yield* stage.pace({ paused: true, speed: 1 })
      const [late, hidden] = [yield* open(stage), yield* open(stage, true)]
      yield* until(() => late.packets().length >= early.packets().length, 20)
      assert.deepStrictEqual(late.packets(), early.packets())
      assert.deepStrictEqual(late.notes(), early.notes())
      assert.deepStrictEqual([...late.hosts()].sort(), [...early.hosts()].sort())
      yield* stage.pace({ paused: false })
      const before = hidden.acts.length
      const moment = late.now() + 4000
      yield* reach(late, moment)
      assert.closeTo(hidden.acts.length - before, 4, 1)
    }))

  it.effect("tells what links are like from which moment on, keeps it in the score, and plays it again in a branch", () =>
    Effect.gen(function*() {
      const stage = yield* stageOf({ speed: 8 })
      const page = yield* open(stage)
      const told = () =>
        page.acts.slice(page.acts.findLastIndex(({ first }) => first)).flatMap(({ links }) =>
          links.map(({ at, others, usual }) => [
            Math.floor(at),
            usual.latency,
            others.map(({ bandwidth, from, latency, loss, to }) =>
              `${from}>${to} ${latency} ms ${loss} ${bandwidth ?? "all"}`
            )
          ])
        )
      yield* reach(page, 3000)
      yield* stage.fault({ _tag: "Link", a: "1", b: "2", latency: 300, bandwidth: 5000 })
      yield* reach(page, 5000)
      yield* stage.fault({ _tag: "Link", a: "1", b: "3", loss: 0.5, oneWay: true })
      yield* reach(page, 7000)
      yield* stage.pace({ paused: true })
      const [first, second, third, ...more] = told()
      assert.deepStrictEqual(first, [0, 20, []])
      assert.deepStrictEqual(second?.slice(1), [20, ["1>2 300 ms 0.02 5000", "2>1 300 ms 0.02 5000"]])
      assert.deepStrictEqual(third?.slice(1), [
        20,
        ["1>2 300 ms 0.02 5000", "2>1 300 ms 0.02 5000", "1>3 20 ms 0.5 all"]
      ])
      assert.deepStrictEqual(more, [])
      const { text } = yield* stage.score
      const { faults } = JSON.parse(text)
      assert.deepInclude(faults[0], { link: ["1", "2"], latency: 300, bandwidth: 5000 })
      assert.deepInclude(faults[1], { link: ["1", "3"], loss: 0.5, oneWay: true })
      const packets = packetsUntil(page.packets(), 7000)
      assert.deepStrictEqual(packetsUntil(yield* played(text, 7000), 7000), packets)
      // A branch between the two has the first alone.
      yield* stage.branch(4500)
      yield* until(() => page.acts.filter(({ first }) => first).length === 2, 20)
      yield* until(() => page.acts.at(-1)?.replaying === false, 20)
      assert.deepStrictEqual(told(), [first, second])
    }))

  it.effect("lifts the bandwidth of a link again, and the score does so too", () =>
    Effect.gen(function*() {
      const stage = yield* stageOf({ speed: 8 })
      const page = yield* open(stage)
      yield* reach(page, 3000)
      yield* stage.fault({ _tag: "Link", a: "1", b: "2", bandwidth: 50 })
      yield* reach(page, 6000)
      yield* stage.fault({ _tag: "Link", a: "1", b: "2", bandwidth: "unlimited" })
      yield* reach(page, 12_000)
      yield* stage.pace({ paused: true })
      assert.deepStrictEqual(
        page.acts.flatMap(({ links }) => links.map(({ others }) => others.map(({ bandwidth }) => bandwidth))),
        [[], [50, 50], []]
      )
      assert.isTrue(page.notes().some(({ text }) => text.endsWith("have another link: any number of bytes a second")))
      const { text } = yield* stage.score
      assert.include(text, "\"link\":[\"1\",\"2\"],\"bandwidth\":\"unlimited\"")
      const packets = packetsUntil(page.packets(), 12_000)
      assert.deepStrictEqual(packetsUntil(yield* played(text, 12_000), 12_000), packets)
    }))

  it.effect("refuses what would do nothing, in a sentence that says what to do", () =>
    Effect.gen(function*() {
      const stage = yield* stageOf()
      const asked: ReadonlyArray<readonly [Effect.Effect<void, { readonly message: string }>, string]> = [
        [stage.pace({ speed: 0 }), "A speed is a number from 0.01 to 1000."],
        [stage.pace({ speed: NaN }), "A speed is a number from 0.01 to 1000."],
        [stage.pace({ step: -1 }), "A step is more than 0 and at most 60000 milliseconds."],
        [stage.branch(1), "A branch begins at a moment that has been."],
        [stage.branch(NaN), "A branch begins at a moment that has been."],
        [stage.fault({ _tag: "Kill", host: "5\u001B" }), "There is no host 5\uFFFD. There are 1, 2, 3 and 4."],
        [stage.fault({ _tag: "Cut", a: "1", b: "1" }), "A link has two ends. Name another host."],
        [stage.fault({ _tag: "Restart", host: "1" }), "1 runs already. Kill it first."],
        [stage.fault({ _tag: "Resume", host: "1" }), "1 is not frozen."],
        [
          stage.fault({ _tag: "Link", a: "1", b: "2", loss: 2, latency: -1 }),
          "The latency of a link is zero or more milliseconds. The loss of a link is a number from 0 to 1."
        ],
        [
          stage.fault({ _tag: "Link", a: "1", b: "2", bandwidth: 0, reordering: 7 }),
          "The share that arrives late of a link is a number from 0 to 1. The bandwidth of a link is more than 0 bytes a second."
        ],
        [stage.fault({ _tag: "Link", a: "1", b: "2" }), "Give the link a latency or a loss."]
      ]
      const page = yield* open(stage)
      yield* until(() => page.hosts().size === 4, 20)
      for (const [effect, sentence] of asked.slice(5)) assert.strictEqual(yield* refused(effect), sentence)
      for (const [effect, sentence] of asked.slice(0, 5).filter((_, index) => index !== 3)) {
        assert.strictEqual(yield* refused(effect), sentence)
      }
      assert.strictEqual(yield* refused(stage.branch(1e9)), "A branch begins at a moment that has been.")
      yield* stage.fault({ _tag: "Kill", host: "1" })
      assert.strictEqual(yield* refused(stage.fault({ _tag: "Kill", host: "1" })), "1 is down already. Restart it.")
    }))
})
