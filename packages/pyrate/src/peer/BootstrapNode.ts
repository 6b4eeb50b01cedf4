/**
 * Where peers find each other: it lists who has registered, to whoever asks, until they are not heard of any more. Its
 * scope is its life.
 */
import {
  Connection,
  Endpoint,
  HandshakeLimit,
  type Listener,
  PeerAddress,
  type Pipe,
  Transport
} from "@peerage/transport"
import { LinkError } from "@peerage/wire"
import { Cause, Clock, Context, Effect, FiberSet, Latch, Layer, Queue, Random, type Scope, type Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Writer } from "effect/socket/Socket"
import * as Lists from "../codec/Lists.ts"
import type { Message } from "../codec/Message.ts"
import * as Hearing from "../exchange/Hearing.ts"
import * as PyrateConfig from "../PyrateConfig.ts"
import { BootstrapError } from "../PyrateError.ts"
import type { PyrateEvent } from "../PyrateEvent.ts"
import * as Events from "./Events.ts"
import * as Neighbourhood from "./Neighbourhood.ts"
import { drawFrom, pick, Registry } from "./Registry.ts"

/** How to run one. */
export interface BootstrapOptions {
  /** Where peers come to. Default 0.0.0.0:21168. */
  readonly listen?: string | undefined
  readonly config?: Partial<PyrateConfig.PyrateConfig> | undefined
}

/** What a bootstrap can be asked and told. */
export interface BootstrapService {
  /** Where peers come to. */
  readonly address: NetAddress.InetAddress
  /** Who is listed now, in the order of their registration. */
  readonly peers: Effect.Effect<ReadonlyArray<PeerAddress.PeerAddress>>
  /** What happens from now on. Never fails, ends with the scope. */
  readonly events: Stream.Stream<PyrateEvent>
}

/** A bootstrap of a Pyrate network. */
export class BootstrapNode
  extends Context.Service<BootstrapNode, BootstrapService>()("@peerage/pyrate/BootstrapNode")
{}

interface Post {
  readonly config: PyrateConfig.PyrateConfig
  readonly events: Events.Events
  readonly registry: Registry
  readonly door: HandshakeLimit.HandshakeLimit
  /** Open while somebody is registered. */
  readonly occupied: Latch.Latch
}

/** Runs for the scope's life. Fails with why it cannot listen. */
export const make = Effect.fn("BootstrapNode.make")(
  function*(
    options: BootstrapOptions
  ): Effect.fn.Return<BootstrapService, BootstrapError["reason"], Transport.Transport | Scope.Scope> {
    const transport = yield* Transport.Transport
    const config = PyrateConfig.make(options.config)
    const local = yield* Effect.fromResult(Endpoint.address(options.listen ?? "0.0.0.0", Neighbourhood.defaultPort))
    const listener = yield* Endpoint.listen(transport, local, { maxConnections: config.maxHandshakes * 2 })
    const post: Post = {
      config,
      events: yield* Events.make(config.eventBuffer),
      registry: new Registry(config),
      door: HandshakeLimit.make(config),
      occupied: Latch.makeUnsafe(false)
    }
    yield* Effect.forkScoped(serveAll(listener, post))
    yield* Effect.forkScoped(expire(post))
    yield* post.events.publish([{ _tag: "Listening", address: NetAddress.formatInet(listener.address) }])
    return {
      address: listener.address,
      peers: Effect.andThen(forget(post), Effect.sync(() => post.registry.all)),
      events: post.events.stream
    }
  },
  Effect.mapError((reason) => new BootstrapError({ reason }))
)

/** Runs for the layer's life. */
export const layer = (
  options: BootstrapOptions = {}
): Layer.Layer<BootstrapNode, BootstrapError, Transport.Transport> => Layer.effect(BootstrapNode, make(options))

/** Each connection in a fiber of its own: a silent one blocks nobody. */
const serveAll = Effect.fnUntraced(function*({ accepted }: Listener.Listener, post: Post) {
  const sessions = yield* FiberSet.make()
  while (true) {
    for (const pipe of yield* Queue.takeAll(accepted)) yield* FiberSet.run(sessions, serve(post, pipe))
  }
})

