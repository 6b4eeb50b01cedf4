/**
 * The SHA-256 of a file, made of its pieces as they pass by. Portable code does it unless a platform's own is provided to
 * the peer that is made, which is some eight times as fast and shows with large files: with Node's,
 * `Effect.provideService(FilePeer.make(options), Sha256.Sha256, () => createHash("sha256"))`.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import { Context } from "effect"

/** A digest that is being made, in the shape of `node:crypto`'s `Hash`. */
export interface Hashing {
  /** Takes the next piece, at once. */
  readonly update: (piece: Uint8Array) => unknown
  /** What has been taken, as 64 lower-case hexadecimal digits. Ends the hashing. */
  readonly digest: (encoding: "hex") => string
}

const portable = (): Hashing => {
  const hash = sha256.create()
  return { update: (piece) => hash.update(piece), digest: () => bytesToHex(hash.digest()) }
}

/** Begins a digest. Whoever provides another must give the same digests: both ends of a transfer compare theirs. */
export const Sha256: Context.Reference<() => Hashing> = Context.Reference("@peerage/pyrate/Sha256", {
  defaultValue: () => portable
})
