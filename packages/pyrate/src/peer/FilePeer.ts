/**
 * A peer that shares a directory: it registers with a bootstrap, serves its files, finds those of others and fetches
 * them. Its scope is its life: leaving the scope unregisters.
 */
import { Endpoint, OptionValue, PeerAddress } from "@peerage/transport"
import type { PeerService, Rejoining } from "@peerage/wire"
import { Context, Effect, Layer, type Scope, type Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { FileName } from "../codec/FileName.ts"
import type { Search } from "../codec/Message.ts"
import * as ListFiles from "../exchange/ListFiles.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { AskError, type FileTrouble, PeerError, Unsupported } from "../PyrateError.ts"
import type { LeftOut, PyrateEvent } from "../PyrateEvent.ts"
import * as BootstrapSession from "./bootstrap/BootstrapSession.ts"
import type * as CommandPool from "./CommandPool.ts"
import * as Fetching from "./downloading/Fetching.ts"
import * as Leftovers from "./downloading/Leftovers.ts"
import * as PeerContext from "./PeerContext.ts"
import * as Searching from "./searching/Searching.ts"
import * as Serving from "./sharing/Serving.ts"
import * as SharedFiles from "./sharing/SharedFiles.ts"

/** How to take part; the README has the names of the original's parameters. */
export interface FilePeerOptions extends PeerContext.NetworkOptions {
  /** The directory to share. */
  readonly directory: string
  readonly config?: Partial<PyrateConfig> | undefined
}

/** A peer that takes part. */
export interface FilePeerService extends PeerService.PeerService<PyrateEvent> {
  /** The peers that the bootstrap named, never with this one. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
  /** The names of the shared files, in alphabetical order. */
  readonly files: SubscriptionRef.SubscriptionRef<ReadonlyArray<FileName>>
  /** What of the directory is not shared, and why. The event `LeftOut` names what is new in it. */
  readonly leftOut: Effect.Effect<ReadonlyArray<LeftOut>>
  /** Whether the bootstrap was reached last: Joined or Reconnecting; Left when the scope has ended. */
  readonly status: SubscriptionRef.SubscriptionRef<Rejoining.Status>
  /** Asks the bootstrap for peers now, besides the regular times. */
  readonly refresh: Effect.Effect<void, AskError>
  /** Looks at the directory now, besides the regular times. */
  readonly rescan: Effect.Effect<void, FileTrouble>
  /** Asks a peer for the names of its files. */
  readonly list: (peer: PeerAddress.PeerAddress) => Effect.Effect<ReadonlyArray<FileName>, AskError>
  /** Searches for a file by its name, `ttl` hops far (default `maxTtl`). Answers as they come; ends with the scope. */
  readonly search: (
    name: FileName,
    options?: { readonly ttl?: number | undefined }
  ) => Effect.Effect<Stream.Stream<Searching.Hit>, never, Scope.Scope>
  /** Fetches a file into the shared directory, where it is shared at once, or into another. */
  readonly download: Fetching.Fetch
  /** The commands that run and wait. */
  readonly commands: Effect.Effect<ReadonlyArray<CommandPool.Command>>
}

/** A peer of a Pyrate network. */
export class FilePeer extends Context.Service<FilePeer, FilePeerService>()("@peerage/pyrate/FilePeer") {}

const checkOptions = OptionValue.checkAll("FilePeer.make", { ...PeerContext.values, directory: OptionValue.text })

/** Takes part for the scope's life. Dies for an option that cannot be. Fails with why it cannot listen, share or register. */
export const make = Effect.fn("FilePeer.make")(
  function*(
    options: FilePeerOptions
  ): Effect.fn.Return<FilePeerService, PeerError["reason"], PeerContext.Needs | Scope.Scope> {
    checkOptions(options)
    const bootstrap = yield* Effect.fromResult(Endpoint.address(options.bootstrap, BootstrapSession.defaultPort))
    const shared = yield* PeerContext.make(options.config)
    const { address, listener, self } = yield* PeerContext.listen(shared, options)
    const context = { ...shared, from: NetAddress.isUnspecified(address.address) ? undefined : address.address }
    const { config, events, pool } = context
    const files = yield* SharedFiles.make(options.directory)
    yield* Leftovers.clear(files.directory)
    const names = SubscriptionRef.get(files.names)
    const { peers, refresh, status } = yield* BootstrapSession.make(context, bootstrap, self)

    const isLikelyOriginal = PeerContext.isLikelyOriginal(options, bootstrap)
    const searching = yield* Searching.make(context, {
      self,
      peers: Effect.map(SubscriptionRef.get(peers), (known) => known.filter((peer) => !isLikelyOriginal(peer))),
      has: files.has,
      mayAnswer: (search) => options.legacy !== true || !(isLikelyOriginal(search.requester) || isOfOriginal(search))
    })
    yield* Effect.forkScoped(Serving.run(listener, context, { files: { ...files, names }, searching }))
    yield* Effect.forkScoped(SharedFiles.watch(files, context))
    yield* events.publish([{ _tag: "Listening", address: NetAddress.formatInet(address) }])

    const list = (peer: PeerAddress.PeerAddress): Effect.Effect<ReadonlyArray<FileName>, AskError["reason"]> =>
      isLikelyOriginal(peer) ? Effect.fail(new Unsupported({ peer })) : pool.run(
        { _tag: "Outbound", kind: "ListRequest", peer },
        ListFiles.whole({ ...context, address: PeerAddress.toInet(peer) })
      )
    const fetch = yield* Fetching.make(context, files.directory)
    // What was fetched into the shared directory is shared at once.
    const share = Effect.ignore(SharedFiles.refresh(files, context))
    return {
      self,
      address,
      peers,
      files: files.names,
      leftOut: files.leftOut,
      events: events.stream,
      status,
      left: Effect.never,
      refresh: Effect.mapError(refresh, (reason) => new AskError({ reason })),
      rescan: SharedFiles.refresh(files, context),
      list: (peer) => Effect.mapError(list(peer), (reason) => new AskError({ reason })),
      search: (name, { ttl = config.maxTtl } = {}) =>
        Effect.suspend(() => {
          OptionValue.check("ttl of FilePeer.search", ttl, OptionValue.whole)
          return searching.search(name, ttl)
        }),
      download: (peer, name, options) =>
        Effect.tap(fetch(peer, name, options), () => options?.to === undefined ? share : Effect.void),
      commands: pool.commands
    }
  },
  Effect.mapError((reason) => new PeerError({ reason }))
)

/** Whether a search has such an id as originals make it: the file's name, and three digits. */
const isOfOriginal = ({ id, name }: Search): boolean => id.startsWith(name) && /^\d{3}$/.test(id.slice(name.length))

/** Takes part for the layer's life. A built layer does not fail later: see `status`. */
export const layer = (options: FilePeerOptions): Layer.Layer<FilePeer, PeerError, PeerContext.Needs> =>
  Layer.effect(FilePeer, make(options))
