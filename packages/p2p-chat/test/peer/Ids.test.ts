import { assert, describe } from "@effect/vitest"
import { PeerId } from "@peerage/p2p-chat"
import { Effect, Queue } from "effect"
import { id, peer, reached, refusal, settle, simulate, visit } from "./Network.ts"
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
    assert.strictEqual(yield* refusal(2, 1, anyId), "DuplicateId")
    yield* settle
    const raws = yield* Queue.takeAll(came)
    assert.strictEqual(new Set(idsOf(raws)).size, 4)
    assert.deepStrictEqual(raws.map(({ end }) => end), ["Fin", "Fin", "Fin", "Fin"])
  })
})

describe("an id that somebody chose", () => {
  simulate("is never exchanged for another one", function*() {
    const came = yield* refusing(1, Infinity)
    assert.strictEqual(yield* refusal(2, 1), "DuplicateId")
    assert.deepStrictEqual(idsOf(yield* Queue.takeAll(came)), [id(2)])
  })

  simulate("is from 1 to 2^63-1", function*() {
    for (const number of [0, -1, -(2n ** 63n)]) {
      assert.strictEqual(yield* refusal(1, undefined, { id: id(number) }), "InvalidId")
    }
    const largest = yield* peer(1, undefined, { id: id(2n ** 63n - 1n) })
    const joined = yield* visit(2, 1)
    assert.strictEqual((yield* joined.send(largest.self, "hi"))._tag, "Delivered")
  })
})

describe("a peer that is told to join itself", () => {
  simulate("says so", function*() {
    assert.strictEqual(yield* refusal(1, 1), "JoinsItself")
  })
})
