/**
 * Limits the connections that are still in their handshake, in all and from one address. A connection counts until its
 * handshake is over, so unauthenticated connections can keep out each other but no established peer.
 */
import { Effect, Schema } from "effect"
import * as OptionValue from "./OptionValue.ts"

/** A limit was reached. `of` names what is limited, such as "joiners"; `limit` is how many are allowed. */
export class TooMany extends Schema.TaggedError<TooMany>()("TooMany", { of: Schema.String, limit: Schema.Int }) {
  override get message() {
    return `Too many ${this.of}: the limit is ${this.limit}. Try again later, or allow more.`
  }
}

/** Counts the handshakes that are under way. */
export interface HandshakeLimit {
  /**
   * Runs a handshake with a connection from `host`, an IP address. Fails with `TooMany`, without running it, when a
   * limit is reached.
   */
  readonly withPermit: <A, E, R>(host: string, handshake: Effect.Effect<A, E, R>) => Effect.Effect<A, E | TooMany, R>
}

/** How many handshakes may be under way at once. */
export interface Limits {
  /** Handshakes in all. */
  readonly maxHandshakes: number
  /** Handshakes with connections from one IP address. */
  readonly maxHandshakesPerAddress: number
}

const checkLimits = OptionValue.checkAll("HandshakeLimit.make", {
  maxHandshakes: OptionValue.count,
  maxHandshakesPerAddress: OptionValue.count
})

/** Creates a limit. No handshake counts yet. Throws an `InvalidOption` for a limit that cannot be. */
export const make = (limits: Limits): HandshakeLimit => {
  checkLimits(limits)
  const { maxHandshakes, maxHandshakesPerAddress } = limits
  const perHost = new Map<string, number>()
  let total = 0

  const acquire = (host: string): Effect.Effect<void, TooMany> =>
    Effect.suspend(() => {
      const fromHost = perHost.get(host) ?? 0
      if (total >= maxHandshakes) return new TooMany({ of: "joiners", limit: maxHandshakes })
      if (fromHost >= maxHandshakesPerAddress) {
        return new TooMany({ of: `joiners from ${host}`, limit: maxHandshakesPerAddress })
      }
      perHost.set(host, fromHost + 1)
      total++
      return Effect.void
    })

  const release = (host: string) => {
    const fromHost = perHost.get(host) ?? 1
    if (fromHost === 1) perHost.delete(host)
    else perHost.set(host, fromHost - 1)
    total--
  }

  return {
    withPermit: (host, handshake) =>
      Effect.acquireUseRelease(acquire(host), () => handshake, () => Effect.sync(() => release(host)))
  }
}
