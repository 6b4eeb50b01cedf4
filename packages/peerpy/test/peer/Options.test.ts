/** Options that would turn a limit off. */
import { assert } from "@effect/vitest"
import { Peer } from "@peerage/peerpy"
import { Misuse } from "@peerage/testing"
import { Duration, Effect } from "effect"
import { on, test, visit } from "./Network.ts"

const peer = (options: object) => on(1, Peer.make({ listen: "10.0.0.1:20000", ...options }))

test.each([
  { options: { discoveryPort: 65_536 }, says: "discoveryPort of Peer.make is 65536" },
  { options: { discoveryPort: NaN }, says: "discoveryPort of Peer.make is NaN" },
  { options: { invisible: "yes" }, says: "invisible of Peer.make is \"yes\"" },
  { options: { paced: 1 }, says: "paced of Peer.make is 1" },
  { options: { waitForOriginals: 0 }, says: "waitForOriginals of Peer.make is 0" },
  { options: { config: { maxConnections: -1 } }, says: "maxConnections of config is -1" },
  { options: { config: { maxPayloadBytes: NaN } }, says: "maxPayloadBytes of config is NaN" },
  { options: { config: { timeout: Duration.infinity } }, says: "timeout of config is Infinity" }
])("a peer dies at once: $says", function*({ options, says }) {
  assert.include(yield* Misuse.sentence(peer(options)), `The option ${says}. Give `)
})

test("a connection is of one of the types", function*() {
  const alice = yield* visit(1)
  const options = JSON.parse("{\"type\": \"jsn\"}")
  const sentence = yield* Misuse.sentence(alice.connect("10.0.0.2:20000", options))
  assert.strictEqual(sentence, "The option type of Peer.connect is \"jsn\". Give \"raw\" or \"json\" or \"bytes\".")
})

test("a name is refused with what to do, as the library looks none up", function*() {
  const alice = yield* visit(1)
  const { message } = yield* Effect.flip(alice.connect("localhost:20000", { type: "json" }))
  assert.include(message, "\"localhost:20000\" is a name")
})
