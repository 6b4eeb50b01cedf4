/**
 * A bootstrap, where peers find each other: it lists registered peers to any peer that asks, until they are silent for
 * too long. Its scope is its life.
 */
import { Endpoint, PeerAddress, type Transport } from "@peerage/transport"
import { Budget, type ByteLink, LinkError, type PeerService, type Rejoining } from "@peerage/wire"
import { Clock, Context, Deferred, Effect, Layer, Option, Ref, type Scope, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Message } from "../codec/Message.ts"
import * as Exchange from "../exchange/Bootstrap.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { BootstrapError } from "../PyrateError.ts"
import type { PyrateEvent } from "../PyrateEvent.ts"
import { defaultPort } from "./bootstrap/BootstrapSession.ts"
import * as Registry from "./bootstrap/Registry.ts"
import * as PeerContext from "./PeerContext.ts"
import * as RequestServer from "./RequestServer.ts"

export type { Registered } from "./bootstrap/Registry.ts"

/** How to run a bootstrap. */
export interface BootstrapOptions {
  /** Where to listen, as 192.0.2.1, 192.0.2.1:21168 or an address. Default 0.0.0.0:21168. */
  readonly listen?: string | NetAddress.InetAddress | undefined
  readonly config?: Partial<PyrateConfig> | undefined
}

/** A running bootstrap. */
export interface BootstrapService extends PeerService.PeerService<PyrateEvent> {
  /** Its name: where it listens, with host 0.0.0.0 where that is at all addresses. */
  readonly self: PeerAddress.PeerAddress
  /** The registered peers, in the order of their registration. */
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
  /** The same, each with when it registered, when it was last heard of, and when it expires, in milliseconds since 1970. */
  readonly roster: Effect.Effect<ReadonlyArray<Registry.Registered>>
}

/** A bootstrap of a Pyrate network. */
export class BootstrapNode
  extends Context.Service<BootstrapNode, BootstrapService>()("@peerage/pyrate/BootstrapNode")
{}

/** What a running bootstrap knows. */
interface Bootstrap extends PeerContext.PeerContext, Pick<BootstrapService, "peers"> {
  readonly registry: Ref.Ref<Registry.Registry>
}

/** Runs for the scope's life. Fails with why it cannot listen. */
export const make = Effect.fn("BootstrapNode.make")(
  function*(
    options: BootstrapOptions
  ): Effect.fn.Return<BootstrapService, BootstrapError["reason"], Transport.Transport | Scope.Scope> {
    const context = yield* PeerContext.make(options.config)
    const local = yield* Effect.fromResult(Endpoint.address(options.listen ?? "0.0.0.0", defaultPort))
    const listener = yield* PeerContext.open(context, local)
    const { address } = listener
    const bootstrap: Bootstrap = {
      ...context,
      registry: yield* Ref.make(Registry.empty),
      peers: yield* SubscriptionRef.make(Registry.empty.listed)
    }
    const status = yield* SubscriptionRef.make<Rejoining.Status>({ _tag: "Joined" })
    yield* Effect.addFinalizer(() => SubscriptionRef.set(status, { _tag: "Left", reason: "Left" }))
    yield* Effect.forkScoped(RequestServer.serve(listener, bootstrap, {
      // The sender of any request may wait for the answer with its half of the connection open.
      isWhole: () => true,
      answer: (message, link) => answer(bootstrap, message, link)
    }))
    yield* Effect.forkScoped(expire(bootstrap))
    yield* bootstrap.events.publish([{ _tag: "Listening", address: NetAddress.formatInet(address) }])
    const self = PeerAddress.at(NetAddress.formatHost(address), address.port)
    return {
      self,
      address,
      peers: bootstrap.peers,
      roster: Effect.map(Ref.get(bootstrap.registry), (registry) => Registry.roster(registry, bootstrap.config)),
      events: bootstrap.events.stream,
      status,
      left: Effect.never
    }
  },
  Effect.mapError((reason) => new BootstrapError({ reason }))
)

/** Runs for the layer's life. */
export const layer = (
  options: BootstrapOptions = {}
): Layer.Layer<BootstrapNode, BootstrapError, Transport.Transport> => Layer.effect(BootstrapNode, make(options))

const answer = Effect.fnUntraced(function*(bootstrap: Bootstrap, message: Message, link: ByteLink.ByteLink) {
  switch (message._tag) {
    case "Register":
    case "KeepAlive":
    case "Unregister": {
      const peer = Exchange.registered(link.remote, message)
      return yield* change(bootstrap, (registry, now) => Registry.handle(registry, { ...message, peer }, now))
    }
    case "RequestPeers":
      return yield* namePeers(bootstrap, message, link)
    default:
      return yield* LinkError.unexpected("message of a peer to its bootstrap", message)
  }
})

/** Names peers, as long as the answers that are not read take no more memory than they may. */
const namePeers = Effect.fnUntraced(function*(
  { budget, config, peers }: Bootstrap,
  message: Pick<Exchange.PeersAsked, "count">,
  link: ByteLink.ByteLink
) {
  const lost = yield* Deferred.make<never, LinkError.TooMuchHeld>()
  const share = yield* Budget.share(
    budget,
    NetAddress.formatHost(link.remote),
    // Reset, as a connection that is closed still sends.
    (excess) => Effect.andThen(Deferred.fail(lost, new LinkError.TooMuchHeld(excess)), link.reset)
  )
  const listed = yield* SubscriptionRef.get(peers)
  yield* Effect.raceFirst(Exchange.namePeers(link, { ...message, listed, share }, config), Deferred.await(lost))
})

/** Changes the registry, brings the list of peers up to date, and announces what happened. */
const change = Effect.fnUntraced(function*(
  { config: limits, events, peers, registry }: Bootstrap,
  step: (registry: Registry.Registry, circumstances: Registry.Circumstances) => Registry.Step
) {
  const now = yield* Clock.currentTimeMillis
  const happened = yield* SubscriptionRef.modifySomeEffect(peers, (known) =>
    Ref.modify(registry, (before) => {
      const [events, after] = step(before, { now, limits })
      return [[events, after.listed === known ? Option.none() : Option.some(after.listed)] as const, after]
    }))
  yield* events.publish(happened)
})

/** Never ends: forgets each peer in the moment in which it expires. */
const expire = (bootstrap: Bootstrap): Effect.Effect<never> =>
  Effect.forever(Effect.gen(function*() {
    yield* Stream.runHead(Stream.filter(SubscriptionRef.changes(bootstrap.peers), ({ length }) => length > 0))
    const due = Registry.expiresAfter(yield* Ref.get(bootstrap.registry), bootstrap.config)
    const now = yield* Clock.currentTimeMillis
    yield* due === Infinity ? Effect.yieldNow : Effect.sleep(Math.max(0, due - now) + 1)
    yield* change(bootstrap, Registry.expire)
  }))
