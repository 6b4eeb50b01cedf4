import { assert, it } from "@effect/vitest"
import { AuthPeer, JoinPeer } from "@peerage/pyile"
import { Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { SeededCrypto } from "@peerage/secure/testing"
import { MemoryNetwork, MemoryTransport, Simulation } from "@peerage/transport"
import { Effect, Layer, Redacted, SubscriptionRef } from "effect"

/** A machine of the simulated network whose connections are encrypted, with chance of its own. */
const machine = (address: string, passphrase: string) =>
  Layer.unwrap(
    Effect.map(
      Identity.generate,
      (identity) => SecureTransport.layer({ identity, passphrase: Redacted.make(passphrase) })
    )
  ).pipe(
    Layer.provide([MemoryTransport.layer(address), SeededCrypto.layer(address).pipe(Layer.provide(NodeCrypto.layer))])
  )

const password = Redacted.make("sesame")
const join = JoinPeer.make({ host: "10.0.0.1", password })

it.effect("who knows the passphrase comes in, and nobody else", () =>
  Effect.gen(function*() {
    const host = yield* Effect.provide(AuthPeer.make({ password }), machine("10.0.0.1", "between us"))
    const friend = yield* Simulation.during("1 second", Effect.provide(join, machine("10.0.0.2", "between us")))
    const guess = Effect.provide(join, machine("10.0.0.3", "a guess"))
    const { reason } = yield* Effect.flip(Simulation.during("1 second", guess))
    assert.deepInclude(reason, { _tag: "Unreachable", code: "WrongPassphrase" })
    assert.deepStrictEqual(yield* SubscriptionRef.get(host.peers), [friend.self])
  }).pipe(Effect.provide(MemoryNetwork.layer({ link: { latency: "20 millis" } }))))
