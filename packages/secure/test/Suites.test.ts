/** Which suite is spoken between which platforms, and what becomes of somebody who would have it another. */
import { assert, describe, it } from "@effect/vitest"
import type { Crypto } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { PortableCrypto } from "@peerage/secure/portable"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import { asked, at, echo, secure, wire } from "./Peers.ts"
import * as Relay from "./Relay.ts"

const platforms = {
  node: { ...NodeCrypto.primitives, preferred: "AESGCM" },
  portable: PortableCrypto.primitives
} as const
type Platform = keyof typeof platforms

const magics = { ChaChaPoly: "PEERSEC1", AESGCM: "PEERSEC2" } as const

/** What a client is answered through one in the middle, what both ends saw, and what went over the wire. */
const outcome = Effect.fnUntraced(function*(dialer: Platform, listener: Platform, meddle = Relay.honest) {
  const network = yield* MemoryNetwork.make({ seed: 1, traceEntries: 20_000, traceBytes: 70_000 })
  // Keys change several times within what is said.
  const options = { config: { rekeyInterval: 2 } }
  const server = yield* secure(network.transport("10.0.0.1"), "server", options, platforms[listener])
  const client = yield* secure(network.transport("10.0.0.2"), "client", options, platforms[dialer])
  yield* echo(yield* server.transport.listen(at("10.0.0.1:80")))
  yield* Relay.relay(network.transport("10.0.0.9"), { here: "10.0.0.9:80", there: "10.0.0.1:80" }, meddle)
  const question = "attack at dawn ".repeat(4000)
  const answer = yield* asked(client.transport, "10.0.0.9:80", question)
  const said = yield* wire(network)
  assert.notInclude(said, "attack at dawn")
  return { answer: answer === question ? "the question" : answer, client: client.seen, server: server.seen, said }
})

const spoken: ReadonlyArray<readonly [dialer: Platform, listener: Platform, suite: Crypto.Suite]> = [
  ["node", "node", "AESGCM"],
  ["node", "portable", "AESGCM"],
  ["portable", "node", "ChaChaPoly"],
  ["portable", "portable", "ChaChaPoly"]
]

describe("the suite of a session", () => {
  for (const [dialer, listener, suite] of spoken) {
    it.effect(`is ${suite} where ${dialer} dials ${listener}`, () =>
      Effect.gen(function*() {
        const { answer, client, said, server } = yield* outcome(dialer, listener)
        assert.strictEqual(answer, "the question")
        assert.deepStrictEqual([client[0], server[0]], ["Admitted Passphrase", "Admitted Passphrase"])
        // Each direction begins with it, before and behind the one in the middle.
        assert.deepStrictEqual([...said.match(/PEERSEC./g) ?? []], Array.from({ length: 4 }, () => magics[suite]))
      }))
  }
})

/** Changes the magic of one into that of the other: their last characters differ in two bits. */
const renaming = (...ways: ReadonlyArray<Relay.Way>): Relay.Meddle =>
  ways.flatMap((way) => [0, 1].map((bit) => Relay.flipping(way, 7, bit))).reduce<Relay.Meddle>(
    (before, flip) => (way, bytes, pass, ends) => before(way, bytes, (changed) => flip(way, changed, pass, ends), ends),
    Relay.honest
  )

describe("a magic that is changed on the way into that of another suite", () => {
  for (const dialer of ["node", "portable"] as const) {
    for (
      const [what, ways] of [
        ["to the listener", ["toServer"]],
        ["to the dialer", ["toClient"]],
        ["both ways", ["toServer", "toClient"]]
      ] as const
    ) {
      it.effect(`${what} is found out by the dialer, on ${dialer}, before it shows its key`, () =>
        Effect.gen(function*() {
          const { answer, client, server } = yield* outcome(dialer, "node", renaming(...ways))
          assert.strictEqual(answer, "Tampered")
          assert.deepStrictEqual(client, ["Refused Tampered"])
          assert.deepStrictEqual(server, ["Refused Truncated"])
        }))
    }
  }
})
