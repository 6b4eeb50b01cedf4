import { assert, describe, it } from "@effect/vitest"
import { ChatPeer } from "@peerage/p2p-chat"
import { Effect, Fiber, Stream } from "effect"
import { addressOf, elapse, id, on, settle, simulated, visit } from "./Network.ts"

const texts = (peer: ChatPeer.ChatPeerService) =>
  Effect.gen(function*() {
    const heard: Array<string> = []
    yield* Effect.forkScoped(Stream.runForEach(peer.events, (event) =>
      Effect.sync(() => {
        if (event._tag === "Message") heard.push(event.data)
      })))
    yield* settle
    return heard
  })

describe("whoever listens late", () => {
  it.effect("hears the messages that were kept for a newcomer, once, and only as the first to listen", () =>
    Effect.gen(function*() {
      const a = yield* visit(10)
      for (const text of ["one", "two"]) yield* a.send(id(12), text)
      const joining = yield* Effect.forkChild(
        on(12, ChatPeer.make({ listen: addressOf(12), id: id(12), join: addressOf(10) }))
      )
      yield* settle
      const newcomer = yield* Fiber.join(joining)
      yield* elapse("1 second")
      const first = yield* texts(newcomer)
      const second = yield* texts(newcomer)
      yield* a.send(id(12), "three")
      yield* settle
      assert.deepStrictEqual(first, ["one", "two", "three"])
      assert.deepStrictEqual(second, ["three"])
    }).pipe(Effect.scoped, simulated))

  it.effect("hears no more than the buffer holds", () =>
    Effect.gen(function*() {
      const a = yield* visit(10)
      const late = yield* on(12, ChatPeer.make({ listen: addressOf(12), id: id(12), config: { eventBuffer: 3 } }))
      const b = yield* visit(11, 12)
      for (let count = 1; count <= 5; count++) yield* b.send(id(12), `${count}`)
      yield* settle
      assert.deepStrictEqual(yield* texts(late), ["3", "4", "5"])
      yield* a.leave
    }).pipe(Effect.scoped, simulated))
})
