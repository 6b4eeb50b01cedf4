/** Credit: how windows grow, and how much a session's may hold. */
import { assert, describe, it } from "@effect/vitest"
import { credited, initial, ReceiveWindow, WindowBudget } from "../../src/session/Window.ts"

const limits = { maxWindow: 1_048_576, maxSessionWindow: 8_388_608 }

/** The other end sends all it may, the program takes all there is: the credits given, one after the other. */
const emptied = (budget: WindowBudget, rounds: number) => {
  const window = new ReceiveWindow(budget, 0)
  const credits: Array<number> = []
  let credit = initial
  for (let round = 0; round < rounds; round++) {
    assert.isTrue(window.arrived(credit))
    credit = window.took(credit, 0)
    credits.push(credit)
  }
  return credits
}

describe("a window", () => {
  it("doubles each time its reader takes half of it within a second, up to the largest", () => {
    assert.deepStrictEqual(emptied(new WindowBudget(limits), 6), [
      131_072,
      262_144,
      524_288,
      1_048_576,
      1_048_576,
      1_048_576
    ])
  })

  it("stays as it is when the windows of its session hold as much as they may", () => {
    const budget = new WindowBudget({ ...limits, maxSessionWindow: 3 * initial })
    assert.deepStrictEqual(emptied(budget, 3), [2 * initial, 3 * initial, 3 * initial])
    assert.deepStrictEqual(emptied(budget, 2), [initial, initial])
  })

  it("gives what it held back when it closes", () => {
    const budget = new WindowBudget({ ...limits, maxSessionWindow: 3 * initial })
    const window = new ReceiveWindow(budget, 0)
    window.close()
    window.close()
    assert.deepStrictEqual(emptied(budget, 2), [2 * initial, 3 * initial])
  })

  it("gives credit once half of it was taken", () => {
    const window = new ReceiveWindow(new WindowBudget(limits), 0)
    assert.isTrue(window.arrived(40_000))
    assert.strictEqual(window.took(32_767, 0), 0)
    assert.strictEqual(window.took(1, 0), 32_768 + initial)
  })

  it("gives a slow reader's credit after a second, so that the other end sees that it takes something", () => {
    const window = new ReceiveWindow(new WindowBudget(limits), 0)
    assert.isTrue(window.arrived(40_000))
    assert.strictEqual(window.took(4096, 999), 0)
    assert.strictEqual(window.took(1, 1000), 4097)
    assert.strictEqual(window.took(4095, 2000), 0)
  })

  it("notices a byte more than its credit", () => {
    const window = new ReceiveWindow(new WindowBudget(limits), 0)
    assert.isTrue(window.arrived(initial))
    assert.isTrue(window.spent)
    assert.isFalse(window.arrived(1))
  })

  it("takes credit up to 2 ** 31", () => {
    assert.strictEqual(credited(1, 2 ** 31 - 1), 2 ** 31)
    assert.isUndefined(credited(1, 2 ** 31))
  })
})
