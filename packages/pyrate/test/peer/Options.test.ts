/** Options that would turn a limit off. */
import { assert } from "@effect/vitest"
import { BootstrapNode, Client, FilePeer } from "@peerage/pyrate"
import { Misuse } from "@peerage/testing"
import { Duration, Effect } from "effect"
import { folder } from "./Folder.ts"
import { hub, name, on, peerAt, simulated } from "./Network.ts"

simulated("dies at once for what no node, peer or client can be told", function*() {
  const { directory } = yield* folder
  const shared = { bootstrap: hub, listen: hub, directory }
  const strange: object = { directory: 7, legacy: "yes" }
  const client = yield* on(hub, Client.make())
  const sentences = yield* Effect.forEach([
    on(hub, BootstrapNode.make({ config: { maxRegistrations: NaN } })),
    on(hub, BootstrapNode.make({ config: { expiry: Duration.infinity } })),
    on(hub, FilePeer.make({ ...shared, config: { maxWorkers: -1 } })),
    on(hub, FilePeer.make({ ...shared, config: { rescan: Duration.zero } })),
    on(hub, FilePeer.make({ ...shared, ...strange })),
    on(hub, Client.make({ connectTimeout: Duration.millis(-1) })),
    client.search(name("song.txt"), { bootstrap: hub, listen: hub, ttl: NaN }),
    client.download(peerAt(2), name("song.txt"), { to: directory, ...JSON.parse("{\"replace\": \"yes\"}") })
  ], (effect) => Misuse.sentence<unknown, unknown, Effect.Services<typeof effect>>(effect))
  assert.deepStrictEqual(sentences.map((sentence) => sentence.slice(0, sentence.indexOf(". Give"))), [
    "The option maxRegistrations of config is NaN",
    "The option expiry of config is Infinity",
    "The option maxWorkers of config is -1",
    "The option rescan of config is 0",
    "The option legacy of FilePeer.make is \"yes\"",
    "The option connectTimeout of config is -1ms",
    "The option ttl of Client.search is NaN",
    "The option replace of a download is \"yes\""
  ])
})
