/** How a console opens and closes, over real sockets. */
import { assert, describe } from "@effect/vitest"
import { AuthPeer } from "@peerage/pyile"
import { Effect, Layer, Redacted } from "effect"
import * as NodeConsole from "../src/node/NodeConsole.ts"
import * as Pyile from "../src/panels/Pyile.ts"
import { folder, live, passphrase, scene } from "./support/Served.ts"
import { call, dial, open } from "./support/Wire.ts"

describe("a console that closes", () => {
  live("tells an open page so, and does not wait for it to go", function*() {
    const { close, key, port } = yield* scene
    const [watching, idle] = [yield* open(port, key), yield* open(port, key)]
    watching.send(call(1, "Watch", { conversation: "", hidden: false }))
    yield* watching.hears(/"first":true/)
    yield* close
    yield* watching.hears(/"word":"left"/)
    assert.strictEqual(yield* watching.closed, 1001)
    yield* idle.closed
    assert.strictEqual(yield* dial("127.0.0.1", port), "ECONNREFUSED")
  })
})

describe("a console that cannot be opened says why", () => {
  live("where its port is taken", function*() {
    const { port } = yield* scene
    const { root } = yield* folder
    const peer = yield* AuthPeer.make({ listen: "127.0.0.1:0", password: Redacted.make(passphrase) })
    const { message } = yield* Effect.flip(Layer.build(NodeConsole.layer(Pyile.make(peer), { port, root })))
    assert.strictEqual(
      message,
      `127.0.0.1:${port} is in use by another program. Stop that program or choose another port.`
    )
  })

  live("where its page was not built", function*() {
    const peer = yield* AuthPeer.make({ listen: "127.0.0.1:0", password: Redacted.make(passphrase) })
    const { outside } = yield* folder
    const { message } = yield* Effect.flip(Layer.build(NodeConsole.layer(Pyile.make(peer), { port: 0, root: outside })))
    assert.strictEqual(
      message,
      "The console's page has not been built. Build it with: npm run prepare --workspace @peerage/console"
    )
  })
})
