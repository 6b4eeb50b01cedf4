/** What another transport can be made of: the callbacks under the service, and who the peer is. */
import { assert } from "@effect/vitest"
import { Transport } from "@peerage/transport"
import { pair, readText, type Test, type World } from "./World.ts"

export const backing = (test: Test) => {
  test("carries a transport that is made of its backing", function*({ near, far, ...world }) {
    const over = (place: World["near"]) => ({ ...place, transport: Transport.make(place.transport.backing) })
    const ends = yield* pair({ ...world, near: over(near), far: over(far) })
    yield* ends.near.writer.write("through two")
    assert.strictEqual(yield* readText(ends.far.reader, 11), "through two")
  })

  test("shows each end the other's identity: none, or the same at each connection", function*(world) {
    const one = yield* pair(world)
    const other = yield* pair(world)
    assert.strictEqual(one.near.reader.identity, other.near.reader.identity)
    assert.strictEqual(one.far.reader.identity, other.far.reader.identity)
    assert.strictEqual(one.near.reader.identity === undefined, !world.authenticated)
    assert.strictEqual(one.far.reader.identity === undefined, !world.authenticated)
  })
}
