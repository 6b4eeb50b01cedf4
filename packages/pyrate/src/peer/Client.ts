/**
 * A client that shares nothing and registers nowhere: it asks a bootstrap for peers, a peer for its list or a file, or
 * all of them for a name. Only a search has to be reachable, for as long as answers are awaited.
 */
import { Endpoint, PeerAddress, type Transport } from "@peerage/transport"
import { Context, Effect, type FileSystem, Layer, type Path, type Scope, type Stream } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { FileName } from "../codec/FileName.ts"
import * as Bootstrap from "../exchange/Bootstrap.ts"
import * as ListFiles from "../exchange/ListFiles.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { AskError, type DownloadError, PeerError } from "../PyrateError.ts"
import type { PyrateEvent } from "../PyrateEvent.ts"
import { defaultPort } from "./bootstrap/BootstrapSession.ts"
import * as Fetching from "./downloading/Fetching.ts"
import * as PeerContext from "./PeerContext.ts"
import * as Searching from "./searching/Searching.ts"
import * as Serving from "./sharing/Serving.ts"

/** How to search without taking part. Answers come to `listen`. */
export interface SearchOptions extends PeerContext.ListenOptions {
  /** The bootstrap, as 192.0.2.1, 192.0.2.1:21168 or an address. */
  readonly bootstrap: string | NetAddress.InetAddress
  /** How far the search goes, in hops. Default: `maxTtl`. */
  readonly ttl?: number | undefined
  /** True in networks with original clients, which die of searches. Default false. */
  readonly legacy?: boolean | undefined
}

/** A search under way. */
export interface Search {
  /** Where the answers come to. */
  readonly self: PeerAddress.PeerAddress
  /** Peers that the bootstrap named. At most `maxFanOut` of them are asked. */
  readonly peers: ReadonlyArray<PeerAddress.PeerAddress>
  /** The answers as they come. Ends with the scope. */
  readonly hits: Stream.Stream<Searching.Hit>
}

/** What can be asked without taking part. */
export interface ClientService {
  /** Progress, Hit and Saved, from now on. Never fails, ends with the scope. */
  readonly events: Stream.Stream<PyrateEvent>
  /** Asks a bootstrap for peers. */
  readonly peers: (
    bootstrap: string | NetAddress.InetAddress
  ) => Effect.Effect<ReadonlyArray<PeerAddress.PeerAddress>, AskError>
  /** Asks a peer for the names of its files. An original dies of the question. */
  readonly list: (peer: PeerAddress.PeerAddress) => Effect.Effect<ReadonlyArray<FileName>, AskError>
  /** Fetches a file from a peer into the directory `to`. */
  readonly download: (
    peer: PeerAddress.PeerAddress,
    name: FileName,
    options: Fetching.DownloadOptions & { readonly to: string }
  ) => Effect.Effect<Fetching.Saved, DownloadError>
  /** Searches for a file by its name, among the peers that a bootstrap names. */
  readonly search: (name: FileName, options: SearchOptions) => Effect.Effect<Search, PeerError, Scope.Scope>
}

/** A client of Pyrate networks. */
export class Client extends Context.Service<Client, ClientService>()("@peerage/pyrate/Client") {}

/** The services that it needs. */
export type Needs = Transport.Transport | FileSystem.FileSystem | Path.Path | Scope.Scope

/** Lasts for the scope's life. */
export const make = Effect.fn("Client.make")(function*(
  overrides?: Partial<PyrateConfig>
): Effect.fn.Return<ClientService, never, Needs> {
  const context = yield* PeerContext.make(overrides)
  const { config, events } = context
  const asking = Effect.mapError((reason: AskError["reason"]) => new AskError({ reason }))

  const peersOf = Effect.fnUntraced(function*(bootstrap: string | NetAddress.InetAddress) {
    const address = yield* Effect.fromResult(Endpoint.address(bootstrap, defaultPort))
    const peers = yield* Bootstrap.askForPeers({ ...context, address }, config.maxPeers)
    return { port: address.port, peers }
  })

  return {
    events: events.stream,
    peers: (bootstrap) => asking(Effect.map(peersOf(bootstrap), ({ peers }) => peers)),
    list: (peer) => asking(ListFiles.initiate({ ...context, address: PeerAddress.toInet(peer) })),
    download: yield* Fetching.make(context, ""),
    search: Effect.fn("Client.search")(
      function*(name, options) {
        const { listener, self } = yield* PeerContext.listen(context, options)
        const { peers, port } = yield* peersOf(options.bootstrap)
        const asked = peers.filter((peer) =>
          peer !== self && !(options.legacy === true && PeerAddress.port(peer) === port)
        )
        const searching = yield* Searching.make(context, {
          self,
          peers: Effect.succeed(asked),
          has: () => Effect.succeed(false),
          mayAnswer: () => false
        })
        // A client takes no part: it shares nothing, and passes no search on.
        yield* Effect.forkScoped(Serving.run(listener, context, {
          files: { names: Effect.succeed([]), open: () => Effect.undefined },
          searching: { ...searching, respond: () => Effect.void }
        }))
        return { self, peers: asked, hits: yield* searching.search(name, options.ttl ?? config.maxTtl) }
      },
      Effect.mapError((reason) => new PeerError({ reason }))
    )
  }
})

/** Lasts for the layer's life. */
export const layer = (
  config?: Partial<PyrateConfig>
): Layer.Layer<Client, never, Transport.Transport | FileSystem.FileSystem | Path.Path> =>
  Layer.effect(Client, make(config))
