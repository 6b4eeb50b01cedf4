/** Acts become what a page shows of a simulated network, now and at any moment that it was told of. */
import { assert, beforeEach, it } from "@effect/vitest"
import type { Act, Note } from "../../../src/api/Stage.ts"
import { about } from "../../../web/link.ts"
import {
  choose,
  counted,
  cuts,
  cutting,
  hosts,
  isCut,
  isDown,
  layout,
  moment,
  notes,
  packets,
  picked,
  settingsOf,
  shown,
  take,
  time,
  wires
} from "../../../web/state/simulation.ts"
import { host, packet, quiet } from "./Kit.ts"

const act = (now: number, parts: Partial<Act> = {}): void => take({ ...quiet, now, ...parts })
const note = (n: number, at: number, text: string): Note => ({ n, at, kind: "event", text })
const cut = (at: number, ...pairs: ReadonlyArray<readonly [from: string, to: string]>) => ({
  at,
  pairs: pairs.map(([from, to]) => ({ from, to })),
  more: 0
})

beforeEach(() => {
  about.value = undefined
  moment.value = undefined
  picked.value = undefined
  cutting.value = undefined
  act(0, { first: true, hosts: [host("1", 0), host("2", 0), host("10", 0)] })
})

it("shows hosts in the order of their names, the first in the middle of a star", () => {
  assert.deepStrictEqual(hosts.value.map(({ name }) => name), ["1", "2", "10"])
  assert.strictEqual(layout.value.centre, "1")
})

it("shows how hosts and cuts are, and how they were at the moment that is looked at", () => {
  act(1000, { hosts: [host("1", 400, ["2"])] })
  act(2000, { hosts: [{ ...host("2", 1500), state: "killed" }], cuts: [cut(1600, ["1", "10"], ["10", "1"])] })
  assert.isTrue(isDown("2"))
  assert.isTrue(isCut("10", "1"))
  moment.value = 1550
  assert.strictEqual(shown.value, 1550)
  assert.deepStrictEqual(hosts.value.map(({ knows, state }) => [state, knows.length]), [
    ["running", 1],
    ["killed", 0],
    ["running", 0]
  ])
  assert.isTrue(isDown("2"))
  assert.isTrue(isCut("1", "10"))
  moment.value = 1000
  assert.strictEqual(hosts.value[1]?.state, "running")
})

it("keeps the same list of hosts while none of them changes", () => {
  const before = hosts.value
  act(500, { packets: [packet({ at: 450 })] })
  assert.strictEqual(hosts.value, before)
  act(600, { hosts: [host("2", 600, ["1"])] })
  assert.notStrictEqual(hosts.value, before)
})

it("draws links where packets went, and counts those too that were not told", () => {
  act(1000, { packets: [packet({ at: 900, from: "2", to: "1" })], skipped: 40 })
  assert.deepStrictEqual(wires().map(({ a, b, level }) => [a, b, level]), [["1", "2", 4]])
  assert.strictEqual(counted.value, 41)
})

it("begins anew with a first act, as after a branch, and leaves the past that is no more", () => {
  act(5000, { packets: [packet({ at: 1 })], notes: [note(0, 1, "before")], cuts: [cut(1, ["1", "2"])] })
  moment.value = 4000
  act(100, { first: true, replaying: true, hosts: [host("1", 0)] })
  assert.deepStrictEqual([hosts.value.length, packets.length, notes.value.length, cuts.value.length], [1, 0, 0, 0])
  act(200, { replaying: true })
  act(300)
  assert.isUndefined(moment.value)
  assert.strictEqual(time.value.now, 300)
})

it("keeps no more packets and notes than it can show quickly", () => {
  for (let round = 0; round < 60; round++) {
    act(round, {
      packets: Array.from({ length: 1000 }, (_, index) => packet({ n: 1000 * round + index, at: round })),
      notes: Array.from({ length: 50 }, (_, index) => note(50 * round + index, round, "again"))
    })
  }
  assert.isAtMost(packets.length, 41_000)
  assert.strictEqual(packets.at(-1)?.n, 59_999)
  assert.isAtMost(notes.value.length, 2000)
  assert.strictEqual(counted.value, 60_000)
})

it("picks a host, and lets it go when it is chosen again", () => {
  choose("2")
  assert.strictEqual(picked.value, "2")
  choose("10")
  assert.strictEqual(picked.value, "10")
  choose("10")
  assert.isUndefined(picked.value)
  cutting.value = "1"
  choose("1")
  assert.isUndefined(cutting.value)
  assert.strictEqual(picked.value, "1")
})

it("shows what a link is like, in each direction, and what it was like at the moment that is looked at", () => {
  const usual = { latency: 20, loss: 0 }
  const links = (
    at: number,
    others: ReadonlyArray<{ readonly from: string; readonly to: string; readonly latency: number }>
  ) => ({
    at,
    usual,
    others,
    more: 0
  })
  act(1000, { first: true, hosts: [host("1", 0), host("2", 0)], links: [links(0, [])] })
  act(2000, { links: [links(1500, [{ from: "1", to: "2", latency: 300 }])] })
  assert.strictEqual(settingsOf(["1", "2"]).latency, 300)
  assert.deepStrictEqual(settingsOf(["2", "1"]), usual)
  moment.value = 1400
  assert.deepStrictEqual(settingsOf(["1", "2"]), usual)
  moment.value = undefined
})
