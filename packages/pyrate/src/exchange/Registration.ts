/**
 * Being listed by a bootstrap: one message each, without an answer.
 *
 *     peer                         bootstrap
 *       0:5005              -->                    registers (the source address, 5005)
 *       3:5005              -->                    is still there
 *       2:5005              -->                    unregisters
 *
 * Quirk: an original bootstrap dies of an empty connection and reads a message with one recv of 100 bytes, so each is
 * one write. (docs/wire/pyrate.md, section 1.)
 */
import { PeerAddress } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Message } from "../codec/Message.ts"
import type { AskError } from "../PyrateError.ts"
import * as Remote from "./Remote.ts"

/** The messages about a registration. */
export type Registration = Extract<Message, { readonly _tag: "Register" | "KeepAlive" | "Unregister" }>

/** Sends the message about the peer that listens at `port`, and waits until the bootstrap ends the connection. */
export const initiate = (
  bootstrap: Remote.Remote,
  kind: Registration["_tag"],
  port: number
): Effect.Effect<void, AskError["reason"]> => Effect.asVoid(Remote.request(bootstrap, { _tag: kind, port }))

/** Tells whom a message is about: the peer at the address that it came from, at the port that it names. No answer. */
export const respond = (remote: NetAddress.InetAddress, { port }: Registration): PeerAddress.PeerAddress =>
  PeerAddress.at(NetAddress.formatHost(remote), port)
