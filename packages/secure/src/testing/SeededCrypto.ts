/**
 * Chance from a seed, for simulations: the same seed gives the same keys, and so the same bytes on the wire.
 *
 * For simulations only: whoever knows the seed knows all secrets.
 */
import { Effect, Layer } from "effect"
import { utf8 } from "../Bytes.ts"
import { Crypto, type Primitives } from "../Crypto.ts"

/** Other primitives with all that is random from `seed`: the hashes of the seed and a counter. */
export const make = (crypto: Primitives, seed: string | number): Primitives => {
  let counter = 0
  const random = (length: number): Uint8Array => {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) {
      bytes.set(crypto.sha256(utf8(`${seed}/${counter++}`)).subarray(0, length - at), at)
    }
    return bytes
  }
  return { ...crypto, random }
}

/** Replaces chance in the primitives of another layer. */
export const layer = (seed: string | number): Layer.Layer<Crypto, never, Crypto> =>
  Layer.effect(Crypto, Effect.map(Crypto, (crypto) => make(crypto, seed)))
