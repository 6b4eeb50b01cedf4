import { NodeRuntime } from "@effect/platform-node"
import { JoinPeer } from "@peerage/pyile"
import { Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Layer, Redacted } from "effect"

const passphrase = Redacted.make("acid-zebra-moon-lemon")

const program = Effect.gen(function*() {
  const peer = yield* JoinPeer.make({ host: "127.0.0.1:4702", password: passphrase })
  yield* peer.broadcast("nobody else can read this")
  return yield* peer.left
})

// All that is new: a layer between the program and its transport. The context is that of `peerage host`.
const secure = Layer.unwrap(
  Effect.map(Identity.generate, (identity) => SecureTransport.layer({ identity, passphrase, context: "pyile" }))
)

program.pipe(
  Effect.scoped,
  Effect.provide(secure.pipe(Layer.provide([NodeTransport.layer, NodeCrypto.layer]))),
  NodeRuntime.runMain
)
