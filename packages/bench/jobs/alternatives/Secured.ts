/** Makes a program's transport secure where it is told so. Both sides know each other's keys. */
import { Crypto, Identity, SecureTransport } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { Transport } from "@peerage/transport"
import { Effect, Redacted, type Scope } from "effect"
import type { Facts } from "../../src/Facts.ts"

const identity = (side: number) =>
  Identity.fromSecret(NodeCrypto.primitives, Redacted.make(new Uint8Array(32).fill(side)))

const sides = { serve: 1, drive: 2 } as const

/** Limits that are below what is measured. */
const config = {
  carriersPerSecond: 1_000_000,
  maxHandshakes: 1000,
  maxHandshakesPerAddress: 1000,
  maxSessionsPerKey: 1_000_000,
  idle: "1 hour"
} as const

const secured = ({ apart }: Facts, side: keyof typeof sides) =>
  SecureTransport.make({
    identity: identity(sides[side]),
    keys: [identity(sides.serve).key, identity(sides.drive).key],
    multiplex: apart !== 1,
    config
  }).pipe(Effect.map(({ transport }) => transport), Effect.provideService(Crypto.Crypto, NodeCrypto.primitives))

/** Provides the transport of a side: `secured` makes it secure, and `apart` gives each dial a session of its own. */
export const over = (given: Facts, side: keyof typeof sides) =>
<A, E, R>(
  program: Effect.Effect<A, E, R | Transport.Transport>
): Effect.Effect<A, E, Exclude<R, Transport.Transport> | Transport.Transport | Scope.Scope> =>
  Effect.provideServiceEffect(
    program,
    Transport.Transport,
    given["secured"] === 1 ? secured(given, side) : Transport.Transport
  )
