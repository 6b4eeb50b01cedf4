import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, Simulation, SocketFailure } from "@peerage/transport"
import { Effect, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { Link } from "../src/index.ts"
import { format } from "./JsonLines.ts"
import { listen, simulated } from "./Listening.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"

const Count = Schema.Struct({ count: Schema.Int }).annotate({ identifier: "Count" })

describe("the link's scope", () => {
  it.effect.each(
    [
      { options: {}, left: "close", writes: ["{\"count\":1}\n"] },
      { options: { resetOnClose: true }, left: "reset", writes: [] }
    ] as const
  )("ends the connection by $left (options: $options)", ({ left, options, writes }) =>
    Effect.gen(function*() {
      const pipe = new ScriptedPipe()
      const make = Link.make(pipe, { format, coalesce: true, ...options })
      yield* Effect.scoped(Effect.flatMap(make, (link) => link.send(Count, { count: 1 })))
      assert.deepStrictEqual([pipe.left, pipe.writes], [left, writes])
    }))

  it.effect("ends a connection that it dialed, by a reset where that was asked for", () =>
    Effect.gen(function*() {
      const listener = yield* listen()
      const network = yield* MemoryNetwork.MemoryNetwork
      const ends: Array<string> = []
      yield* Effect.forkScoped(Link.serve(listener, { format }, (link) =>
        Effect.match(link.receive(Count), {
          onFailure: ({ _tag }) => void ends.push(_tag),
          onSuccess: () => void ends.push("Count")
        })))
      for (const options of [{}, { resetOnClose: true }]) {
        const dialed = Link.dial(network.transport("10.0.0.2"), listener.address, { format, ...options })
        yield* Effect.scoped(Effect.andThen(dialed, Simulation.settle))
        yield* Simulation.settle
      }
      assert.deepStrictEqual(ends, ["PeerClosed", "SocketError"])
    }).pipe(simulated))

  it.effect("is not entered by a dial that fails", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      yield* listen()
      const nobody = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4703")
      const error = yield* Effect.flip(Link.dial(network.transport("10.0.0.2"), nobody, { format }))
      assert.strictEqual(SocketFailure.errno(error), "ECONNREFUSED")
    }).pipe(simulated))
})
