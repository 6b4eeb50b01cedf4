/**
 * A peer that shares a directory: it registers with a bootstrap, serves its files, finds others' and fetches them. Its
 * scope is its life: leaving the scope unregisters.
 */
import { Endpoint, type Options, PeerAddress, Transport } from "@peerage/transport"
import { Context, Effect, type FileSystem, Layer, type Path, type Scope, type Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { FileName } from "../codec/FileName.ts"
import type { Search } from "../codec/Message.ts"
import * as ListFiles from "../exchange/ListFiles.ts"
import * as PyrateConfig from "../PyrateConfig.ts"
import { AskError, type DownloadError, type FileTrouble, NoAddress, PeerError, Unsupported } from "../PyrateError.ts"
import type { PyrateEvent } from "../PyrateEvent.ts"
import * as CommandPool from "./CommandPool.ts"
import * as Events from "./Events.ts"
import * as Fetching from "./Fetching.ts"
import * as Neighbourhood from "./Neighbourhood.ts"
import * as Searching from "./Searching.ts"
import * as Serving from "./Serving.ts"
import * as SharedFiles from "./SharedFiles.ts"

/** How to take part; the names of the original's parameters are in the README. */
export interface FilePeerOptions {
  /** The bootstrap, as 192.0.2.1 or 192.0.2.1:21168. */
  readonly bootstrap: string
  /** Where others reach this peer, as 192.0.2.2:5005; without a port, or with 0, at a free one. */
  readonly listen: string
  /** The address by which others know this peer. Default: the one it listens at; needed where that is 0.0.0.0. */
  readonly advertise?: string | undefined
  /** The directory that is shared. */
  readonly directory: string
  /**
   * True in networks with original clients, which die of lists, searches and answers to theirs: none are sent to the
   * peers that are likely to run it, those at the bootstrap's port, and no search is answered that has a name as the
   * original gives. Default false.
   */
  readonly legacy?: boolean | undefined
  readonly config?: Partial<PyrateConfig.PyrateConfig> | undefined
}

/** What a peer can be asked and told. */
export interface FilePeerService {
  /** Where others reach this peer. */
  readonly self: PeerAddress.PeerAddress
  readonly address: NetAddress.InetAddress
  /** Peers that the bootstrap told of, never with this one. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
  /** The names of the files that are shared. */
  readonly files: SubscriptionRef.SubscriptionRef<ReadonlyArray<FileName>>
  /** What happens from now on. Never fails, ends with the scope. */
  readonly events: Stream.Stream<PyrateEvent>
  /** Where it stands with its bootstrap. */
  readonly status: SubscriptionRef.SubscriptionRef<Neighbourhood.Status>
  /** Asks the bootstrap for peers, besides the times when that happens by itself. */
  readonly refresh: Effect.Effect<void, AskError>
  /** Looks at the directory again, besides the times when that happens by itself. */
  readonly rescan: Effect.Effect<void, FileTrouble>
  /** Asks a peer for the names of its files. */
  readonly list: (peer: PeerAddress.PeerAddress) => Effect.Effect<ReadonlyArray<FileName>, AskError>
  /** Searches for a file by its name. Answers as they come; ends with the scope. */
  readonly search: (
    name: FileName,
    options?: { readonly ttl?: number | undefined }
  ) => Effect.Effect<Stream.Stream<Searching.Hit>, never, Scope.Scope>
  /** Fetches a file into the directory that is shared, or another. */
  readonly download: (
    peer: PeerAddress.PeerAddress,
    name: FileName,
    options?: Fetching.DownloadOptions
  ) => Effect.Effect<Fetching.Saved, DownloadError>
  /** What is being done and what waits. */
  readonly commands: Effect.Effect<ReadonlyArray<CommandPool.Command>>
}

/** A peer of a Pyrate network. */
export class FilePeer extends Context.Service<FilePeer, FilePeerService>()("@peerage/pyrate/FilePeer") {}

type Needs = Transport.Transport | FileSystem.FileSystem | Path.Path | Scope.Scope

/** Takes part for the scope's life. Fails with why it could not listen, share or register. */
export const make = Effect.fn("FilePeer.make")(
  function*(options: FilePeerOptions): Effect.fn.Return<FilePeerService, PeerError["reason"], Needs> {
    const config = PyrateConfig.make(options.config)
    const bootstrap = yield* Effect.fromResult(Endpoint.address(options.bootstrap, Neighbourhood.defaultPort))
    const local = yield* Effect.fromResult(Endpoint.address(options.listen, 0))
    const transport = from(yield* Transport.Transport, local)
    const known = yield* Effect.fromResult(Endpoint.address(options.advertise ?? NetAddress.formatHost(local), 0))
    if (NetAddress.isUnspecified(known.address)) return yield* new NoAddress({ address: NetAddress.formatHost(known) })
    const files = yield* SharedFiles.make(options.directory)
    const listener = yield* Endpoint.listen(transport, local, { maxConnections: config.maxHandshakes * 2 })
    const self = PeerAddress.at(NetAddress.formatHost(known), listener.address.port)
    const events = yield* Events.make(config.eventBuffer)
    const pool = CommandPool.make(config)

    const neighbourhood = yield* Neighbourhood.make({ transport, bootstrap, config, events, pool, self })
    const { likelyOriginal, mayAnswer } = mannersOf(options, bootstrap)
    const searching = yield* Searching.make({
      transport,
      self,
      config,
      events,
      pool,
      peers: () => neighbourhood.known().filter((peer) => !likelyOriginal(peer)),
      has: files.has,
      mayAnswer
    })
    yield* Effect.forkScoped(Serving.run(listener, { transport, config, events, pool, files, searching }))
    yield* Effect.forkScoped(SharedFiles.watch(files, config, events))
    yield* events.publish([{ _tag: "Listening", address: NetAddress.formatInet(listener.address) }])
    const fetch = yield* Fetching.make({ transport, config, events, pool, directory: files.directory })

    return {
      self,
      address: listener.address,
      peers: neighbourhood.peers,
      files: files.names,
      events: events.stream,
      status: neighbourhood.status,
      refresh: Effect.mapError(neighbourhood.refresh, (reason) => new AskError({ reason })),
      rescan: rescan(files, events),
      list: (peer) =>
        (likelyOriginal(peer) ? Effect.fail(new Unsupported({ peer })) : pool.run(
          { _tag: "Outbound", kind: "ListRequest", peer },
          ListFiles.initiate(transport, PeerAddress.toInet(peer), config)
        )).pipe(Effect.mapError((reason) => new AskError({ reason }))),
      search: (name, { ttl = config.maxTtl } = {}) => searching.search(name, ttl),
      download: fetch,
      commands: pool.commands
    }
  },
  Effect.mapError((reason) => new PeerError({ reason }))
)

/**
 * Dials from the address that is listened at, where that is one: on a machine with several addresses a bootstrap lists
 * the one that it is dialed from, and a requester lets only the one that it asked dial back.
 */
const from = (
  transport: Transport.Transport["Service"],
  { address: host }: NetAddress.InetAddressV4
): Transport.Transport["Service"] => {
  const options = (to: NetAddress.InetAddress, dial: Options.DialOptions = {}) => {
    // From a loopback address nothing leads to other machines.
    const leads = !NetAddress.isUnspecified(host) && (!NetAddress.isLoopback(host) || NetAddress.isLoopback(to.address))
    return leads ? { ...dial, from: { host, ...dial.from } } : dial
  }
  return {
    ...transport,
    dial: (to, dial) => transport.dial(to, options(to, dial)),
    connect: (to, dial) => transport.connect(to, options(to, dial)),
    request: (to, bytes, request) => transport.request(to, bytes, { ...request, ...options(to, request) })
  }
}

/** Who is spared what in a network with originals. */
const mannersOf = ({ legacy = false }: FilePeerOptions, bootstrap: NetAddress.InetAddress) => {
  const likelyOriginal = (peer: PeerAddress.PeerAddress) => legacy && PeerAddress.port(peer) === bootstrap.port
  const mayAnswer = (search: Search) => !legacy || !(likelyOriginal(search.requester) || isOriginals(search))
  return { likelyOriginal, mayAnswer }
}

/** Whether a search has such a name as originals give theirs: the file's, and three digits. */
const isOriginals = ({ id, name }: Search): boolean => id.startsWith(name) && /^\d{3}$/.test(id.slice(name.length))

/** Looks again, and tells what has changed. */
const rescan = Effect.fnUntraced(function*(files: SharedFiles.SharedFiles, events: Events.Events) {
  if (yield* files.rescan) yield* events.publish([{ _tag: "Shared", files: yield* SubscriptionRef.get(files.names) }])
})

/** Takes part for the layer's life. A built layer does not fail later: see `status`. */
export const layer = (
  options: FilePeerOptions
): Layer.Layer<FilePeer, PeerError, Transport.Transport | FileSystem.FileSystem | Path.Path> =>
  Layer.effect(FilePeer, make(options))
