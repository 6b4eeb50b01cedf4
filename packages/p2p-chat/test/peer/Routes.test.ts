import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { elapse, heardBy, id, reached, refusal, settle, simulate, tableOf, trio, visit } from "./Network.ts"

describe("peers that join each other", () => {
  simulate("know everybody and how to reach them, however many hops away", function*() {
    const a = yield* visit(10)
    const d = yield* visit(13, 10)
    const b = yield* visit(11, 10)
    const c = yield* visit(12, 11)
    const e = yield* visit(14, 10)
    assert.deepStrictEqual(yield* tableOf(a), ["13: 1 via 13", "11: 1 via 11", "12: 2 via 11", "14: 1 via 14"])
    assert.deepStrictEqual(yield* tableOf(b), ["10: 1 via 10", "13: 2 via 10", "12: 1 via 12", "14: 2 via 10"])
    assert.deepStrictEqual(yield* tableOf(c), ["11: 1 via 11", "10: 2 via 11", "13: 3 via 11", "14: 3 via 11"])
    assert.deepStrictEqual(yield* tableOf(d), ["10: 1 via 10", "11: 2 via 10", "12: 3 via 10", "14: 2 via 10"])
    assert.deepStrictEqual(yield* tableOf(e), ["10: 1 via 10", "13: 2 via 10", "11: 2 via 10", "12: 3 via 10"])
  })

  simulate("talk over several hops, both ways, each message once, and those on the way hear nothing", function*() {
    const [a, b, c] = yield* trio()
    const d = yield* visit(13, 10)
    assert.deepInclude(a.address, { port: 5000 })
    assert.deepStrictEqual(yield* c.send(id(13), "Grüße"), { _tag: "Delivered", nextHop: id(11) })
    for (const text of ["ok", "ok", "ok"]) yield* d.send(id(12), text)
    yield* settle
    assert.deepStrictEqual([a, b, c, d].map(heardBy), [[], [], ["13: ok", "13: ok", "13: ok"], ["12: Grüße"]])
  })

  simulate("refuse an id that is taken anywhere in the network", function*() {
    yield* trio()
    const same = (number: number) => ({ listen: "10.0.0.99:5000", id: id(number) })
    assert.strictEqual(yield* refusal(99, 10, same(10)), "DuplicateId")
    assert.strictEqual(yield* refusal(99, 10, same(12)), "DuplicateId")
    assert.strictEqual(yield* refusal(99, 12, same(11)), "DuplicateId")
  })
  simulate("and those who come in the instant in which another leaves, know who is there and nobody else", function*() {
    for (const [join, gone] of [[10, 12], [11, 12], [11, 10]]) {
      const three = [yield* visit(10), yield* visit(11, 10), yield* visit(12, 11)]
      const leaving = three.find(({ self }) => self === id(gone ?? 0))
      const [newcomer] = yield* Effect.all([visit(13, join), leaving?.leave ?? Effect.void], { concurrency: 2 })
      yield* elapse("1 second")
      const there = [...three.filter((peer) => peer !== leaving), newcomer]
      for (const peer of there) {
        const others = there.filter((other) => other !== peer).map(({ self }) => Number(self))
        assert.deepStrictEqual(yield* reached(peer), others.sort((one, other) => one - other))
      }
      yield* Effect.forEach(there, ({ leave }) => leave)
    }
  })
})
