/** What all parts of a peer share, and the address at which it is reached. */
import { Endpoint, OptionValue, PeerAddress, Transport } from "@peerage/transport"
import { Budget, Events } from "@peerage/wire"
import { Effect, type FileSystem, type Path, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Way } from "../exchange/Remote.ts"
import * as PyrateConfig from "../PyrateConfig.ts"
import { NoAddress } from "../PyrateError.ts"
import type { PyrateEvent } from "../PyrateEvent.ts"
import * as CommandPool from "./CommandPool.ts"

/** The services that a peer and a client need. */
export type Needs = Transport.Transport | FileSystem.FileSystem | Path.Path

/** What all parts of a peer share. */
export interface PeerContext extends Way {
  /** The memory for answers that are not read. */
  readonly budget: Budget.Budget
  readonly events: Events.Events<PyrateEvent>
  readonly pool: CommandPool.CommandPool
}

/** What a name takes in a list of all, beside the name, about. */
const bytesPerName = 16

const sizeOf = (event: PyrateEvent): number =>
  bytesPerName * (event._tag === "Shared" ? event.files.length : event._tag === "Peers" ? event.peers.length : 0)

/** Lasts for the scope's life; then the stream of events ends. */
export const make = Effect.fnUntraced(function*(
  overrides?: Partial<PyrateConfig.PyrateConfig>
): Effect.fn.Return<PeerContext, never, Transport.Transport | Scope.Scope> {
  const config = PyrateConfig.make(overrides)
  return {
    transport: yield* Transport.Transport,
    config,
    budget: yield* Budget.make(config.maxHeldBytes),
    events: yield* Events.make<PyrateEvent>({ buffer: config.eventBuffer, maxBytes: config.maxEventBytes, sizeOf }),
    pool: yield* CommandPool.make(config)
  }
})

/** Where a peer is reached, and in which network. */
export interface NetworkOptions {
  /** The bootstrap, as 192.0.2.1, 192.0.2.1:21168 or an address. */
  readonly bootstrap: string | NetAddress.InetAddress
  /** Where to listen, as 192.0.2.2:5005 or an address; without a port, or with 0, at a free one. */
  readonly listen: string | NetAddress.InetAddress
  /**
   * The address at which others reach this peer. Default: the one it listens at; where that is 0.0.0.0, the address of
   * this machine that leads to the bootstrap.
   */
  readonly advertise?: string | NetAddress.InetAddress | undefined
  /**
   * True in networks with original clients, which die of lists, searches and answers to theirs. The peer then sends
   * none to likely originals, the peers at the bootstrap's port, and does not answer a search with an id as originals
   * make it. Default false.
   */
  readonly legacy?: boolean | undefined
}

/** What the options of a network may be, beside its addresses. */
export const values = { legacy: OptionValue.flag }

/** Whether a peer of the network of `bootstrap` is likely to be an original, which is spared. */
export const isLikelyOriginal =
  ({ legacy }: NetworkOptions, bootstrap: NetAddress.InetAddress) => (peer: PeerAddress.PeerAddress): boolean =>
    legacy === true && PeerAddress.port(peer) === bootstrap.port

/** Opens a listener for requests, for the scope's life. */
export const open = (
  { config: { maxHandshakes, maxServed, maxWaiting }, transport }: PeerContext,
  local: NetAddress.InetAddress
) =>
  // Requests, transfers, and what waits. As many as have sent no request may have lost their places and still end.
  Endpoint.listen(transport, local, { maxConnections: 2 * (maxHandshakes + maxServed + maxWaiting) })

/** The address at which others reach a peer that listens at `local`; `undefined` where no route leads to the bootstrap. */
const knownAt = Effect.fnUntraced(function*(
  { transport }: PeerContext,
  { advertise, bootstrap }: NetworkOptions,
  local: NetAddress.InetAddress
) {
  if (advertise !== undefined) return (yield* Effect.fromResult(Endpoint.address(advertise, 0))).address
  if (!NetAddress.isUnspecified(local.address)) return local.address
  return yield* transport.route((yield* Effect.fromResult(Endpoint.address(bootstrap, anyPort))).address)
})

// The bootstrap's port does not matter for the way there.
const anyPort = 1

/** Listens for the scope's life. `self` is where others reach the peer. Fails also where there is no such address. */
export const listen = Effect.fnUntraced(function*(context: PeerContext, options: NetworkOptions) {
  const local = yield* Effect.fromResult(Endpoint.address(options.listen, 0))
  const known = yield* knownAt(context, options, local)
  const host = NetAddress.formatIp(known ?? local.address)
  if (known === undefined || NetAddress.isUnspecified(known)) return yield* new NoAddress({ address: host })
  const listener = yield* open(context, local)
  const { address } = listener
  return { listener, address, self: PeerAddress.at(host, address.port) }
})
