/** Which searches have come by. */
import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { SeenSearches } from "../../../src/peer/searching/SeenSearches.ts"

const lifetime = 600_000
const empty = (maxSeen = 8) => new SeenSearches({ maxSeen, seenFor: Duration.minutes(10) })
/** Each from a host of its own. */
const from = (id: string, at = 0) => [id, { host: `host of ${id}`, at }] as const

describe("a search", () => {
  it("is new once", () => {
    const seen = empty()
    assert.deepStrictEqual([seen.note(...from("a")), seen.note(...from("b")), seen.note(...from("a"))], [
      true,
      true,
      false
    ])
  })

  it("is known whoever brings it", () => {
    const seen = empty()
    seen.note("a", { host: "10.0.0.1", at: 0 })
    assert.isFalse(seen.note("a", { host: "10.0.0.2", at: 0 }))
  })

  it("is known for ten minutes from when it came, and no longer", () => {
    const seen = empty()
    seen.note(...from("a", 5))
    assert.isFalse(seen.note(...from("a", 5 + lifetime)))
    assert.isTrue(seen.note(...from("a", 5 + lifetime + 1)))
  })

  it("is forgotten when its time is over, so that nothing is held for nothing", () => {
    const seen = empty()
    for (const id of ["a", "b", "c"]) seen.note(...from(id))
    seen.note(...from("d", lifetime + 1))
    assert.strictEqual(seen.size, 1)
  })
})

describe("the bounds", () => {
  it("hold so many searches, of which the oldest is forgotten first", () => {
    const seen = empty(4)
    for (const id of ["a", "b", "c", "d", "e"]) assert.isTrue(seen.note(...from(id)))
    assert.strictEqual(seen.size, 4)
    assert.deepStrictEqual(["b", "c", "d", "e"].map((id) => seen.note(...from(id))), [false, false, false, false])
    assert.isTrue(seen.note(...from("a")))
  })

  it("let one host fill a quarter, in which it forgets only what it has brought itself", () => {
    const seen = empty(8)
    for (const id of ["a", "b", "c"]) seen.note(...from(id))
    for (let n = 0; n < 1000; n++) assert.isTrue(seen.note(`flood ${n}`, { host: "10.0.0.66", at: 0 }))
    assert.strictEqual(seen.size, 5)
    assert.deepStrictEqual(["a", "b", "c", "flood 998", "flood 999"].map((id) => seen.note(...from(id))), [
      false,
      false,
      false,
      false,
      false
    ])
  })

  it("give a host its share back as its searches grow old", () => {
    const seen = empty(8)
    for (const at of [0, 1]) seen.note(`old ${at}`, { host: "10.0.0.1", at })
    for (const at of [2, 3]) seen.note(`new ${at}`, { host: "10.0.0.1", at: lifetime + at })
    assert.strictEqual(seen.size, 2)
    assert.deepStrictEqual([2, 3].map((at) => seen.note(`new ${at}`, { host: "10.0.0.1", at: lifetime + 4 })), [
      false,
      false
    ])
  })
})
