/** How much may happen within a second. */
import { assert, describe, it } from "@effect/vitest"
import { Rate } from "../../../src/peer/searching/Rate.ts"

const taken = (rate: Rate, moments: ReadonlyArray<number>) => moments.filter((now) => rate.take(now))
const times = <A>(count: number, value: A): ReadonlyArray<A> => Array.from({ length: count }, () => value)

describe("a rate", () => {
  it("lets as many through at once as within a second", () => {
    assert.strictEqual(taken(new Rate(5), times(20, 0)).length, 5)
  })

  it("fills up again evenly", () => {
    const rate = new Rate(5)
    taken(rate, times(5, 0))
    assert.deepStrictEqual(taken(rate, [100, 199, 200, 201, 399, 400]), [200, 400])
  })

  it("saves nothing up beyond a second's worth", () => {
    const rate = new Rate(5)
    taken(rate, times(5, 0))
    assert.strictEqual(taken(rate, times(20, 3_600_000)).length, 5)
  })

  it("lets no more through in the long run, however often it is asked", () => {
    const rate = new Rate(5)
    const asked = Array.from({ length: 60_000 }, (_, index) => index)
    assert.strictEqual(taken(rate, asked).length, 5 + 5 * 60 - 1)
  })

  it("gives nothing for a clock that was set back", () => {
    const rate = new Rate(5)
    taken(rate, times(5, 10_000))
    assert.deepStrictEqual(taken(rate, [0, 1000, 10_000]), [])
    assert.deepStrictEqual(taken(rate, [10_200]), [10_200])
  })
})
