/** A peer's standing with its bootstrap: registered, kept alive, and informed about other peers. */
import { Endpoint, PeerAddress } from "@peerage/transport"
import type { Rejoining } from "@peerage/wire"
import { Duration, Effect, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Bootstrap from "../../exchange/Bootstrap.ts"
import type { AskError } from "../../PyrateError.ts"
import type { Outbound } from "../CommandPool.ts"
import type { PeerContext } from "../PeerContext.ts"

/** The port of a bootstrap. */
export const defaultPort = 21_168

// How long leaving waits for a bootstrap that does not answer.
const farewell = "1 second"
// An unreachable bootstrap is tried so many times in the time between two keep-alives.
const triesBetween = 10

/**
 * Registers, and stays registered for the scope's life. Fails when the bootstrap cannot be reached at the beginning.
 * `peers` are those that the bootstrap named last, without this one. `status` is Reconnecting while the latest attempt to
 * reach it failed, and Left when a secure transport refuses it for good. `refresh` asks for peers, and registers again where this one is not among them.
 */
export const make = Effect.fnUntraced(function*(
  context: PeerContext,
  address: NetAddress.InetAddress,
  self: PeerAddress.PeerAddress
) {
  const { config, events, pool } = context
  const bootstrap = { ...context, address }
  const peers = yield* SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>([])
  const status = yield* SubscriptionRef.make<Rejoining.Status>({ _tag: "Joined" })

  /** Left is for good. */
  const become = (next: Rejoining.Status) => SubscriptionRef.update(status, (now) => now._tag === "Left" ? now : next)

  const command = <A, E>(kind: Outbound, work: Effect.Effect<A, E>) =>
    pool.run({ _tag: "Outbound", kind, peer: NetAddress.formatInet(address) }, work)
  const message = (kind: Bootstrap.Registration["_tag"]) => Bootstrap.register(bootstrap, kind, PeerAddress.port(self))
  const tell = (kind: Bootstrap.Registration["_tag"]) => command(`Bootstrap${kind}`, message(kind))

  const learn = Effect.fnUntraced(function*(list: ReadonlyArray<PeerAddress.PeerAddress>) {
    const others = list.filter((peer) => peer !== self).slice(0, config.maxPeers)
    const known = new Set(yield* SubscriptionRef.get(peers))
    if (others.length === known.size && others.every((peer) => known.has(peer))) return
    yield* SubscriptionRef.set(peers, others)
    yield* events.publish([{ _tag: "Peers", peers: others }])
  })

  const ask = Effect.gen(function*() {
    const list = yield* command("BootstrapRequestPeerList", Bootstrap.askForPeers(bootstrap, config.maxPeers))
    yield* learn(list)
    // Missing from a complete list: this peer has expired, or the bootstrap was restarted.
    // Quirk: an original bootstrap that still has an expiry for a peer keeps it, unless the peer unregisters first.
    if (list.length < config.maxPeers && !list.includes(self)) {
      yield* Effect.andThen(tell("Unregister"), tell("Register"))
    }
    yield* become({ _tag: "Joined" })
  })
  const noted = (work: Effect.Effect<void, AskError["reason"]>) =>
    Effect.tapError(work, (error) => {
      const reason = Endpoint.reasonOf(error)
      return become(Endpoint.isFinal(error) ? { _tag: "Left", reason } : { _tag: "Reconnecting", reason })
    })
  const refresh = noted(ask)
  /** One keep-alive. Succeeds with the time until the next one. */
  const stay = Effect.match(noted(Effect.andThen(tell("KeepAlive"), ask)), {
    onSuccess: () => config.keepAlive,
    onFailure: () => Duration.divideUnsafe(config.keepAlive, triesBetween)
  })
  const hasLeft = Effect.map(SubscriptionRef.get(status), ({ _tag }) => _tag === "Left")

  yield* tell("Register")
  yield* Effect.addFinalizer(() =>
    Effect.andThen(
      become({ _tag: "Left", reason: "Left" }),
      // Leaving waits in no queue: what is ahead of it may take hours.
      Effect.ignore(Effect.timeoutOption(message("Unregister"), farewell))
    )
  )
  yield* refresh
  yield* Effect.forkScoped(
    Effect.andThen(
      Effect.sleep(config.keepAlive),
      Effect.repeat(Effect.flatMap(stay, Effect.sleep), { until: () => hasLeft })
    )
  )
  return { peers, status, refresh }
})
