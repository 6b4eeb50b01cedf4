/** No public value shows a secret: not to an inspection, not as JSON, not as text. */
import { assert, describe, it } from "@effect/vitest"
import { Cipher, Cpace, Crypto, Handshake, Identity, Invitation, SecureError } from "@peerage/secure"
import { KeyFile } from "@peerage/secure/node"
import { Redacted, Result } from "effect"
import * as Base64 from "effect/encoding/Base64"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Hex from "effect/encoding/Hex"
import { inspect } from "node:util"
import { suites } from "./Layers.ts"

const passphrase = "correct horse battery staple"

/** Primitives that keep every secret that is drawn or derived. */
const watched = (crypto: Crypto.Primitives) => {
  const secrets: Array<Uint8Array> = [new TextEncoder().encode(passphrase)]
  const keep = (bytes: Uint8Array) => {
    secrets.push(bytes.slice())
    return bytes
  }
  const primitives: Crypto.Primitives = {
    ...crypto,
    random: (length) => keep(crypto.random(length)),
    keyPair: (secret) => crypto.keyPair(keep(secret)),
    scale: (scalar, point) => crypto.scale(keep(scalar), point),
    hmac256: (key, bytes) => keep(crypto.hmac256(keep(key), bytes)),
    aead: {
      ChaChaPoly: (key) => crypto.aead.ChaChaPoly(keep(key)),
      AESGCM: (key) => crypto.aead.AESGCM(keep(key))
    }
  }
  return { primitives, secrets }
}

/** How bytes look in a text; eight of them are enough to know them by. */
const forms = (bytes: Uint8Array): ReadonlyArray<string> => {
  const begin = bytes.subarray(0, 8)
  return [
    Hex.encode(begin),
    Base64.encode(begin.subarray(0, 6)),
    Base64Url.encode(begin.subarray(0, 6)),
    [...begin].join(", "),
    [...begin].join(","),
    [...begin].map((byte, i) => `"${i}":${byte}`).join(","),
    [...begin].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")
  ]
}

/** Everything that can be read off a value without calling it. */
const shown = (value: unknown): string =>
  [
    inspect(value, { depth: Infinity, showHidden: true, maxArrayLength: null, maxStringLength: null, getters: true }),
    JSON.stringify(value, (_, part: unknown) => typeof part === "bigint" ? `${part}` : part),
    String(value),
    Object.prototype.toString.call(value)
  ].join("\n").replace(/\s+/g, " ")

describe.each(suites)("with $name, no secret is shown by", ({ crypto, suite }) => {
  const { primitives, secrets } = watched(crypto)
  const identity = Identity.fromSecret(primitives, Redacted.make(primitives.random(32)))
  const other = Identity.fromSecret(primitives, Redacted.make(primitives.random(32)))
  const end = (own: Identity.Identity) => ({
    suite,
    identity: Identity.keyPair(primitives, own),
    prologue: new Uint8Array(0),
    rekeyInterval: 1
  })

  const initiator = Handshake.initiate(primitives, end(identity))
  const responder = Handshake.respond(primitives, end(other))
  const responded = Result.getOrThrow(responder.read(initiator.first))
  const answered = Result.getOrThrow(initiator.read(responded.second))
  const dialer = answered.finish()
  const listener = Result.getOrThrow(responded.read(dialer.third))
  listener.receive.open(dialer.send.sealed(new Uint8Array(3)))

  const begin = (role: "initiator" | "responder") =>
    Cpace.begin(primitives, { role, passphrase: Redacted.make(passphrase), session: dialer.hash })
  const proofs = [begin("initiator"), begin("responder")] as const
  const agreement = proofs[0].agree(proofs[1].share)

  const key = identity.key
  const values = {
    identity,
    keyPair: Identity.keyPair(primitives, identity),
    aead: primitives.aead[suite](primitives.random(32)),
    cipher: new Cipher.Cipher(primitives, primitives.random(32), { suite }),
    initiator,
    responder,
    responded,
    answered,
    dialer,
    listener,
    proofs,
    agreement,
    invitation: { address: "192.0.2.1:4702", protocol: "pyile", key },
    mistake: Result.flip(Invitation.parse(`peerage://${passphrase}`)),
    error: new SecureError.SecureError({
      reason: Identity.mismatch(crypto, { expected: key, actual: other.key }),
      address: "192.0.2.1:4702",
      key
    }),
    fileError: new KeyFile.KeyFileError({ path: "/key", problem: "Malformed" })
  }

  it.each(Object.entries(values))("%s", (_, value) => {
    assert.isAbove(secrets.length, 20)
    const text = shown(value)
    for (const secret of secrets) for (const form of forms(secret)) assert.notInclude(text, form)
    assert.notInclude(text, passphrase)
  })

  it("anything but a plain value, whose secrets these tests see", () => {
    const [, secret] = secrets
    assert(secret !== undefined)
    const plain = { nested: [{ secret }] }
    assert.isTrue(forms(secret).some((form) => shown(plain).includes(form)))
    assert.isTrue(forms(secret).some((form) => JSON.stringify(plain).includes(form)))
    assert.isTrue(forms(secret).some((form) => shown({ key: Base64Url.encode(secret) }).includes(form)))
  })
})
