/** The keys of the live view, and what stands below it. */
import { assert, describe, it } from "@effect/vitest"
import type { Host } from "@peerage/simulate"
import { none } from "../../src/room/Style.ts"
import { begin, press } from "../../src/simulate/Controls.ts"
import { panel } from "../../src/simulate/Live.ts"

const hosts = (status: Host.Status = "Running") => [
  { name: "1", status: "Running" as const, knows: ["2"] },
  { name: "2", status, knows: ["1"] }
]

/** The faults, and the controls, that keys lead to. */
const pressing = (keys: ReadonlyArray<string>, states = hosts()) => {
  let controls = begin
  const faults: Array<unknown> = []
  for (const key of keys) {
    const [next, consequence] = press(controls, key, states)
    controls = next
    if (consequence._tag !== "None") faults.push(consequence._tag === "Perform" ? consequence.fault : consequence._tag)
  }
  return { controls, faults }
}

describe("the keys", () => {
  it("kill, freeze and cut off the chosen host, and undo that", () => {
    assert.deepStrictEqual(pressing(["right", "k", "z", "c", "c"]).faults, [
      { kill: "2" },
      { pause: "2" },
      { cut: ["2", "all"] },
      { heal: ["2", "all"] }
    ])
    assert.deepStrictEqual(pressing(["right", "k", "z"], hosts("Killed")).faults, [{ restart: "2" }])
    assert.deepStrictEqual(pressing(["left", "z"], hosts("Paused")).faults, [{ resume: "2" }])
  })

  it("pause, step, change the speed within bounds, and quit", () => {
    assert.isTrue(pressing([" "]).controls.paused)
    assert.isFalse(pressing([" ", " "]).controls.paused)
    assert.deepStrictEqual(pressing(["n", "q", "x"]).faults, ["Step", "Quit"])
    assert.strictEqual(pressing(["+", "+"]).controls.speed, 4)
    assert.strictEqual(pressing(Array.from({ length: 20 }, () => "+")).controls.speed, 64)
    assert.strictEqual(pressing(Array.from({ length: 20 }, () => "-")).controls.speed, 1 / 8)
  })

  it("do nothing to hosts before there are any", () => {
    assert.deepStrictEqual(pressing(["k", "c", "right"], []).faults, [])
  })
})

describe("the panel", () => {
  const states = [
    ...hosts("Killed"),
    ...Array.from({ length: 200 }, (_, index) => ({
      name: `${index + 3}`,
      status: "Running" as const,
      knows: []
    }))
  ]

  it("has no line that is wider than the terminal, and few lines", () => {
    for (const columns of [20, 40, 80, 200]) {
      const lines = panel(none, { controls: begin, states, now: 1500, end: 60_000 }, columns)
      assert.isAtMost(lines.length, 9)
      for (const line of lines) assert.isBelow(line.length, columns)
    }
  })

  it("shows the moment, the chosen host, those that are dead, and who knows whom", () => {
    const lines = panel(none, { controls: begin, states: hosts("Killed"), now: 1500, end: 60_000 }, 200)
    assert.deepStrictEqual(lines.slice(0, 3), [
      "-- 1.50s of 60s · 1x --",
      "[1:1] 2:dead ",
      "= 1 knows 2; 2 is without power"
    ])
  })
})
