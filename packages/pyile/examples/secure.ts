import { NodeRuntime } from "@effect/platform-node"
import { Admission, AuthPeer, PyileConfig } from "@peerage/pyile"
import { Gate, Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Console, Effect, Redacted, Stream } from "effect"

const passphrase = Redacted.make("between us")

const program = Effect.gen(function*() {
  const { maxLimbo } = PyileConfig.defaults
  const admission = yield* Admission.make(passphrase, { attempts: 5, banFor: "10 minutes", maxLimbo })
  const gate = yield* Gate.fromEffects(admission.gate)
  const identity = yield* Identity.generate
  const { sessions, transport } = yield* SecureTransport.make({ identity, passphrase, gate })
  const host = yield* Effect.provideService(
    AuthPeer.make({ password: passphrase, admission }),
    Transport.Transport,
    transport
  )
  yield* Console.log(`hosting with the key ${identity.key}`)
  // A key that was banned or kicked is not a member's any more: its sessions end too.
  yield* Stream.runForEach(
    host.events,
    (event) => event._tag === "Banned" && event.key !== undefined ? sessions.drop(event.key) : Effect.void
  )
})

Effect.scoped(program).pipe(Effect.provide([NodeTransport.layer, NodeCrypto.layer]), NodeRuntime.runMain)
