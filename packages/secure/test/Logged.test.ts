/** What the log says of sessions that end: nothing to a person but what only an attack or a bug brings, and that in a sentence. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Logger } from "effect"
import { asked, at, echo, elapse, secure } from "./Peers.ts"
import * as Relay from "./Relay.ts"

/** What is logged from WARNING upward while a client at 10.0.0.2 asks a server over a relay that meddles, and hangs up at the end. */
const warnings = Effect.fnUntraced(function*(meddle: Relay.Meddle, cuts: boolean) {
  const logged: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (["Warn", "Error", "Fatal"].includes(logLevel)) logged.push(String(message))
  })
  yield* Effect.gen(function*() {
    const network = yield* MemoryNetwork.make({ seed: 1 })
    const server = yield* secure(network.transport("10.0.0.1"), "server")
    const client = yield* secure(network.transport("10.0.0.2"), "client")
    const ends: Array<Relay.Ends> = []
    yield* echo(yield* server.transport.listen(at("10.0.0.1:80")))
    yield* Relay.relay(network.transport("10.0.0.9"), { here: "10.0.0.9:80", there: "10.0.0.1:80" }, (...passing) => {
      ends.push(passing[3])
      meddle(...passing)
    })
    const dialing = yield* Effect.forkChild(client.transport.connect(at("10.0.0.9:80")), { startImmediately: true })
    yield* elapse("1 second")
    yield* Fiber.join(dialing)
    if (cuts) {
      for (const { client, server } of ends) {
        client.end()
        server.end()
      }
    } else yield* asked(client.transport, "10.0.0.9:80")
    yield* elapse("1 second")
    assert.include([...client.seen, ...server.seen].join(), cuts ? "Ended Truncated" : "Ended Tampered")
  }).pipe(Effect.provide(Logger.layer([logger])))
  return logged
}, Effect.scoped)

describe("the log", () => {
  it.effect("has nothing of a peer that went away without a word: its protocol knows what that means", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* warnings(Relay.honest, true), [])
    }))

  it.effect("has one sentence about a session that was tampered with, at the end that knows", () =>
    Effect.gen(function*() {
      // Behind the handshake and the admission of the dialer.
      const logged = yield* warnings(Relay.flipping("toServer", 290), false)
      assert.match(
        logged.join("\n"),
        /^The encrypted connection with 10\.0\.0\.9:\d+ ended: what came was changed on the way, so nothing more of it is taken\.$/
      )
    }))
})
