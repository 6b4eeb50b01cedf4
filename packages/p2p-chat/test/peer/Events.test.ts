import { assert, describe } from "@effect/vitest"
import { Machines } from "@peerage/testing"
import { Effect, Fiber } from "effect"
import { elapse, heardBy, id, peer, settle, simulate, visit } from "./Network.ts"

describe("whoever listens late", () => {
  simulate("hears the messages that were kept for a newcomer, once, and only as the first to listen", function*() {
    const a = yield* visit(10)
    for (const text of ["one", "two"]) yield* a.send(id(12), text)
    const joining = yield* Effect.forkChild(peer(12, 10))
    yield* settle
    const newcomer = yield* Fiber.join(joining)
    yield* elapse("1 second")
    const first = yield* Machines.collect(newcomer)
    const second = yield* Machines.collect(newcomer)
    yield* a.send(id(12), "three")
    yield* settle
    assert.deepStrictEqual(heardBy({ told: first }), ["10: one", "10: two", "10: three"])
    assert.deepStrictEqual(heardBy({ told: second }), ["10: three"])
  })

  simulate("hears no more than the buffer holds", function*() {
    const late = yield* peer(12, undefined, { config: { eventBuffer: 3 } })
    const other = yield* visit(11, 12)
    for (let count = 1; count <= 5; count++) yield* other.send(id(12), `${count}`)
    yield* settle
    assert.deepStrictEqual(heardBy({ told: yield* Machines.collect(late) }), ["11: 3", "11: 4", "11: 5"])
  })
})
