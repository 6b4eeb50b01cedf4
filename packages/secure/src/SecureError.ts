/** Why there is no secure connection, or no longer one. Every message is a sentence for a person. */
import * as PeerKey from "@peerage/transport/PeerKey"
import { Schema } from "effect"

/** What happened, by its tag. Which end knows which of them is in the package's README. */
export const Reason = Schema.TaggedUnion({
  /** A tag that proves the passphrase is wrong, at either end. */
  WrongPassphrase: {},
  /** There is no passphrase here, or there, and the key is not an admitted one. The dialer knows its `own` key. */
  NotMember: { own: Schema.optionalKey(PeerKey.PeerKey) },
  /** The key or the address is banned. */
  Banned: {},
  /** Too many wrong passphrases came from the address. */
  TooManyGuesses: {},
  /** Too many are being admitted, or too many wrong passphrases came in all. */
  Busy: {},
  /** Another key answered than the one that is pinned to the address, and what people compare of both. */
  KeyMismatch: {
    expected: PeerKey.PeerKey,
    actual: PeerKey.PeerKey,
    fingerprints: Schema.Struct({ expected: Schema.String, actual: Schema.String })
  },
  /** The other end has this end's own key. */
  OwnKey: {},
  /** The first bytes are those of another protocol. */
  PlainPeer: {},
  /** The first bytes are those of another version of this one. */
  OtherVersion: {},
  /** A message or a record does not open: changed, replayed, reflected, or of another context. */
  Tampered: {},
  /** The connection ended without its last record. */
  Truncated: {},
  /** The handshake and the admission took too long. */
  HandshakeTimeout: {},
  /** The peer sent what the protocol does not allow. */
  ProtocolViolation: {}
})
export type Reason = typeof Reason.Type

const describe = ({ address, key, reason }: SecureError): string =>
  Reason.match(reason, {
    WrongPassphrase: () => "The passphrase is not the one this network uses. Check it before you try again.",
    NotMember: ({ own }) =>
      own === undefined
        ? `This peer admits only keys it knows. Allow ${key ?? "the other's key"} if it may come in.`
        : `This peer admits only keys it knows. Give it yours: ${own}.`,
    Banned: () => "Refused: banned. Ask for the ban to be lifted.",
    TooManyGuesses: () => "Refused: too many wrong passphrases from here, try again in 10 minutes.",
    Busy: () => "Refused: busy. Try again in a minute.",
    KeyMismatch: ({ fingerprints: { actual, expected } }) =>
      `Somebody else answers at ${address}: expected ${expected}, got ${actual}. Do not go on.`,
    OwnKey: () => "Both ends have the same key. Give each peer a key file of its own.",
    PlainPeer: () =>
      `${address} does not speak the secure protocol. Check the address, or that it was started with it.`,
    OtherVersion: () => `${address} speaks another version of the secure protocol. Use the same release at both ends.`,
    Tampered: () =>
      "The connection was tampered with, or the peer runs another protocol. Check that both ends run the same one.",
    Truncated: () => "The connection was cut off. Try again.",
    HandshakeTimeout: () =>
      "No secure answer in time (a plain peer that waits looks like this). Check that it was started with encryption.",
    ProtocolViolation: () => "The peer broke the protocol. Use the same release at both ends."
  })

/**
 * There is no secure connection with the peer at `address`. `key` is the peer's, where it is known. `code` is the reason's
 * tag, which is what `SocketFailure.errno` gives for a dial that failed with it.
 */
export class SecureError extends Schema.TaggedError<SecureError>()("SecureError", {
  reason: Reason,
  address: Schema.String,
  key: Schema.optionalKey(PeerKey.PeerKey)
}) {
  get code(): Reason["_tag"] {
    return this.reason._tag
  }
  override get message() {
    return describe(this)
  }
}