const serve = (post: Post, pipe: Pipe.Pipe): Effect.Effect<void> =>
  Effect.gen(function*() {
    const connection = Connection.fromPipe(pipe)
    const reader = yield* connection.reader
    const host = NetAddress.formatHost(reader.remote)
    // Whoever asks waits for the answer with its half of the connection open.
    const message = yield* post.door.withPermit(host, Hearing.hear(reader, post.config, () => true))
    yield* obey(post, message, host, yield* connection.writer)
  }).pipe(
    Effect.scoped,
    Effect.catch((error) => refused(post, pipe, error)),
    Effect.catchCause((cause) => Cause.hasDies(cause) ? Effect.logError("a request failed", cause) : Effect.void),
    Effect.ensuring(Effect.sync(() => pipe.close())),
    Effect.withSpan("Pyrate.bootstrap")
  )

const refused = ({ events }: Post, { remote }: Pipe.Pipe, error: { readonly _tag: string }): Effect.Effect<void> =>
  error._tag === "PeerClosed" || error._tag === "SocketError"
    ? Effect.void
    : events.publish([{ _tag: "Rejected", host: NetAddress.formatHost(remote), reason: Endpoint.reasonOf(error) }])

// As many as an original is given when it does not say how many it wants.
const defaultCount = 3

const patiently = <A, E>({ idleTimeout: duration }: PyrateConfig.PyrateConfig, writing: Effect.Effect<A, E>) => {
  const unresponsive = new LinkError.PeerUnresponsive({ awaited: "taking of the list", within: duration })
  return Effect.timeoutOrElse(writing, { duration, orElse: () => Effect.fail(unresponsive) })
}

const obey = Effect.fnUntraced(function*(post: Post, message: Message, host: string, writer: Writer) {
  const { config, events, registry } = post
  yield* forget(post)
  switch (message._tag) {
    case "Register": {
      const peer = PeerAddress.at(host, message.port)
      const outcome = registry.register(peer, yield* Clock.currentTimeMillis)
      if (outcome === "Registered") yield* events.publish([{ _tag: "Joined", peer }])
      if (outcome === "Full") yield* events.publish([{ _tag: "Rejected", host, reason: "TooMany" }])
      post.occupied.openUnsafe()
      return
    }
    case "KeepAlive":
      return void registry.refresh(PeerAddress.at(host, message.port), yield* Clock.currentTimeMillis)
    case "Unregister": {
      const peer = PeerAddress.at(host, message.port)
      if (registry.unregister(peer)) yield* events.publish([{ _tag: "Left", peer, reason: "Unregistered" }])
      return
    }
    case "RequestPeers": {
      const count = Math.min(message.count ?? defaultCount, Lists.maxLines)
      const bytes = Lists.encodePeers(pick(registry.all, count, drawFrom(yield* Random.Random)))
      // Somebody who does not take a long answer holds a place among the open connections.
      return bytes.length === 0 ? undefined : yield* patiently(config, writer.write(bytes))
    }
    default:
      return yield* events.publish([{ _tag: "Rejected", host, reason: "UnexpectedMessage" }])
  }
})

/** Forgets whom nobody has heard of for too long. */
const forget = ({ events, registry }: Post): Effect.Effect<void> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const gone = registry.expire(now)
    return gone.length === 0
      ? Effect.void
      : events.publish(gone.map((peer) => ({ _tag: "Left" as const, peer, reason: "Expired" })))
  })

/** Never ends: forgets each peer at its moment, so that its leaving is told when it happens. */
const expire = (post: Post): Effect.Effect<never> =>
  Effect.gen(function*() {
    while (true) {
      yield* post.occupied.await
      const now = yield* Clock.currentTimeMillis
      const due = post.registry.earliest
      if (due === Infinity) {
        post.occupied.closeUnsafe()
        continue
      }
      if (due >= now) yield* Effect.sleep(due - now + 1)
      yield* forget(post)
    }
  })
