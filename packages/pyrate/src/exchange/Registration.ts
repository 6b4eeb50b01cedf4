/**
 * Being listed by a bootstrap: one message each, without an answer.
 *
 *     peer                         bootstrap
 *       0:5005              -->                    registers (the source address, 5005)
 *       3:5005              -->                    is still there
 *       2:5005              -->                    unregisters
 *
 * Quirk: an original bootstrap dies of an empty connection and reads a message with one recv of 100 bytes, so that each
 * is one write. (PYRATE.md, section 1.)
 */
import { Endpoint, type Transport } from "@peerage/transport"
import { Effect } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import { encode } from "../codec/Message.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import type { AskError } from "../PyrateError.ts"

/** A bootstrap, and the way to it. */
export interface Bootstrap {
  readonly transport: Transport.Transport["Service"]
  readonly address: NetAddress.InetAddress
  readonly config: PyrateConfig
}

const tell = (kind: "Register" | "KeepAlive" | "Unregister") =>
(
  { address, config, transport }: Bootstrap,
  port: number
): Effect.Effect<void, AskError["reason"]> =>
  transport.request(address, encode({ _tag: kind, port }), {
    connectTimeout: config.connectTimeout,
    // It ends the connection when it has read the message; what comes before that end would not be read.
    answerWithin: config.idleTimeout
  }).pipe(Effect.mapError(Endpoint.unreachable(address)), Effect.asVoid)

/** Registers the port at which this peer listens. */
export const register = tell("Register")
/** Says that the peer is still there. */
export const keepAlive = tell("KeepAlive")
/** Has the peer forgotten. */
export const unregister = tell("Unregister")
