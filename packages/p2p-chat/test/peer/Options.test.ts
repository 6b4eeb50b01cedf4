/** Options that would turn a limit off. */
import { assert } from "@effect/vitest"
import { Misuse } from "@peerage/testing"
import { Duration } from "effect"
import { peer, simulate } from "./Network.ts"

simulate.each([
  { config: { maxConnections: NaN }, says: "maxConnections of config is NaN" },
  { config: { maxStored: -1 }, says: "maxStored of config is -1" },
  { config: { maxFrameBytes: Infinity }, says: "maxFrameBytes of config is Infinity" },
  { config: { handshakeTimeout: Duration.infinity }, says: "handshakeTimeout of config is Infinity" },
  { config: { maxStoredFor: Duration.seconds(-1) }, says: "maxStoredFor of config is -1s" }
])("a peer dies at once: $says", function*({ config, says }) {
  assert.include(yield* Misuse.sentence(peer(1, undefined, { config })), `The option ${says}. Give `)
})
