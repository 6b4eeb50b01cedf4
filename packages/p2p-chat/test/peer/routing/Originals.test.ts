/** What an original is told, which dies of a LEAVE too many and loses whom it serves itself with a JOIN too many. */
import { assert, describe, it } from "@effect/vitest"
import { join, leave, peer } from "./Peer.ts"

describe("an original", () => {
  it("is told no hops, and nothing when only they change", () => {
    const one = peer([2, 3], [3])
    one.hear(2, join(10, 1))
    assert.deepStrictEqual(one.told(3), ["JOIN 2 0 via 1", "JOIN 10 0 via 1"])
    one.hear(2, join(10, 7))
    assert.deepStrictEqual(one.told(3), [])
  })

  it("is told no LEAVE for what it was not told", () => {
    const one = peer([2, 3], [3])
    one.told(3)
    one.hear(2, join(10))
    one.hear(2, leave(10), leave(11))
    one.detach(2)
    assert.deepStrictEqual(one.told(3), ["LEAVE 2"])
  })

  it.each([
    { did: "has announced itself meanwhile", said: [join(10)] },
    { did: "has dropped itself meanwhile", said: [leave(10)] },
    { did: "has announced and dropped itself meanwhile", said: [join(10), leave(10)] }
  ])("is told no LEAVE for what it $did", ({ said }) => {
    const one = peer([2, 3], [3])
    one.hear(2, join(10))
    assert.deepStrictEqual(one.told(3), ["JOIN 2 0 via 1", "JOIN 10 0 via 1"])
    one.hear(2, leave(10))
    one.hear(3, ...said)
    assert.deepStrictEqual(one.told(3), [])
  })

  it("is told no JOIN for what it serves, until it serves it no longer", () => {
    const one = peer([2, 3], [3])
    one.told(3)
    one.hear(3, join(10))
    one.hear(2, join(10, 1))
    one.detach(3)
    one.attach(3, false)
    one.hear(3, join(10))
    assert.deepStrictEqual(one.told(3), ["JOIN 2 0 via 1"])
    one.hear(3, leave(10))
    assert.deepStrictEqual(one.told(3), ["JOIN 10 0 via 1"])
  })
})
