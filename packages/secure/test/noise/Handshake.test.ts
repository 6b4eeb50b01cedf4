/** The handshake of both roles: what they agree on, and what becomes of everything else that may come. */
import { assert, describe, it } from "@effect/vitest"
import { Handshake } from "@peerage/secure"
import { NodeCrypto } from "@peerage/secure/node"
import { PeerKey } from "@peerage/transport"
import { Result } from "effect"

const { crypto } = NodeCrypto
const prologue = new TextEncoder().encode("PEERSEC1peerage")
const pair = () => crypto.keyPair(crypto.random(32))

const handshake = (initiatorPrologue = prologue) => {
  const identities = { initiator: pair(), responder: pair() }
  const initiator = Handshake.initiate(crypto, { identity: identities.initiator, prologue: initiatorPrologue })
  const responder = Handshake.respond(crypto, { identity: identities.responder, prologue })
  return { identities, initiator, responder }
}

describe("a handshake", () => {
  it("gives both ends each other's key, the same hash, and a cipher for each direction", () => {
    const { identities, initiator, responder } = handshake()
    const responded = Result.getOrThrow(responder.read(initiator.first))
    const answered = Result.getOrThrow(initiator.read(responded.second))
    const dialer = answered.finish()
    const listener = Result.getOrThrow(responded.read(dialer.third))

    assert.strictEqual(dialer.key, PeerKey.fromBytes(identities.responder.publicKey))
    assert.strictEqual(listener.key, PeerKey.fromBytes(identities.initiator.publicKey))
    assert.deepStrictEqual(dialer.hash, listener.hash)
    for (const [from, to] of [[dialer, listener], [listener, dialer]] as const) {
      const plain = crypto.random(100)
      assert.deepStrictEqual(to.receive.open(from.send.sealed(plain)), plain)
    }
  })
})
