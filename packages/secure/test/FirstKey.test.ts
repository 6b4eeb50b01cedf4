/** Two dials at once to an address whose first key is to be kept, behind which two peers take turns. */
import { assert, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import { ask, asked, at, echo, elapse, secure, seeded } from "./Peers.ts"
import * as Relay from "./Relay.ts"

const identities = ["one", "two", "client"].map((name) => seeded(name).identity.key)

for (const [how, keys] of [["the passphrase", []], ["their keys", identities]] as const) {
  it.effect(`keep the key that was there first, and the other is a changed one, where both peers are let in by ${how}`, () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make({ seed: 1, link: { latency: "20 millis" } })
      for (const [name, address] of [["one", "10.0.0.1"], ["two", "10.0.0.2"]] as const) {
        const server = yield* secure(network.transport(address), name, { keys })
        yield* echo(yield* server.transport.listen(at(`${address}:80`)))
      }
      const there = ["10.0.0.1:80", "10.0.0.2:80"]
      yield* Relay.relay(network.transport("10.0.0.9"), { here: "10.0.0.9:80", there }, Relay.honest)
      const client = yield* secure(network.transport("10.0.0.3"), "client", {
        keys,
        pins: new Map([["10.0.0.9:80", "first"]]),
        multiplex: false
      })
      const answers: Array<string> = []
      for (const turn of [0, 1]) {
        yield* Effect.forkScoped(
          Effect.map(ask(client.transport, "10.0.0.9:80"), (answer) => void (answers[turn] = answer)),
          { startImmediately: true }
        )
      }
      yield* elapse("40 seconds")
      assert.deepStrictEqual(answers, ["attack at dawn", "KeyMismatch"])
      assert.strictEqual(client.seen.filter((seen) => seen === "Refused KeyMismatch").length, 1)
      assert.strictEqual(client.seen.filter((seen) => seen.startsWith("Admitted")).length, 1)
      // The key that was kept stays.
      assert.strictEqual(yield* asked(client.transport, "10.0.0.9:80"), "attack at dawn")
      assert.strictEqual(yield* asked(client.transport, "10.0.0.9:80"), "KeyMismatch")
    }))
}
