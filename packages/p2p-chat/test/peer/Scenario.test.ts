/** The example scenario of the original's documentation, step by step. "UserA" is 10, as ids are numbers, "UserB" 11. */
import { assert, describe } from "@effect/vitest"
import { heardBy, id, reached, refusal, settle, simulate, visit } from "./Network.ts"

describe("the chat of the documentation", () => {
  simulate("goes as it is written there", function*() {
    // 1. The server starts listening.
    const server = yield* visit(1)
    assert.deepInclude(server.address, { port: 5000 })
    // 2. Peer A connects with a unique id: it is in the routing table.
    const a = yield* visit(10, 1)
    assert.deepStrictEqual(yield* reached(server), [10])
    assert.deepStrictEqual(yield* reached(a), [1])
    // 3. Peer B attempts the same id: the server detects the duplicate and rejects the connection.
    assert.strictEqual(yield* refusal(2, 1, { id: id(10) }), "DuplicateId")
    yield* settle
    assert.deepInclude(server.told, { _tag: "Rejected", host: "10.0.0.2", reason: "DuplicateId" })
    assert.deepStrictEqual(yield* reached(server), [10])
    // 4. Peer B comes with a unique id: it is accepted, and its presence announced to A.
    const b = yield* visit(2, 1, { id: id(11) })
    assert.deepStrictEqual(yield* reached(server), [10, 11])
    assert.deepInclude(a.told, { _tag: "Joined", peer: id(11) })
    assert.deepStrictEqual(yield* reached(b), [1, 10])
    // 5. A sends to B, and B responds.
    yield* a.send(b.self, "Hello B, it is me")
    yield* b.send(a.self, "Hello A")
    yield* settle
    assert.deepStrictEqual(heardBy(b), ["10: Hello B, it is me"])
    assert.deepStrictEqual(heardBy(a), ["11: Hello A"])
    assert.deepStrictEqual(heardBy(server), [])
    // 6. A disconnects: it is removed, and its leaving announced to B.
    yield* a.leave
    assert.deepStrictEqual(yield* reached(server), [11])
    assert.deepStrictEqual(yield* reached(b), [1])
    assert.deepInclude(b.told, { _tag: "Left", peer: id(10), reason: "Withdrawn" })
  })
})
