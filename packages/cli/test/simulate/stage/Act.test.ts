/** What a page is told of a long or a loud run: bounded, and never without a host. */
import { assert, describe, it } from "@effect/vitest"
import type { Trace } from "@peerage/transport"
import { namesOf } from "../../../src/simulate/ScenarioFile.ts"
import * as Act from "../../../src/simulate/stage/Act.ts"
import { Recording } from "../../../src/simulate/stage/Recording.ts"

const time: Act.Time = { now: 0, end: 100, seed: 7, speed: 1, paused: false, replaying: false }

const packet = (at: number): Trace.Entry => ({
  at,
  arrives: at + 1,
  from: "10.0.0.1:1",
  to: "10.0.0.2:2",
  kind: "SYN",
  length: 0,
  bytes: new Uint8Array(),
  fate: "Sent",
  again: false
})

const packets = (count: number) => Array.from({ length: count }, (_, at) => packet(at))

const host = (name: string, knows: ReadonlyArray<string>) => ({ name, status: "Running" as const, knows })

/** All acts from the first to the one after which nothing is left. */
const acts = (recording: Recording) => {
  const [first, begun] = Act.begin(recording, time)
  const told = [first]
  let place = begun
  while (place.isBehind) {
    const [act, then] = Act.proceed(place, time) ?? [first, { ...place, isBehind: false }]
    told.push(act)
    place = then
  }
  return { told, place }
}

describe("a page", () => {
  it("that comes late is told all that is kept, in acts of a thousand packets", () => {
    const recording = new Recording("pyile")
    recording.packets.add(packets(2500))
    const { told } = acts(recording)
    assert.deepStrictEqual(told.map((act) => [act.first, act.packets.length, act.skipped]), [
      [true, 1000, 0],
      [false, 1000, 0],
      [false, 500, 0]
    ])
    assert.deepStrictEqual(told.flatMap((act) => act.packets.map(({ n }) => n)), packets(2500).map(({ at }) => at))
  })

  it("that is there is told of the latest packets, and how many there were beside them", () => {
    const recording = new Recording("pyile")
    recording.packets.add(packets(10))
    const { place } = acts(recording)
    recording.packets.add(packets(3000))
    const [act] = Act.proceed(place, time) ?? []
    assert.deepInclude(act, { first: false, skipped: 2000 })
    assert.strictEqual(act?.packets.at(0)?.n, 2010)
    assert.strictEqual(act?.packets.at(-1)?.n, 3009)
  })

  it("is told nothing while nothing happens", () => {
    const recording = new Recording("pyile")
    recording.packets.add(packets(10))
    const { place } = acts(recording)
    assert.isUndefined(Act.proceed(place, time))
    assert.isDefined(Act.proceed(place, { ...time, paused: true }))
  })

  it("is told how each host is, though its last change is kept no longer", () => {
    const recording = new Recording("pyile")
    recording.observe([], [host("1", ["2"]), host("2", [])], 1)
    for (let at = 2; at < 9000; at++) recording.observe([], [host("2", at % 2 === 0 ? ["1"] : [])], at)
    const { told } = acts(recording)
    const hosts = told.flatMap((act) => act.hosts)
    assert.deepStrictEqual(hosts.find(({ name }) => name === "1")?.knows, ["2"])
    assert.strictEqual(hosts.at(-1)?.at, 8999)
    assert.isBelow(hosts.length, 7000)
  })

  it("is told of a thousand hosts that know each other in several acts", () => {
    const recording = new Recording("pyile")
    const names = namesOf(1000)
    recording.observe([], names.map((name) => host(name, names)), 1)
    const { told } = acts(recording)
    for (const { hosts } of told) assert.isAtMost(hosts.length, 15)
    assert.lengthOf(told.flatMap(({ hosts }) => hosts), 1000)
  })

  it("is told of a thousand cuts, and how many more there are", () => {
    const recording = new Recording("pyile")
    const pairs = namesOf(1500).map((to) => ({ from: "0", to }))
    recording.observeCuts([{ _tag: "Fault", at: 5, fault: { cut: ["1", "2"] } }], pairs, 9)
    recording.observeCuts([], pairs, 10)
    const [act] = Act.begin(recording, time)
    assert.deepStrictEqual(act.cuts, [{ at: 5, pairs: pairs.slice(0, 1000), more: 500 }])
  })
})
