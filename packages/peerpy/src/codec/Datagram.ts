/**
 * The datagrams of discovery (docs/wire/peerpy.md, section 6).
 *
 *     PING|pinger=10.77.0.1:1024||||...         which peers are there? Answers go to the address inside
 *     PONG|ponger=10.77.0.2:20042|||...         a peer that takes connections at that address
 *
 * The manual, and the releases of its time, have them plain: `PING 10.77.0.1:1024`, without padding.
 */
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Result } from "effect"
import * as HeaderText from "./HeaderText.ts"

/** True for the plain form. A peer that asks in this form understands no other answer. */
interface Form {
  readonly plain?: boolean | undefined
}

/** A question, or an answer that says where the peer that gives it listens. */
export type Datagram =
  | { readonly _tag: "Ping"; readonly pinger: PeerAddress.PeerAddress } & Form
  | { readonly _tag: "Pong"; readonly ponger: PeerAddress.PeerAddress } & Form

const encoder = new TextEncoder()

/** Writes a datagram: 128 bytes, or its bare text in the plain form. An address always fits. */
export const encode = (datagram: Datagram): Uint8Array => {
  const [word, key, address] = datagram._tag === "Ping"
    ? ["PING", "pinger", datagram.pinger]
    : ["PONG", "ponger", datagram.ponger]
  return datagram.plain === true
    ? encoder.encode(`${word} ${address}`)
    : Result.getOrThrow(HeaderText.encode(word, { [key]: address }))
}

/** Reads a datagram in either form, padded or not. Unknown fields are ignored. */
export const decode = (bytes: Uint8Array): Result.Result<Datagram, HeaderText.MalformedHeader> =>
  Result.flatMap(Result.flatMap(HeaderText.decode(bytes), HeaderText.split), ({ fields, type }) => {
    const [word, plain] = type.split(" ", 2)
    if (word !== "PING" && word !== "PONG") return HeaderText.malformed("a type that does not exist")
    const key = word === "PING" ? "pinger" : "ponger"
    const text = plain ?? fields.get(key)
    if (text === undefined) return HeaderText.malformed(`${word} without ${key}`)
    const address = PeerAddress.parse(text)
    if (address === undefined) return HeaderText.malformed(`${word} with a ${key} that is none`)
    const form = plain === undefined ? {} : { plain: true }
    return Result.succeed<Datagram>(
      word === "PING" ? { _tag: "Ping", pinger: address, ...form } : { _tag: "Pong", ponger: address, ...form }
    )
  })
