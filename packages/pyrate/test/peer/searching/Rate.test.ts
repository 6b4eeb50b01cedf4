/** How much may happen in a second. */
import { assert, describe, it } from "@effect/vitest"
import * as OldestFirst from "../../../src/peer/OldestFirst.ts"
import * as Rate from "../../../src/peer/searching/Rate.ts"

const perSecond = 5
/** Takes one token at each moment. Gives the moments at which there was one, and the bucket. */
const takeAt = (moments: ReadonlyArray<number>, before = Rate.full): readonly [ReadonlyArray<number>, Rate.Rate] =>
  moments.reduce<readonly [ReadonlyArray<number>, Rate.Rate]>(([taken, rate], now) => {
    const [granted, after] = Rate.take(rate, { perSecond, now })
    assert.isAtLeast(granted, 0)
    return [granted === 1 ? [...taken, now] : taken, after]
  }, [[], before])
const times = (count: number, now: number): ReadonlyArray<number> => Array.from({ length: count }, () => now)
const [, empty] = takeAt(times(5, 0))

describe("a rate", () => {
  it.each([
    { what: "lets as many through at once as in a second", rate: Rate.full, asked: times(20, 0), taken: times(5, 0) },
    { what: "fills up again evenly", rate: empty, asked: [100, 199, 200, 201, 399, 400], taken: [200, 400] },
    { what: "saves nothing up beyond a second", rate: empty, asked: times(20, 3_600_000), taken: times(5, 3_600_000) },
    {
      what: "gives nothing for a clock that was set back",
      rate: takeAt(times(5, 10_000))[1],
      asked: [0, 1000, 10_000, 10_200],
      taken: [10_200]
    }
  ])("$what", ({ asked, rate, taken }) => {
    assert.deepStrictEqual(takeAt(asked, rate)[0], taken)
  })

  it("lets no more through in the long run, however often it is asked", () => {
    assert.strictEqual(takeAt(Array.from({ length: 60_000 }, (_, index) => index))[0].length, 5 + 5 * 60 - 1)
  })

  it("grants as many of several as there are", () => {
    assert.deepStrictEqual(
      [3, 3, 3].reduce<[Array<number>, Rate.Rate]>(([granted, rate], wanted) => {
        const [more, after] = Rate.take(rate, { perSecond, now: 0, wanted })
        return [[...granted, more], after]
      }, [[], Rate.full])[0],
      [3, 2, 0]
    )
  })

  it("is one for each host, of which 10,000 are remembered", () => {
    let rates: Rate.Rates = OldestFirst.empty()
    const take = (host: string) => {
      const [granted, after] = Rate.takeFor(rates, host, { perSecond: 1, now: 0 })
      rates = after
      return granted
    }
    assert.deepStrictEqual(["a", "b", "a", "b"].map(take), [1, 1, 0, 0])
    for (let number = 0; number < 9_999; number++) take(`host ${number}`)
    assert.deepStrictEqual([take("b"), take("a")], [0, 1])
  })
})
