/** Each reason has its code and its sentence, which says what to do. */
import { assert, describe, it } from "@effect/vitest"
import { Identity, SecureError } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { PeerKey, SocketFailure } from "@peerage/transport"

const [own, other] = [1, 2].map((byte) => PeerKey.fromBytes(new Uint8Array(32).fill(byte)))
assert(own !== undefined && other !== undefined)

const fingerprint = (key: PeerKey.PeerKey) => Identity.fingerprint(NodeCrypto.primitives, key)
const { cases } = SecureError.Reason
const address = "192.0.2.1:4702"

const reasons: ReadonlyArray<readonly [reason: SecureError.Reason, sentence: string]> = [
  [cases.WrongPassphrase.make({}), "The passphrase is not the one this network uses."],
  [cases.NotMember.make({ own }), `This peer admits only keys it knows. Give it yours: ${own}.`],
  [cases.NotMember.make({}), `This peer admits only keys it knows. Allow ${other} if it may come in.`],
  [cases.Banned.make({}), "Refused: banned."],
  [cases.TooManyGuesses.make({}), "Refused: too many wrong passphrases from here, try again in 10 minutes."],
  [cases.Busy.make({}), "Refused: busy."],
  [
    Identity.mismatch(NodeCrypto.primitives, { expected: own, actual: other }),
    `Somebody else answers at ${address}: expected ${fingerprint(own)}, got ${fingerprint(other)}. Do not go on.`
  ],
  [cases.OwnKey.make({}), "Both ends have the same key. Give each peer a key file of its own."],
  [cases.PlainPeer.make({}), `${address} does not speak the secure protocol.`],
  [cases.OtherVersion.make({}), `${address} speaks another version of the secure protocol.`],
  [cases.Tampered.make({}), "The connection was tampered with, or the peer runs another protocol."],
  [cases.Truncated.make({}), "The connection was cut off."],
  [cases.HandshakeTimeout.make({}), "No secure answer in time (a plain peer that waits looks like this)."],
  [cases.ProtocolViolation.make({}), "The peer broke the protocol."]
]

describe("the error", () => {
  it.each(reasons)("of $_tag begins with its sentence", (reason, sentence) => {
    const error = new SecureError.SecureError({ reason, address, key: other })
    assert.strictEqual(error.message.slice(0, sentence.length), sentence)
    assert.match(error.message, /\.$/)
    assert.strictEqual(error.code, reason._tag)
    assert.strictEqual(SocketFailure.errno(SocketFailure.openFailed(error)), reason._tag)
  })

  it("has a sentence for every reason", () => {
    assert.deepStrictEqual(new Set(reasons.map(([{ _tag }]) => _tag)), new Set(Object.keys(cases)))
  })
})
