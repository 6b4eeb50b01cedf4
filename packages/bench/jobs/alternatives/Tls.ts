/** What both sides of TLS need: version 1.3 alone, and a certificate each, which the other asks for. */
import { generateKeyPairSync, sign } from "node:crypto"
import type { TLSSocket } from "node:tls"

/** A DER value of up to 65,535 bytes. */
const der = (tag: number, ...parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Uint8Array.of(tag, ...size), content])
}
const sequence = (...parts: ReadonlyArray<Uint8Array>) => der(0x30, ...parts)

const ed25519 = Uint8Array.of(0x30, 5, 6, 3, 0x2b, 0x65, 0x70)
const time = (text: string) => der(0x17, Buffer.from(text))
const commonName = Uint8Array.of(6, 3, 0x55, 4, 3)
const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from("bench")))))

/** A key of this run, and a certificate that it signed itself. */
const certified = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  const body = sequence(
    der(2, Uint8Array.of(1)),
    ed25519,
    name,
    sequence(time("200101000000Z"), time("490101000000Z")),
    name,
    publicKey.export({ type: "spki", format: "der" })
  )
  const certificate = sequence(body, ed25519, der(3, Uint8Array.of(0), sign(null, body, privateKey)))
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    cert: `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificate).toString("base64")}\n-----END CERTIFICATE-----\n`
  }
}

/** Options of either side. Nobody vouches for the certificates: a peer is its key, as elsewhere. */
export const options = () => ({
  ...certified(),
  minVersion: "TLSv1.3",
  maxVersion: "TLSv1.3",
  rejectUnauthorized: false
} as const)

/** Dies when the other side has shown no certificate. */
export const check = (socket: TLSSocket): void => {
  if (socket.getPeerX509Certificate() === undefined) throw new Error("the other side has shown no certificate")
}
