/**
 * The SHA-256 of a file, computed piece by piece. The default is portable code; a platform's own is some eight times as
 * fast, which matters with large files. With Node's:
 * `Effect.provideService(FilePeer.make(options), Sha256.Sha256, () => createHash("sha256"))`.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import { Context } from "effect"

/** A digest in progress, in the shape of `node:crypto`'s `Hash`. */
export interface Hashing {
  /** Adds the next piece. Does not keep it. */
  readonly update: (piece: Uint8Array) => unknown
  /** The digest of all pieces, as 64 lower-case hexadecimal digits. Ends the hashing. */
  readonly digest: (encoding: "hex") => string
}

const portable = (): Hashing => {
  const hash = sha256.create()
  return { update: (piece) => hash.update(piece), digest: () => bytesToHex(hash.digest()) }
}

/** Begins a digest. Both ends of a transfer compare theirs, so every implementation must give the same. */
export const Sha256: Context.Reference<() => Hashing> = Context.Reference("@peerage/pyrate/Sha256", {
  defaultValue: () => portable
})
