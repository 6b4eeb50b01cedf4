/** The other side of a dialogue that this peer begins: a peer or a bootstrap, and the way to it. */
import { Endpoint, type Options, type Request, type Transport } from "@peerage/transport"
import { ByteLink, LinkError } from "@peerage/wire"
import { type Duration, Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { encode, type Message } from "../codec/Message.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"

/** The way to others. */
export interface Way {
  readonly transport: Transport.Transport["Service"]
  readonly config: PyrateConfig
  /**
   * The address to dial from. Default: the system's choice. On a machine with several addresses a bootstrap lists the
   * one that it is dialed from, and a requester accepts connections back only from the address that it asked.
   */
  readonly from?: NetAddress.IpAddress | undefined
}

/** Where the other side listens, and the way to it. */
export interface Remote extends Way {
  readonly address: NetAddress.InetAddress
}

const optionsOf = ({ address, config: { connectTimeout }, from: host }: Remote, port = 0): Options.DialOptions => {
  // From a loopback address nothing leads to other machines.
  const leads = host !== undefined && (!NetAddress.isLoopback(host) || NetAddress.isLoopback(address.address))
  return { connectTimeout, from: leads ? { host, port } : { port } }
}

/** Dials, from a local `port` if one is given, for the scope's life. Fails with `Unreachable` without a connection. */
export const dial = (remote: Remote, port?: number) =>
  Effect.mapError(
    ByteLink.dial(remote.transport, remote.address, optionsOf(remote, port)),
    Endpoint.unreachable(remote.address)
  )

/**
 * Sends a message in one write on a connection of its own, and reads what comes back until that ends. Fails with
 * `Unreachable` without a connection.
 */
export const request = (remote: Remote, message: Message, options: Request.RequestOptions = {}) => {
  const all = { ...optionsOf(remote), answerWithin: remote.config.idleTimeout, ...options }
  return Effect.mapError(
    remote.transport.request(remote.address, encode(message), all),
    Endpoint.unreachable(remote.address)
  )
}

/** Fails with `PeerUnresponsive` where a step takes longer than `within` in all. `awaited` names what it waits for. */
export const within = <A, E, R>(step: Effect.Effect<A, E, R>, awaited: string, within: Duration.Duration) =>
  Effect.timeoutOrElse(step, {
    duration: within,
    orElse: () => Effect.fail(new LinkError.PeerUnresponsive({ awaited, within }))
  })
