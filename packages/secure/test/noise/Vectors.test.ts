/** Sessions with fixed secrets, as `snow` and `noiseprotocol` have them: packages/interop makes the fixture. */
import { assert, describe, it } from "@effect/vitest"
import { type Cipher, Crypto, Handshake } from "@peerage/secure"
import { PeerKey } from "@peerage/transport"
import { Result, Schema } from "effect"
import { readFileSync } from "node:fs"
import { hex, layers } from "../Layers.ts"

const Hexadecimal = Schema.String
const Fixture = Schema.fromJsonString(Schema.Array(Schema.Struct({
  suite: Schema.Literals(Crypto.suites),
  prologue: Hexadecimal,
  interval: Schema.Int,
  /** The initiator's static and ephemeral secret, then the responder's. */
  secrets: Schema.Tuple([Hexadecimal, Hexadecimal, Hexadecimal, Hexadecimal]),
  lengths: Schema.Array(Schema.Int),
  messages: Schema.Tuple([Hexadecimal, Hexadecimal, Hexadecimal]),
  hash: Hexadecimal,
  records: Schema.Array(Hexadecimal)
})))

const file = new URL("../fixtures/noise.json", import.meta.url)
const sessions = Schema.decodeSync(Fixture)(readFileSync(file, "utf8"))
type Session = typeof sessions[number]

const end = (crypto: Crypto.Primitives, secret: string, ephemeral: string, { interval, prologue, suite }: Session) => {
  const fixed: Crypto.Primitives = { ...crypto, random: () => hex(ephemeral) }
  const identity = crypto.keyPair(hex(secret))
  const options = { suite, identity, prologue: hex(prologue), rekeyInterval: interval }
  return {
    key: PeerKey.fromBytes(identity.publicKey),
    initiate: () => Handshake.initiate(fixed, options),
    respond: () => Handshake.respond(fixed, options)
  }
}

const seals = (cipher: Cipher.Cipher, number: number, { lengths, records }: Session) => {
  const plain = Uint8Array.from({ length: lengths[number] ?? 0 }, (_, at) => number + at)
  assert.deepStrictEqual(cipher.sealed(plain), hex(records[number] ?? ""), `record ${number}`)
}

const opens = (cipher: Cipher.Cipher, number: number, { lengths, records }: Session) => {
  const plain = Uint8Array.from({ length: lengths[number] ?? 0 }, (_, at) => number + at)
  assert.deepStrictEqual(cipher.open(hex(records[number] ?? "")), plain, `record ${number}`)
}

describe.each(layers)("with $name", ({ crypto }) => {
  it.each(sessions)("the initiator of session $suite $hash says and takes what others do", (session) => {
    const [secret, ephemeral, theirs, theirEphemeral] = session.secrets
    const [first, second, third] = session.messages
    const initiator = end(crypto, secret, ephemeral, session).initiate()
    assert.deepStrictEqual(initiator.first, hex(first))
    const { finish, key } = Result.getOrThrow(initiator.read(hex(second)))
    assert.strictEqual(key, end(crypto, theirs, theirEphemeral, session).key)
    const established = finish()
    assert.deepStrictEqual(established.third, hex(third))
    assert.deepStrictEqual(established.hash, hex(session.hash))
    for (const number of session.records.keys()) {
      if (number % 2 === 0) seals(established.send, number, session)
      else opens(established.receive, number, session)
    }
  })

  it.each(sessions)("the responder of session $suite $hash says and takes what others do", (session) => {
    const [theirs, theirEphemeral, secret, ephemeral] = session.secrets
    const [first, second, third] = session.messages
    const responded = Result.getOrThrow(end(crypto, secret, ephemeral, session).respond().read(hex(first)))
    assert.deepStrictEqual(responded.second, hex(second))
    const established = Result.getOrThrow(responded.read(hex(third)))
    assert.strictEqual(established.key, end(crypto, theirs, theirEphemeral, session).key)
    assert.deepStrictEqual(established.hash, hex(session.hash))
    for (const number of session.records.keys()) {
      if (number % 2 === 0) opens(established.receive, number, session)
      else seals(established.send, number, session)
    }
  })
})

it.each(Crypto.suites)("the fixture has records of %s on both sides of a rekey, in both directions", (name) => {
  const ofSuite = sessions.filter(({ suite }) => suite === name)
  assert.isTrue(ofSuite.some(({ interval, records }) => records.length > 4 * interval))
})
