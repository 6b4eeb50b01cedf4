/** The other side of a dialogue that this peer begins: a peer or a bootstrap, and the way to it. */
import { Endpoint, type Options, type Request, type Transport } from "@peerage/transport"
import { ByteLink } from "@peerage/wire"
import { Effect, type Scope } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import { encode, type Message } from "../codec/Message.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"

/** Where it listens, and how to reach it. */
export interface Remote {
  readonly transport: Transport.Transport["Service"]
  readonly address: NetAddress.InetAddress
  readonly config: PyrateConfig
}

/** Dials for the scope's life. Fails with `Unreachable` where there is no connection. */
export const dial = (
  { address, config, transport }: Remote,
  options: Options.DialOptions = {}
): Effect.Effect<ByteLink.ByteLink, Endpoint.Unreachable | SocketError, Scope.Scope> =>
  Effect.mapError(
    ByteLink.dial(transport, address, { connectTimeout: config.connectTimeout, ...options }),
    Endpoint.unreachable(address)
  )

/** Sends a message in one write on a connection of its own, and reads what comes back until that ends. */
export const request = (
  { address, config, transport }: Remote,
  message: Message,
  options: Request.RequestOptions = {}
): Effect.Effect<Request.Answer, Endpoint.Unreachable | SocketError> =>
  Effect.mapError(
    transport.request(address, encode(message), {
      connectTimeout: config.connectTimeout,
      answerWithin: config.idleTimeout,
      ...options
    }),
    Endpoint.unreachable(address)
  )
