import { assert, describe, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import { Effect, Exit, Scope } from "effect"
import * as Connections from "../../src/peer/Connections.ts"

const [alice, bob] = [PeerAddress.at("10.0.0.1", 1), PeerAddress.at("10.0.0.2", 2)]
const [first, second, third] = [{ peer: alice }, { peer: bob }, { peer: alice }]
type State = Connections.State<{ readonly peer: PeerAddress.PeerAddress }>
const state = (reserved: number, ...open: State["open"]): State => ({ reserved, open })

describe("the connections of a peer", () => {
  it.each<readonly [what: string, before: State, reserved: boolean, after: State]>([
    ["of none", state(0), true, state(1)],
    ["of some", state(0, first), true, state(1, first)],
    ["where all are open", state(0, first, second), false, state(0, first, second)],
    ["where the others are being agreed on", state(1, first), false, state(1, first)]
  ])("have a place for another %s", (_, before, reserved, after) => {
    assert.deepStrictEqual(Connections.reserve(before, 2), [reserved, after])
  })

  it.each<readonly [what: string, after: State, expected: State]>([
    ["give back a place", Connections.release(state(2, first)), state(1, first)],
    ["take one in its place, the newest last", Connections.enter(state(1, first), second), state(0, first, second)],
    ["lose one that is over", Connections.leave(state(1, first, second, third), first), state(1, second, third)],
    ["lose none twice", Connections.leave(state(0, second), first), state(0, second)]
  ])("%s", (_, after, expected) => {
    assert.deepStrictEqual(after, expected)
  })

  it("are with peers, each named once", () => {
    assert.deepStrictEqual(Connections.peersOf(state(1, first, second, third)), [alice, bob])
  })

  it.effect("have a place again when agreeing has failed, and only then", () =>
    Effect.gen(function*() {
      const connections = yield* Connections.make(1)
      const reserving = (exit: Exit.Exit<void>) =>
        Effect.gen(function*() {
          const scope = yield* Scope.make()
          yield* Scope.provide(connections.reserve, scope)
          yield* Scope.close(scope, exit)
        })
      yield* reserving(Exit.die("a defect"))
      yield* reserving(Exit.void)
      assert.deepInclude(yield* Effect.flip(reserving(Exit.void)), { _tag: "TooMany", of: "connections", limit: 1 })
    }))
})
