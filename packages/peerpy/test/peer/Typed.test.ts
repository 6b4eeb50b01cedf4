import { assert, describe } from "@effect/vitest"
import { Connection } from "@peerage/peerpy"
import { Effect, Schema } from "effect"
import { both, connect, count, only, test, visit } from "./Network.ts"

const Move = Schema.Struct({
  player: Schema.String,
  at: Schema.DateFromString,
  to: Schema.Tuple([Schema.Int, Schema.Int])
})
const move = { player: "alice", at: new Date(0), to: [1, 2] as const }
const json = { type: "json" } as const

describe("a connection for values of a schema", () => {
  test("carries them in both directions, encoded on the wire", function*() {
    const { far, near } = yield* both(json)
    const [typedNear, typedFar] = [Connection.withSchema(near, Move), Connection.withSchema(far, Move)]
    yield* typedNear.send(move)
    assert.deepStrictEqual(yield* typedFar.receive, move)
    yield* typedFar.send(move)
    assert.deepStrictEqual(yield* near.receive, { player: "alice", at: "1970-01-01T00:00:00.000Z", to: [1, 2] })
  })

  test("fails to receive others, and goes on", function*() {
    const { bob, far, near } = yield* both(json)
    const typed = Connection.withSchema(far, Move)
    yield* near.send({ player: "alice", at: "then", to: [1, 2] })
    yield* near.send({ player: "bob", at: "1970-01-01T00:00:00.000Z", to: [1, 2] })
    assert.deepInclude((yield* Effect.flip(typed.receive)).reason, { _tag: "UnreadableValue", type: "json" })
    assert.strictEqual((yield* typed.receive).player, "bob")
    assert.strictEqual(yield* count(bob), 1)
  })

  test("does not send what the schema does not encode, and goes on", function*() {
    const { far, near } = yield* both(json)
    const typed = Connection.withSchema(near, Move)
    const wrong = { ...move, to: [1.5, 2] as const }
    assert.deepInclude((yield* Effect.flip(typed.send(wrong))).reason, { _tag: "UnsendableValue", type: "json" })
    yield* typed.send(move)
    assert.deepInclude(yield* far.receive, { player: "alice" })
  })
})

describe("a connection that is not strict", () => {
  test("gives data of another type to its events only, as who receives expects its own", function*() {
    const [alice, bob] = [yield* visit(1), yield* visit(2, { serve: () => Effect.never })]
    yield* connect(alice, 2, { type: "json", strict: false })
    const far = yield* only(bob, "json")
    assert.isFalse(far.strict)
    yield* far.send(1)
    yield* far.send(2)
    const near = yield* only(alice, "json")
    assert.deepStrictEqual([yield* near.receive, yield* near.receive], [1, 2])
  })
})

describe("what cannot be sent", () => {
  test("is refused before anything is written, and the connection goes on", function*() {
    const { far, near } = yield* both(json)
    const circle: Array<never> = []
    Reflect.set(circle, "0", circle)
    for (const value of [Uint8Array.of(1), new Map(), circle]) {
      assert.strictEqual((yield* Effect.flip(near.sendAny(value))).reason._tag, "UnsendableValue")
    }
    yield* near.send("fine")
    assert.strictEqual(yield* far.receive, "fine")
  })
})
