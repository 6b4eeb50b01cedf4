/**
 * Bounds the connections that have not yet shown who they are, in all and from one address. A connection gives its place
 * back when its handshake is over, so that strangers keep out strangers only.
 */
import { Effect, Schema } from "effect"

/** A limit was reached; `of` names what is limited, as in "joiners". */
export class TooMany extends Schema.TaggedError<TooMany>()("TooMany", { of: Schema.String, limit: Schema.Int }) {
  override get message() {
    return `Too many ${this.of}: the limit is ${this.limit}.`
  }
}

/** Counts the handshakes that are under way. */
export interface HandshakeLimit {
  /** Runs a handshake with a connection from `host`. Fails with `TooMany` instead where a limit is reached. */
  readonly withPermit: <A, E, R>(host: string, handshake: Effect.Effect<A, E, R>) => Effect.Effect<A, E | TooMany, R>
}

/** How many handshakes may be under way at once. */
export interface Limits {
  readonly maxHandshakes: number
  readonly maxHandshakesPerAddress: number
}

/** No handshake is under way yet. */
export const make = ({ maxHandshakes, maxHandshakesPerAddress }: Limits): HandshakeLimit => {
  const perHost = new Map<string, number>()
  let total = 0

  const acquire = (host: string): Effect.Effect<void, TooMany> =>
    Effect.suspend(() => {
      const there = perHost.get(host) ?? 0
      if (total >= maxHandshakes) return new TooMany({ of: "joiners", limit: maxHandshakes })
      if (there >= maxHandshakesPerAddress) {
        return new TooMany({ of: `joiners from ${host}`, limit: maxHandshakesPerAddress })
      }
      perHost.set(host, there + 1)
      total++
      return Effect.void
    })

  const release = (host: string) => {
    const there = perHost.get(host) ?? 1
    if (there === 1) perHost.delete(host)
    else perHost.set(host, there - 1)
    total--
  }

  return {
    withPermit: (host, handshake) =>
      Effect.acquireUseRelease(acquire(host), () => handshake, () => Effect.sync(() => release(host)))
  }
}
