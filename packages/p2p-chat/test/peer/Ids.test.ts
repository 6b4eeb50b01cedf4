import { assert, describe, it } from "@effect/vitest"
import { PeerId } from "@peerage/p2p-chat"
import { Effect, Fiber, Queue } from "effect"
import { id, peer, reached, refusal, settle, simulate, simulated, visit } from "./Network.ts"
import { type Raw, response, server } from "./Raw.ts"

const anyId = { id: undefined }

/** A server that turns away the first `refusals` joiners for their ids; those who came are in the queue. */
const refusing = Effect.fnUntraced(function*(number: number, refusals: number) {
  const { next } = yield* server(number)
  const came = yield* Queue.unbounded<Raw>()
  const serving = Effect.gen(function*() {
    for (let joiners = 0;; joiners++) {
      const raw = yield* next
      yield* Queue.offer(came, raw)
      raw.say(response(joiners < refusals ? 0 : number, { error: joiners < refusals }))
    }
  })
  yield* Effect.forkScoped(serving)
  return came
})

const idsOf = (joiners: ReadonlyArray<Raw>) =>
  joiners.flatMap(({ heard }) => heard.flatMap((message) => message._tag === "HandshakeStart" ? [message.id] : []))

describe("an id that a peer made up", () => {
  simulate("is one that peers can have, another one for each peer", function*() {
    const one = yield* visit(1, undefined, anyId)
    const other = yield* visit(2, 1, anyId)
    assert.isTrue(PeerId.usable(one.self) && PeerId.usable(other.self))
    assert.notStrictEqual(one.self, other.self)
    assert.deepStrictEqual(yield* reached(one), [Number(other.self)])
  })

  simulate("is made up anew, on a new connection, where it is taken", function*() {
    const came = yield* refusing(1, 2)
    const joined = yield* visit(2, 1, anyId)
    const ids = idsOf(yield* Queue.takeAll(came))
    assert.strictEqual(new Set(ids).size, 3)
    assert.strictEqual(joined.self, ids[2])
  })

  simulate("is given up after three others, since each takes one of the ten places that an original has", function*() {
    const came = yield* refusing(1, Infinity)
    const joining = yield* Effect.forkChild(refusal(2, 1, anyId))
    yield* settle
    assert.strictEqual(yield* Fiber.join(joining), "DuplicateId")
    const raws = yield* Queue.takeAll(came)
    assert.strictEqual(new Set(idsOf(raws)).size, 4)
    assert.deepStrictEqual(raws.map(({ end }) => end), ["Fin", "Fin", "Fin", "Fin"])
  })
})

describe("an id that somebody chose", () => {
  simulate("is never exchanged for another one", function*() {
    const came = yield* refusing(1, Infinity)
    const joining = yield* Effect.forkChild(refusal(2, 1))
    yield* settle
    assert.strictEqual(yield* Fiber.join(joining), "DuplicateId")
    assert.deepStrictEqual(idsOf(yield* Queue.takeAll(came)), [id(2)])
  })

  it.effect("is from 1 to 2^63-1", () =>
    Effect.gen(function*() {
      for (const number of [0n, -1n, -(2n ** 63n)]) {
        assert.strictEqual(yield* refusal(1, undefined, { id: PeerId.make(number) }), "InvalidId")
      }
      const largest = yield* peer(1, undefined, { id: PeerId.make(2n ** 63n - 1n) })
      const joined = yield* visit(2, 1)
      assert.strictEqual((yield* joined.send(largest.self, "hi"))._tag, "Delivered")
    }).pipe(Effect.scoped, simulated))
})

describe("a peer that is told to join itself", () => {
  simulate("says so", function*() {
    assert.strictEqual(yield* refusal(1, 1), "JoinsItself")
  })
})
