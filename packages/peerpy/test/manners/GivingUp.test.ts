/**
 * Whoever gives up before a connection is accepted ends it with FIN: an original listener that is reset then takes no
 * connection ever again. (docs/wire/peerpy.md, section 2.)
 */
import { assert, describe } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Scope } from "effect"
import { addressOf, settle, test, visit } from "../peer/Network.ts"
import { connector, dialer, header, hello, listener, sentBy } from "./Original.ts"

/** Ours on machine 1 has said hello to an original on machine 9. */
const asked = Effect.gen(function*() {
  const ours = yield* visit(1)
  const listening = yield* listener(9)
  const scope = yield* Scope.make()
  const asking = yield* Effect.forkIn(Scope.provide(ours.connect(addressOf(9), { type: "json" }), scope), scope)
  return { asking, original: yield* listening.next, scope }
})

const noReset = Effect.map(sentBy(1), (sent) => assert.notInclude(sent.map(({ kind }) => kind), "RST"))

describe("a connection that an original has not accepted", () => {
  test("ends with FIN when whoever asked is interrupted", function*() {
    const { asking, original } = yield* asked
    yield* Fiber.interrupt(asking)
    yield* settle
    assert.strictEqual(original.end, "Fin")
  })

  test("ends with FIN when the scope of whoever asked closes", function*() {
    const { original, scope } = yield* asked
    yield* Scope.close(scope, Exit.void)
    yield* settle
    assert.strictEqual(original.end, "Fin")
  })

  test("ends with FIN when the original denies it", function*() {
    const { asking, original } = yield* asked
    original.say("DENY")
    yield* settle
    assert.strictEqual((yield* Effect.flip(Fiber.join(asking))).reason._tag, "Denied")
    assert.strictEqual(original.end, "Fin")
    yield* noReset
  })

  test("ends with FIN when ours leaves before it has decided", function*() {
    const decision = yield* Deferred.make<boolean>()
    const ours = yield* visit(1, { offer: () => Deferred.await(decision) })
    const original = yield* connector(9, 1)
    yield* ours.leave
    assert.strictEqual(original.end, "Fin")
    assert.deepStrictEqual(original.heard, [])
  })

  test("ends with FIN when the original says more than HELLO and is denied", function*() {
    yield* visit(1, { offer: () => Effect.succeed(false) })
    const original = yield* dialer(9, 1)
    original.write(Buffer.concat([header(hello(9)), header("DATA|data_size=0&data_type=bytes")]))
    yield* settle
    assert.deepStrictEqual(original.heard, ["DENY||"])
    assert.strictEqual(original.end, "Fin")
    yield* noReset
  })
})
