/** A handshake, an admission and a record with the portable primitives; prints what both ends have in common. */
import { Cpace, Handshake } from "@peerage/secure"
import { PortableCrypto } from "@peerage/secure/portable"
import { SeededCrypto } from "@peerage/secure/testing"
import { Redacted, Result } from "effect"

const seeded = SeededCrypto.make(PortableCrypto.primitives, "portable")
const drawn = PortableCrypto.primitives.random(32).length

const end = () => ({
  suite: seeded.preferred,
  identity: seeded.keyPair(seeded.random(32)),
  prologue: new Uint8Array(0)
})
const initiator = Handshake.initiate(seeded, end())
const responded = Result.getOrThrow(Handshake.respond(seeded, end()).read(initiator.first))
const dialer = Result.getOrThrow(initiator.read(responded.second)).finish()
const listener = Result.getOrThrow(responded.read(dialer.third))

const passphrase = Redacted.make("a passphrase")
const first = Cpace.begin(seeded, { role: "initiator", passphrase, session: dialer.hash })
const second = Cpace.begin(seeded, { role: "responder", passphrase, session: listener.hash })
const tag = first.agree(second.share)?.tag ?? new Uint8Array(0)

const confirmed = second.agree(first.share)?.confirms(tag)
const opened = listener.receive.open(dialer.send.sealed(Uint8Array.of(1, 2, 3)))
console.log(JSON.stringify({ drawn, confirmed, opened: [...opened ?? []] }))
