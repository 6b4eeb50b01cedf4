/** Secures transports of tests: a key for each, one passphrase for all, and chance from a seed. */
import { Crypto, Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { SeededCrypto } from "@peerage/secure/testing"
import * as Transport from "@peerage/transport/Transport"
import { Effect, Redacted } from "effect"

const passphrase = Redacted.make("between us")

/**
 * A secure transport over another, with a key of its own that is drawn from `name`. Hosts of tests dial
 * themselves, and run many programs, each of which would have a key. UDP stays plain.
 */
export const over = Effect.fnUntraced(function*(raw: Transport.Transport["Service"], name: string) {
  const primitives = SeededCrypto.make(NodeCrypto.primitives, name)
  const identity = Identity.fromSecret(primitives, Redacted.make(primitives.random(32)))
  const { transport } = yield* SecureTransport.make({
    identity,
    passphrase,
    allowOwnKey: true,
    datagrams: "plain",
    config: { maxSessionsPerKey: 1024 }
  }).pipe(
    Effect.provideService(Transport.Transport, raw),
    Effect.provideService(Crypto.Crypto, primitives)
  )
  return transport
})
