/** Which searches have come. */
import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import * as OldestFirst from "../../../src/peer/OldestFirst.ts"
import * as SeenSearches from "../../../src/peer/searching/SeenSearches.ts"

const lifetime = 600_000

/** Notes searches one after the other. Gives what was new, and how many are remembered. */
const note = (arrivals: ReadonlyArray<SeenSearches.Arrival>, maxSeen = 8) => {
  const limits = { maxSeen, seenFor: Duration.minutes(10) }
  const [news, seen] = arrivals.reduce<readonly [ReadonlyArray<boolean>, SeenSearches.SeenSearches]>(
    ([news, seen], arrival) => {
      const [isNew, after] = SeenSearches.note(seen, arrival, limits)
      return [[...news, isNew], after]
    },
    [[], SeenSearches.empty]
  )
  return { news, size: OldestFirst.size(seen.all) }
}

/** Each from a host of its own. */
const from = (id: string, at = 0): SeenSearches.Arrival => ({ id, host: `host of ${id}`, at })
const each = (ids: ReadonlyArray<string>, at = 0) => ids.map((id) => from(id, at))
const flood = Array.from({ length: 1000 }, (_, n) => ({ id: `flood ${n}`, host: "10.0.0.66", at: 0 }))

describe("a search", () => {
  it.each([
    { what: "is new once", arrivals: each(["a", "b", "a"]), news: [true, true, false] },
    {
      what: "is known whoever brings it",
      arrivals: [{ ...from("a"), host: "10.0.0.1" }, { ...from("a"), host: "10.0.0.2" }],
      news: [true, false]
    },
    {
      what: "is known for ten minutes from when it came, and no longer",
      arrivals: [from("a", 5), from("a", 5 + lifetime), from("a", 5 + lifetime + 1)],
      news: [true, false, true]
    }
  ])("$what", ({ arrivals, news }) => {
    assert.deepStrictEqual(note(arrivals).news, news)
  })

  it("is forgotten when its time is over, so that nothing is held for nothing", () => {
    assert.strictEqual(note([...each(["a", "b", "c"]), from("d", lifetime + 1)]).size, 1)
  })
})

describe("the bounds", () => {
  it("hold so many searches, of which the oldest is forgotten first", () => {
    const first = each(["a", "b", "c", "d", "e"])
    assert.deepStrictEqual(note([...first, ...each(["b", "c", "d", "e", "a"])], 4), {
      news: [true, true, true, true, true, false, false, false, false, true],
      size: 4
    })
  })

  it("let one host fill a quarter, in which it forgets only what it has brought itself", () => {
    const known = ["a", "b", "c", "flood 998", "flood 999"]
    const { news, size } = note([...each(["a", "b", "c"]), ...flood, ...each(known)])
    assert.strictEqual(size, 5)
    assert.deepStrictEqual(news.slice(-known.length), known.map(() => false))
    assert.isTrue(news.slice(0, -known.length).every((isNew) => isNew))
  })

  it("give a host its share back as its searches grow old", () => {
    const own = (id: string, at: number) => ({ id, host: "10.0.0.1", at })
    const later = lifetime + 4
    const { news, size } = note([
      own("old 0", 0),
      own("old 1", 1),
      own("new 2", lifetime + 2),
      own("new 3", lifetime + 3),
      own("new 2", later),
      own("new 3", later)
    ])
    assert.strictEqual(size, 2)
    assert.deepStrictEqual(news, [true, true, true, true, false, false])
  })
})
