import { assert, describe, it } from "@effect/vitest"
import * as Summary from "../src/Summary.ts"

describe("Summary", () => {
  it("tells the value in the middle of an odd number, and the ends", () => {
    assert.deepStrictEqual(Summary.of([10, 2, 9]), { median: 9, min: 2, max: 10 })
  })

  it("tells the mean of the two in the middle of an even number", () => {
    assert.deepStrictEqual(Summary.of([4, 1, 3, 100]), { median: 3.5, min: 1, max: 100 })
  })

  it("tells a single value three times", () => {
    assert.deepStrictEqual(Summary.of([7]), { median: 7, min: 7, max: 7 })
  })

  it("is not a number where there was nothing", () => {
    assert.deepStrictEqual(Summary.of([]), { median: NaN, min: NaN, max: NaN })
  })

  it("leaves what it is given in its order", () => {
    const values = [3, 1, 2]
    Summary.of(values)
    assert.deepStrictEqual(values, [3, 1, 2])
  })
})
