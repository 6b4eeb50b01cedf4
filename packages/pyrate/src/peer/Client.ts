/**
 * A client that shares nothing and registers nowhere: it asks a bootstrap for peers, a peer for its list or a file, or
 * all of them for a name. Only a search has to be reachable, for as long as answers are awaited.
 */
import { Endpoint, OptionValue, PeerAddress } from "@peerage/transport"
import { Context, Effect, Layer, type Scope, Stream } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { FileName } from "../codec/FileName.ts"
import * as Bootstrap from "../exchange/Bootstrap.ts"
import * as ListFiles from "../exchange/ListFiles.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { AskError, type DownloadError, NoSuchFile, PeerError } from "../PyrateError.ts"
import type { PyrateEvent } from "../PyrateEvent.ts"
import { defaultPort } from "./bootstrap/BootstrapSession.ts"
import * as Fetching from "./downloading/Fetching.ts"
import * as PeerContext from "./PeerContext.ts"
import * as Searching from "./searching/Searching.ts"
import * as Serving from "./sharing/Serving.ts"

/** How to search without taking part. Answers come to `listen`. */
export interface SearchOptions extends PeerContext.NetworkOptions {
  /** How far the search goes, in hops. Default: `maxTtl`. */
  readonly ttl?: number | undefined
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
  /** The same as the names come, however many there are. */
  readonly listing: (peer: PeerAddress.PeerAddress) => Stream.Stream<FileName, AskError>
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

const checkSearch = OptionValue.checkAll("Client.search", { ...PeerContext.values, ttl: OptionValue.whole })

/** Lasts for the scope's life. Dies for a config that cannot be. */
export const make = Effect.fn("Client.make")(function*(
  overrides?: Partial<PyrateConfig>
): Effect.fn.Return<ClientService, never, PeerContext.Needs | Scope.Scope> {
  const context = yield* PeerContext.make(overrides)
  const { config, events } = context
  const asking = Effect.mapError((reason: AskError["reason"]) => new AskError({ reason }))

  const addressOf = (bootstrap: SearchOptions["bootstrap"]) =>
    Effect.fromResult(Endpoint.address(bootstrap, defaultPort))
  const peersOf = (address: NetAddress.InetAddress) => Bootstrap.askForPeers({ ...context, address }, config.maxPeers)

  return {
    events: events.stream,
    peers: (bootstrap) => asking(Effect.flatMap(addressOf(bootstrap), peersOf)),
    list: (peer) => asking(ListFiles.whole({ ...context, address: PeerAddress.toInet(peer) })),
    listing: (peer) =>
      Stream.mapError(
        ListFiles.initiate({ ...context, address: PeerAddress.toInet(peer) }),
        (reason) => new AskError({ reason })
      ),
    download: yield* Fetching.make(context, ""),
    search: Effect.fn("Client.search")(
      function*(name, options) {
        checkSearch(options)
        const { listener, self } = yield* PeerContext.listen(context, options)
        const bootstrap = yield* addressOf(options.bootstrap)
        const isLikelyOriginal = PeerContext.isLikelyOriginal(options, bootstrap)
        const asked = (yield* peersOf(bootstrap)).filter((peer) => peer !== self && !isLikelyOriginal(peer))
        const searching = yield* Searching.make(context, {
          self,
          peers: Effect.succeed(asked),
          has: () => Effect.succeed(false),
          mayAnswer: () => false
        })
        // A client takes no part: it shares nothing, and passes no search on.
        yield* Effect.forkScoped(Serving.run(listener, context, {
          files: { names: Effect.succeed([]), open: (name) => Effect.fail(new NoSuchFile({ name })) },
          searching: { ...searching, respond: () => Effect.void }
        }))
        return { self, peers: asked, hits: yield* searching.search(name, options.ttl ?? config.maxTtl) }
      },
      Effect.mapError((reason) => new PeerError({ reason }))
    )
  }
})

/** Lasts for the layer's life. */
export const layer = (config?: Partial<PyrateConfig>): Layer.Layer<Client, never, PeerContext.Needs> =>
  Layer.effect(Client, make(config))
