/**
 * Somebody who shares nothing and registers nowhere: asks a bootstrap for peers, a peer for its list or a file, or all
 * of them for a name. Only a search has to be reachable, for as long as answers are waited for.
 */
import { Endpoint, PeerAddress, Transport } from "@peerage/transport"
import { Context, Effect, type FileSystem, Layer, type Path, type Scope, type Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { FileName } from "../codec/FileName.ts"
import * as ListFiles from "../exchange/ListFiles.ts"
import * as PeerList from "../exchange/PeerList.ts"
import * as PyrateConfig from "../PyrateConfig.ts"
import { AskError, type DownloadError, NoAddress, PeerError } from "../PyrateError.ts"
import type { PyrateEvent } from "../PyrateEvent.ts"
import * as CommandPool from "./CommandPool.ts"
import * as Events from "./Events.ts"
import * as Fetching from "./Fetching.ts"
import * as Neighbourhood from "./Neighbourhood.ts"
import * as Searching from "./Searching.ts"
import * as Serving from "./Serving.ts"
import type { SharedFiles } from "./SharedFiles.ts"

/** Where to put a file. */
export interface SavingOptions extends Fetching.DownloadOptions {
  readonly to: string
}

/** How to search without taking part. */
export interface SearchOptions {
  /** The bootstrap, as 192.0.2.1 or 192.0.2.1:21168. */
  readonly bootstrap: string
  /** Where the answers come to, as 192.0.2.2; without a port, or with 0, at a free one. */
  readonly listen: string
  /** The address by which others know this machine. Default: the one listened at; needed where that is 0.0.0.0. */
  readonly advertise?: string | undefined
  /** How far the search goes, in hops. Default: `maxTtl`. */
  readonly ttl?: number | undefined
  /** True in networks with original clients, which die of searches. Default false. */
  readonly legacy?: boolean | undefined
}

/** A search under way. */
export interface Search {
  /** Where the answers come to. */
  readonly self: PeerAddress.PeerAddress
  /** Peers that the bootstrap told of, at most `maxFanOut` of whom are asked. */
  readonly peers: ReadonlyArray<PeerAddress.PeerAddress>
  /** The answers as they come. Ends with the scope. */
  readonly hits: Stream.Stream<Searching.Hit>
}

/** What can be asked without taking part. */
export interface ClientService {
  /** Progress, hits and what was saved, from now on. Never fails, ends with the scope. */
  readonly events: Stream.Stream<PyrateEvent>
  /** Asks a bootstrap who is there. */
  readonly peers: (bootstrap: string) => Effect.Effect<ReadonlyArray<PeerAddress.PeerAddress>, AskError>
  /** Asks a peer for the names of its files. An original dies of the question. */
  readonly list: (peer: PeerAddress.PeerAddress) => Effect.Effect<ReadonlyArray<FileName>, AskError>
  /** Fetches a file from a peer. */
  readonly download: (
    peer: PeerAddress.PeerAddress,
    name: FileName,
    options: SavingOptions
  ) => Effect.Effect<Fetching.Saved, DownloadError>
  /** Searches for a file by its name, among the peers that a bootstrap tells of. */
  readonly search: (name: FileName, options: SearchOptions) => Effect.Effect<Search, PeerError, Scope.Scope>
}

/** A visitor of Pyrate networks. */
export class Client extends Context.Service<Client, ClientService>()("@peerage/pyrate/Client") {}

type Needs = Transport.Transport | FileSystem.FileSystem | Path.Path | Scope.Scope

/** Nobody who asks gets anything. */
const nothing = Effect.map(
  SubscriptionRef.make<ReadonlyArray<FileName>>([]),
  (names): SharedFiles => ({
    directory: "",
    names,
    has: () => false,
    rescan: Effect.succeed(false),
    open: () => Effect.undefined
  })
)

/** Lasts for the scope's life. */
export const make = Effect.fn("Client.make")(function*(
  overrides?: Partial<PyrateConfig.PyrateConfig>
): Effect.fn.Return<ClientService, never, Needs> {
  const transport = yield* Transport.Transport
  const config = PyrateConfig.make(overrides)
  const events = yield* Events.make(config.eventBuffer)
  const pool = CommandPool.make(config)
  const files = yield* nothing

  const peers = (address: NetAddress.InetAddressV4) =>
    PeerList.initiate({ transport, address, config }, config.maxPeers)

  const search = Effect.fn("Client.search")(
    function*(name: FileName, options: SearchOptions) {
      const bootstrap = yield* Effect.fromResult(Endpoint.address(options.bootstrap, Neighbourhood.defaultPort))
      const local = yield* Effect.fromResult(Endpoint.address(options.listen, 0))
      const known = yield* Effect.fromResult(Endpoint.address(options.advertise ?? NetAddress.formatHost(local), 0))
      if (NetAddress.isUnspecified(known.address)) {
        return yield* new NoAddress({ address: NetAddress.formatHost(known) })
      }
      const listener = yield* Endpoint.listen(transport, local, { maxConnections: config.maxHandshakes * 2 })
      const self = PeerAddress.at(NetAddress.formatHost(known), listener.address.port)
      const asked = (yield* peers(bootstrap)).filter((peer) =>
        peer !== self && !(options.legacy === true && PeerAddress.port(peer) === bootstrap.port)
      )
      const searching = yield* Searching.make({
        transport,
        self,
        config,
        events,
        pool,
        peers: () => asked,
        has: files.has
      })
      // Whoever takes no part passes nothing on.
      const own = { ...searching, heard: () => Effect.void }
      yield* Effect.forkScoped(Serving.run(listener, { transport, config, events, pool, files, searching: own }))
      return { self, peers: asked, hits: yield* searching.search(name, options.ttl ?? config.maxTtl) }
    },
    Effect.mapError((reason) => new PeerError({ reason }))
  )

  return {
    events: events.stream,
    peers: (bootstrap) =>
      Effect.fromResult(Endpoint.address(bootstrap, Neighbourhood.defaultPort)).pipe(
        Effect.flatMap(peers),
        Effect.mapError((reason) => new AskError({ reason }))
      ),
    list: (peer) =>
      ListFiles.initiate(transport, PeerAddress.toInet(peer), config).pipe(
        Effect.mapError((reason) => new AskError({ reason }))
      ),
    download: yield* Fetching.make({ transport, config, events, pool, directory: "" }),
    search
  }
})

/** Lasts for the layer's life. */
export const layer = (
  config?: Partial<PyrateConfig.PyrateConfig>
): Layer.Layer<Client, never, Transport.Transport | FileSystem.FileSystem | Path.Path> =>
  Layer.effect(Client, make(config))
