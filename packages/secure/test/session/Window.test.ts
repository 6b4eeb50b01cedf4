/** Credit: how windows grow, and how much a session's may hold. */
import { assert, describe, it } from "@effect/vitest"
import { credited, initial, ReceiveWindow, WindowBudget } from "../../src/session/Window.ts"

const limits = { maxWindow: 1_048_576, maxSessionWindow: 8_388_608, maxStreams: 512 }
/** Windows that may grow by so much together. */
const growing = (by: number) => new WindowBudget({ ...limits, maxSessionWindow: 512 * initial + by })
const usual = 65_536

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
  it("has 64 KiB as soon as its reader takes something, then doubles up to the largest while half of it is taken within a second", () => {
    assert.deepStrictEqual(emptied(new WindowBudget(limits), 7), [
      65_536,
      131_072,
      262_144,
      524_288,
      1_048_576,
      1_048_576,
      1_048_576
    ])
  })

  it("stays as it is when the windows of its session hold as much as they may", () => {
    const budget = growing(2 * usual)
    assert.deepStrictEqual(emptied(budget, 3), [usual, 2 * usual, 2 * usual + initial])
    assert.deepStrictEqual(emptied(budget, 2), [initial, initial])
  })

  it("gives what it held back when it closes", () => {
    const budget = growing(usual)
    const window = new ReceiveWindow(budget, 0)
    assert.isTrue(window.arrived(initial))
    assert.strictEqual(window.took(initial, 0), usual)
    assert.deepStrictEqual(emptied(budget, 1), [2 * initial])
    window.close()
    window.close()
    assert.deepStrictEqual(emptied(budget, 2), [usual, usual])
  })

  it("holds no more than its session may, however many streams there are and whatever is taken", () => {
    const budget = new WindowBudget(limits)
    const windows = Array.from({ length: limits.maxStreams }, () => ({
      window: new ReceiveWindow(budget, 0),
      credit: initial
    }))
    for (let round = 0; round < 6; round++) {
      for (const one of windows) {
        assert.isTrue(one.window.arrived(one.credit))
        one.credit = one.window.took(one.credit, 0)
      }
    }
    const held = windows.reduce((sum, { credit }) => sum + credit, 0)
    assert.strictEqual(held, limits.maxSessionWindow)
  })

  /** A window that has grown to 64 KiB. */
  const grown = (budget = new WindowBudget(limits)) => {
    const window = new ReceiveWindow(budget, 0)
    assert.isTrue(window.arrived(initial))
    window.took(initial, 0)
    return window
  }

  it("gives credit once half of it was taken", () => {
    const window = grown()
    assert.isTrue(window.arrived(40_000))
    assert.strictEqual(window.took(32_767, 0), 0)
    assert.strictEqual(window.took(1, 0), 32_768 + usual)
  })

  it("gives a slow reader's credit after a second, so that the other end sees that it takes something", () => {
    const window = grown()
    assert.isTrue(window.arrived(40_000))
    assert.strictEqual(window.took(4096, 999), 0)
    assert.strictEqual(window.took(1, 1000), 4097)
    assert.strictEqual(window.took(4095, 2000), 0)
  })

  it("grows to 64 KiB for a slow reader too, and no further", () => {
    const window = new ReceiveWindow(new WindowBudget(limits), 0)
    assert.isTrue(window.arrived(initial))
    assert.strictEqual(window.took(initial, 1000), usual)
    assert.isTrue(window.arrived(usual))
    assert.strictEqual(window.took(usual, 2000), usual)
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
