/** The handshake of both roles: what they agree on, and what becomes of everything else that may come. */
import { assert, describe, it } from "@effect/vitest"
import { Crypto, Handshake } from "@peerage/secure"
import { PeerKey } from "@peerage/transport"
import { Result } from "effect"
import { flipped, hex, layers, lowOrder, suites } from "../Layers.ts"

const prologue = new TextEncoder().encode("PEERSEC1peerage")

const reasonOf = (result: Result.Result<unknown, Handshake.Refusal>): string =>
  Result.isFailure(result) ? result.failure._tag : "none"

describe.each(suites)("a handshake, with $name", ({ crypto, suite }) => {
  const pair = () => crypto.keyPair(crypto.random(32))
  const identities = { initiator: pair(), responder: pair() }
  const initiate = (identity = identities.initiator, said = prologue) =>
    Handshake.initiate(crypto, { suite, identity, prologue: said })
  const respond = (identity = identities.responder) => Handshake.respond(crypto, { suite, identity, prologue })

  /** Both ends up to the second message. */
  const answered = (initiator = initiate(), responder = respond()) => {
    const responded = Result.getOrThrow(responder.read(initiator.first))
    return { initiator, responded }
  }

  /** Both ends up to the third message. */
  const finished = (initiator = initiate()) => {
    const { responded } = answered(initiator)
    return { responded, dialer: Result.getOrThrow(initiator.read(responded.second)).finish() }
  }

  it("gives both ends each other's key, the same hash, and a cipher for each direction", () => {
    const { dialer, responded } = finished()
    const listener = Result.getOrThrow(responded.read(dialer.third))
    assert.strictEqual(dialer.key, PeerKey.fromBytes(identities.responder.publicKey))
    assert.strictEqual(listener.key, PeerKey.fromBytes(identities.initiator.publicKey))
    assert.deepStrictEqual(dialer.hash, listener.hash)
    for (const [from, to] of [[dialer, listener], [listener, dialer]] as const) {
      const plain = crypto.random(100)
      const sealed = from.send.sealed(plain)
      assert.deepStrictEqual(to.receive.open(sealed), plain)
    }
  })

  it("tells the initiator who answers before it shows its own key", () => {
    const { initiator, responded } = answered()
    const { key } = Result.getOrThrow(initiator.read(responded.second))
    assert.strictEqual(key, PeerKey.fromBytes(identities.responder.publicKey))
  })

  it("opens no record at the end that sent it", () => {
    const { dialer } = finished()
    assert.isUndefined(dialer.receive.open(dialer.send.sealed(hex("01"))))
  })

  it("changes keys as both ends agree", () => {
    const options = { suite, prologue, rekeyInterval: 2 }
    const initiator = Handshake.initiate(crypto, { ...options, identity: identities.initiator })
    const responder = Handshake.respond(crypto, { ...options, identity: identities.responder })
    const { responded } = answered(initiator, responder)
    const dialer = Result.getOrThrow(initiator.read(responded.second)).finish()
    const listener = Result.getOrThrow(responded.read(dialer.third))
    for (let number = 0; number < 10; number++) {
      assert.deepStrictEqual(listener.receive.open(dialer.send.sealed(hex("01"))), hex("01"))
      assert.deepStrictEqual(dialer.receive.open(listener.send.sealed(hex("02"))), hex("02"))
    }
  })

  // Each bit where the primitives are quick, one of each byte where they are not.
  const bits = (length: number) =>
    Array.from({ length: length * 8 }, (_, bit) => bit).filter((bit) =>
      crypto === layers[0]?.crypto || (bit & 7) === (bit >> 3 & 7)
    )

  it("is found out at the initiator when a bit of the first message changes", () => {
    for (const bit of bits(Handshake.lengths.first)) {
      const initiator = initiate()
      const responded = Result.getOrThrow(respond().read(flipped(initiator.first, bit)))
      assert.strictEqual(reasonOf(initiator.read(responded.second)), "Tampered", `bit ${bit}`)
    }
  })

  it("is found out at the initiator when a bit of the second message changes", () => {
    for (const bit of bits(Handshake.lengths.second)) {
      const { initiator, responded } = answered()
      assert.strictEqual(reasonOf(initiator.read(flipped(responded.second, bit))), "Tampered", `bit ${bit}`)
    }
  })

  it("is found out at the responder when a bit of the third message changes", () => {
    for (const bit of bits(Handshake.lengths.third)) {
      const { dialer, responded } = finished()
      assert.strictEqual(reasonOf(responded.read(flipped(dialer.third, bit))), "Tampered", `bit ${bit}`)
    }
  })

  it("takes no message that is cut, or longer than it has to be", () => {
    const wrong = (message: Uint8Array) => [
      ...Array.from({ length: message.length }, (_, end) => message.subarray(0, end)),
      Uint8Array.of(...message, 0)
    ]
    const { initiator, responded } = answered()
    const { third } = finished().dialer
    for (const first of wrong(initiator.first)) assert.strictEqual(reasonOf(respond().read(first)), "ProtocolViolation")
    for (const second of wrong(responded.second)) {
      assert.strictEqual(reasonOf(initiate().read(second)), "ProtocolViolation")
    }
    for (const bytes of wrong(third)) {
      assert.strictEqual(reasonOf(answered().responded.read(bytes)), "ProtocolViolation")
    }
  })

  it("takes no message out of its turn", () => {
    const { dialer, responded } = finished()
    const { first } = initiate()
    assert.strictEqual(reasonOf(respond().read(responded.second)), "ProtocolViolation")
    assert.strictEqual(reasonOf(respond().read(dialer.third)), "ProtocolViolation")
    assert.strictEqual(reasonOf(initiate().read(first)), "ProtocolViolation")
    assert.strictEqual(reasonOf(initiate().read(dialer.third)), "ProtocolViolation")
    assert.strictEqual(reasonOf(answered().responded.read(first)), "ProtocolViolation")
    assert.strictEqual(reasonOf(answered().responded.read(responded.second)), "ProtocolViolation")
  })

  it("takes no message of another handshake", () => {
    const recorded = finished()
    assert.strictEqual(reasonOf(initiate().read(recorded.responded.second)), "Tampered")
    assert.strictEqual(reasonOf(answered().responded.read(recorded.dialer.third)), "Tampered")
  })

  it("fails between ends of different prologues", () => {
    const initiator = initiate(identities.initiator, new TextEncoder().encode("PEERSEC1pyile"))
    assert.strictEqual(reasonOf(initiator.read(answered(initiator).responded.second)), "Tampered")
  })

  it("fails between ends of different suites", () => {
    const [other = suite] = Crypto.suites.filter((name) => name !== suite)
    const initiator = Handshake.initiate(crypto, { suite: other, identity: identities.initiator, prologue })
    assert.strictEqual(reasonOf(initiator.read(answered(initiator).responded.second)), "Tampered")
  })

  it.each(lowOrder)("takes no ephemeral key of low order: %s", (point) => {
    const second = answered().responded.second
    second.set(hex(point))
    assert.strictEqual(reasonOf(respond().read(hex(point))), "ProtocolViolation")
    assert.strictEqual(reasonOf(initiate().read(second)), "ProtocolViolation")
  })

  /** Keys that nobody can have made: of low order, with the unused bit, beyond the field. */
  const forged = [...lowOrder, `${"22".repeat(31)}a2`, `f0${"ff".repeat(30)}7f`]

  it.each(forged)("takes nobody for the holder of the key %s", (point) => {
    const agree = () => new Uint8Array(32)
    const forger: Crypto.KeyPair = { publicKey: hex(point), agree }
    const responded = answered(initiate(), respond(forger))
    assert.strictEqual(reasonOf(responded.initiator.read(responded.responded.second)), "ProtocolViolation")
    const { dialer, responded: waiting } = finished(initiate(forger))
    assert.strictEqual(reasonOf(waiting.read(dialer.third)), "ProtocolViolation")
  })

  it("takes nobody for the holder of another's key", () => {
    const impostor: Crypto.KeyPair = { publicKey: identities.responder.publicKey, agree: pair().agree }
    const { initiator, responded } = answered(initiate(), respond(impostor))
    assert.strictEqual(reasonOf(initiator.read(responded.second)), "Tampered")
    const { dialer, responded: waiting } = finished(
      initiate({ ...impostor, publicKey: identities.initiator.publicKey })
    )
    assert.strictEqual(reasonOf(waiting.read(dialer.third)), "Tampered")
  })

  it("lets no step be taken twice, which would use nonces again", () => {
    const { initiator, responded } = answered()
    const next = Result.getOrThrow(initiator.read(responded.second))
    const { third } = next.finish()
    assert.throws(() => next.finish(), TypeError)
    assert.throws(() => initiator.read(responded.second), TypeError)
    Result.getOrThrow(responded.read(third))
    assert.throws(() => responded.read(third), TypeError)
    const responder = respond()
    responder.read(new Uint8Array(0))
    assert.throws(() => responder.read(initiate().first), TypeError)
  })

  it("is the same, byte for byte, from the same seed", () => {
    const run = () => {
      let drawn = 0
      const seeded: Crypto.Primitives = { ...crypto, random: (length) => new Uint8Array(length).fill(++drawn) }
      const initiator = Handshake.initiate(seeded, { suite, identity: identities.initiator, prologue })
      const responder = Handshake.respond(seeded, { suite, identity: identities.responder, prologue })
      const { second } = Result.getOrThrow(responder.read(initiator.first))
      const { hash, third } = Result.getOrThrow(initiator.read(second)).finish()
      return { first: initiator.first, second, third, hash }
    }
    assert.deepStrictEqual(run(), run())
  })
})
