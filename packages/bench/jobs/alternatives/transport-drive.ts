/** Dials: by `request` for one message and its answer, by the ordinary door for a connection. */
import { Transport } from "@peerage/transport"
import { Effect, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { of } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import { check, inFlight, message, tasks } from "./Library.ts"

effect((given) =>
  Effect.gen(function*() {
    const transport = yield* Transport.Transport
    const scope = yield* Effect.scope
    const task = of(given, "task")
    const address = NetAddress.inetAddressFromStringUnsafe(`127.0.0.1:${of(given, "port")}`)
    const converse = Effect.map(
      transport.request(address, message, { answered: ({ length }) => length >= message.length }),
      ({ bytes }) => check(bytes.length)
    )
    const dial = Effect.suspend(() => transport.dial(address).reader)
    const once = task === tasks.conversation
      ? converse
      : task === tasks.dials
      ? Effect.scoped(dial)
      : Effect.provideService(dial, Scope.Scope, scope)
    return {
      round: ({ count = 0 }) =>
        Effect.forEach(Array.from({ length: count }), () => once, { concurrency: inFlight, discard: true })
    }
  })
)
