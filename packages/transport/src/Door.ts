/**
 * The place in front of a peer: how many strangers may stand there at once, in all and from one address. Whoever has
 * shown who it is leaves it and makes room for others.
 */
import { Effect, Schema } from "effect"

/** A limit was reached; `of` says of what, as in "joiners". */
export class TooMany extends Schema.TaggedError<TooMany>()("TooMany", { of: Schema.String, limit: Schema.Int }) {
  override get message() {
    return `Too many ${this.of}: the limit is ${this.limit}.`
  }
}

/** A place at the door. Leaving twice is leaving once. */
export interface Place {
  readonly leave: () => void
}

/** The counter. */
export interface Door {
  /** Takes a place for a connection from `host`. Fails with `TooMany`. */
  readonly enter: (host: string) => Effect.Effect<Place, TooMany>
}

/** How many strangers may stand in front of a door. */
export interface Limits {
  readonly maxHandshakes: number
  readonly maxHandshakesPerAddress: number
}

/** A door with nobody in front of it. */
export const make = (limits: Limits): Door => {
  const standing = new Map<string, number>()
  let total = 0

  const leave = (host: string) => {
    const remaining = (standing.get(host) ?? 1) - 1
    if (remaining === 0) standing.delete(host)
    else standing.set(host, remaining)
    total--
  }

  return {
    enter: (host) =>
      Effect.suspend(() => {
        const there = standing.get(host) ?? 0
        if (total >= limits.maxHandshakes) return new TooMany({ of: "joiners", limit: limits.maxHandshakes })
        if (there >= limits.maxHandshakesPerAddress) {
          return new TooMany({ of: `joiners from ${host}`, limit: limits.maxHandshakesPerAddress })
        }
        standing.set(host, there + 1)
        total++
        let left = false
        return Effect.succeed({
          leave: () => {
            if (!left) leave(host)
            left = true
          }
        })
      })
  }
}
