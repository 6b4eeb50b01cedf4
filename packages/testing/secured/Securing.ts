/** Secures transports of tests: a key for each, one passphrase for all, and chance from a seed. */
import { Crypto, Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { SeededCrypto } from "@peerage/secure/testing"
import * as Transport from "@peerage/transport/Transport"
import { Effect, Redacted } from "effect"

const passphrase = Redacted.make("between us")

/** Chance for a machine with this name, from the beginning. */
const chanceOf = (name: string) => SeededCrypto.make(NodeCrypto.primitives, name)

const identityFrom = (primitives: ReturnType<typeof chanceOf>): Identity.Identity =>
  Identity.fromSecret(primitives, Redacted.make(primitives.random(32)))

/** The key of a machine with this name. */
export const identityOf = (name: string): Identity.Identity => identityFrom(chanceOf(name))

/**
 * A secure transport over another, with a key of its own that is drawn from `name`. Hosts of tests dial
 * themselves, and run many programs, each of which would have a key. UDP stays plain.
 */
export const over = Effect.fnUntraced(function*(
  raw: Transport.Transport["Service"],
  name: string,
  sendBuffer?: number
) {
  const primitives = chanceOf(name)
  const identity = identityFrom(primitives)
  const { transport } = yield* SecureTransport.make({
    identity,
    passphrase,
    allowOwnKey: true,
    datagrams: "plain",
    // One machine of a test is many programs, and many machines come at the same moment, whose handshakes take no time.
    config: {
      maxSessionsPerKey: 1024,
      maxStreams: 2048,
      maxSessionWindow: 2 * 2048 * 8192,
      maxHandshakes: 1024,
      ...(sendBuffer === undefined ? {} : { sendBuffer })
    }
  }).pipe(
    Effect.provideService(Transport.Transport, raw),
    Effect.provideService(Crypto.Crypto, primitives)
  )
  return transport
})
