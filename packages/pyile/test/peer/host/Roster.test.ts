import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Clock } from "effect"
import { annIp, elapse, pair, simulation } from "../Network.ts"

describe("the roster of a host", () => {
  simulation("says since when a member is here, when it last answered, and when it is to answer next", function*() {
    const { ann, hosting } = yield* pair()
    const [first] = yield* hosting.roster
    assert.strictEqual(first?.peer, ann.self)
    yield* elapse("10 seconds")
    const now = yield* Clock.currentTimeMillis
    const [later, ...others] = yield* hosting.roster
    assert.deepStrictEqual(others, [])
    assert.strictEqual(later?.since, first?.since)
    assert.isAtMost(now - (later?.answered ?? 0), 2000)
    assert.strictEqual((later?.due ?? 0) - (later?.answered ?? 0), 2000)
  })

  simulation("shows that a member does not answer any more, before it is given up", function*() {
    const { hosting } = yield* pair()
    yield* elapse("4 seconds")
    yield* (yield* MemoryNetwork.MemoryNetwork).kill(annIp)
    yield* elapse("4 seconds")
    const now = yield* Clock.currentTimeMillis
    const [silent] = yield* hosting.roster
    assert.isAbove(now, silent?.due ?? Infinity)
    yield* elapse("4 seconds")
    assert.deepStrictEqual(yield* hosting.roster, [])
  })
})
