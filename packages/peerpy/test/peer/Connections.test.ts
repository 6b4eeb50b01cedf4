import { assert, describe, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import { Effect, Exit, Scope } from "effect"
import * as Connections from "../../src/peer/Connections.ts"

const [alice, bob] = [PeerAddress.at("10.0.0.1", 1), PeerAddress.at("10.0.0.2", 2)]
const [first, second, third] = [{ peer: alice }, { peer: bob }, { peer: alice }]
const limits = { maxConnections: 1, maxConnectionsPerAddress: 1, maxConnectionsPerNetwork: 1 }
const visitor = { host: "10.0.0.1", silentSince: () => undefined }

describe("the connections of a peer", () => {
  it("are with peers, each named once", () => {
    assert.deepStrictEqual(Connections.peersOf([first, second, third]), [alice, bob])
  })

  it.effect("have a place again when agreeing has failed, and only then", () =>
    Effect.gen(function*() {
      const connections = yield* Connections.make(limits)
      const reserving = (exit: Exit.Exit<void>) =>
        Effect.gen(function*() {
          const scope = yield* Scope.make()
          yield* Scope.provide(connections.reserve(visitor), scope)
          yield* Scope.close(scope, exit)
        })
      yield* reserving(Exit.die("a defect"))
      yield* reserving(Exit.void)
      assert.deepInclude(yield* Effect.flip(reserving(Exit.void)), { _tag: "TooMany", of: "connections", limit: 1 })
    }))
})
