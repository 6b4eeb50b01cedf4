/** Both layers of primitives, which must do the same, and what their tests share. */
import { Crypto } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { PortableCrypto } from "@peerage/secure/portable"
import { Result } from "effect"
import * as Hex from "effect/encoding/Hex"

/** Bytes of hexadecimal text, in which spaces do not count. */
export const hex = (text: string): Uint8Array => Result.getOrThrow(Hex.decode(text.replace(/\s/g, "").toLowerCase()))

/** Both layers, by name. */
export const layers: ReadonlyArray<{ readonly name: string; readonly crypto: Crypto.Primitives }> = [
  { name: "OpenSSL", crypto: NodeCrypto.primitives },
  { name: "plain JavaScript", crypto: PortableCrypto.primitives }
]

/** Each layer with each suite. */
export const suites = layers.flatMap(({ crypto, name }) =>
  Crypto.suites.map((suite) => ({ name: `${name} and ${suite}`, crypto, suite }))
)

/** Points of X25519 that give zero with every scalar, as hexadecimal text: u0 to u5 and u7 of the CPace draft. */
export const lowOrder = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
]

/** The same bytes with one bit changed. */
export const flipped = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, i) => i === bit >> 3 ? byte ^ 1 << (bit & 7) : byte)
