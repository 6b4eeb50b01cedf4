import { assert, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import { elapse, heardBy, id, ipOf, texts, toldOf, visit } from "./Network.ts"

const segmented = Effect.provide(MemoryNetwork.layer({ segment: 1460 }))

it.effect("a neighbour behind a slow link stays, and gets all that it is sent, however long that takes", () =>
  Effect.gen(function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const peer = yield* visit(10)
    const other = yield* visit(11, 10)
    yield* network.setLink(ipOf(10), ipOf(11), { bandwidth: 4000 })
    const all = texts(40, 6000)
    const sending = yield* Effect.forkChild(peer.sendAll(id(11), all))
    yield* elapse("70 seconds")
    assert.isTrue((yield* Fiber.join(sending)).every(({ _tag }) => _tag === "Delivered"))
    assert.deepStrictEqual(heardBy(other), all.map((text) => `10: ${text}`))
    assert.deepStrictEqual([toldOf(peer, "Left"), toldOf(other, "Left")], [[], []])
  }).pipe(segmented))
