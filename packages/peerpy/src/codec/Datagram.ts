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

/** A question, or an answer. */
export interface Datagram {
  readonly type: "PING" | "PONG"
  /** Where answers go, or where the peer that answers listens. */
  readonly address: PeerAddress.PeerAddress
  /** True for the plain form. A peer that asks in this form understands no other answer. */
  readonly plain?: boolean | undefined
}

const keys = { PING: "pinger", PONG: "ponger" } as const
const encoder = new TextEncoder()

/** Writes a datagram: 128 bytes, or its bare text in the plain form. An address always fits. */
export const encode = ({ address, plain, type }: Datagram): Uint8Array =>
  plain === true ? encoder.encode(`${type} ${address}`) : HeaderText.encode(`${type}|${keys[type]}=${address}`)

/** Reads a datagram in either form, padded or not. Unknown fields are ignored. */
export const decode = (bytes: Uint8Array): Result.Result<Datagram, HeaderText.MalformedHeader> =>
  Result.flatMap(Result.flatMap(HeaderText.decode(bytes), HeaderText.split), ({ fields, type }) => {
    const [word, plain] = type.split(" ", 2)
    if (word !== "PING" && word !== "PONG") return HeaderText.malformed("a type that does not exist")
    const key = keys[word]
    const text = plain ?? fields.get(key)
    if (text === undefined) return HeaderText.malformed(`${word} without ${key}`)
    const address = PeerAddress.parse(text)
    if (address === undefined) return HeaderText.malformed(`${word} with a ${key} that is none`)
    return Result.succeed<Datagram>({ type: word, address, ...plain === undefined ? {} : { plain: true } })
  })
