/** A peer's standing with its bootstrap: registered, kept alive, and told of others. */
import { Endpoint, PeerAddress, type Transport } from "@peerage/transport"
import { Duration, Effect, Schema, type Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as PeerList from "../exchange/PeerList.ts"
import * as Registration from "../exchange/Registration.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import type { AskError } from "../PyrateError.ts"
import type { CommandPool, Outbound } from "./CommandPool.ts"
import type { Events } from "./Events.ts"

/** The port of a bootstrap. */
export const defaultPort = 21_168

/** Where a peer stands with its bootstrap. `reason` is the tag of the error that met the latest try. */
export const Status = Schema.TaggedUnion({
  Joined: {},
  Reconnecting: { reason: Schema.String },
  Left: { reason: Schema.String }
})
export type Status = typeof Status.Type

/** What it takes. */
export interface Surroundings {
  readonly transport: Transport.Transport["Service"]
  readonly bootstrap: NetAddress.InetAddress
  readonly config: PyrateConfig
  readonly events: Events
  readonly pool: CommandPool
  readonly self: PeerAddress.PeerAddress
}

/** Who is there. */
export interface Neighbourhood {
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
  readonly known: () => ReadonlyArray<PeerAddress.PeerAddress>
  readonly status: SubscriptionRef.SubscriptionRef<Status>
  /** Asks for peers, and registers again where this one is not among them. */
  readonly refresh: Effect.Effect<void, AskError["reason"]>
}

// How long leaving waits for a bootstrap that does not answer.
const farewell = "1 second"
// As often as that within the time between two keep-alives a bootstrap is tried that could not be reached.
const triesBetween = 10

/** Registers, and stays registered for the scope's life. Fails when the bootstrap cannot be reached at the beginning. */
export const make = Effect.fnUntraced(function*(
  { bootstrap: address, config, events, pool, self, transport }: Surroundings
): Effect.fn.Return<Neighbourhood, AskError["reason"], Scope.Scope> {
  const bootstrap = { transport, address, config }
  const port = PeerAddress.port(self)
  const peers = yield* SubscriptionRef.make<ReadonlyArray<PeerAddress.PeerAddress>>([])
  const status = yield* SubscriptionRef.make<Status>({ _tag: "Joined" })
  let known: ReadonlyArray<PeerAddress.PeerAddress> = []

  const command = <A, E>(kind: Outbound, work: Effect.Effect<A, E>) =>
    pool.run({ _tag: "Outbound", kind, peer: NetAddress.formatInet(address) }, work)
  const register = command("BootstrapRegister", Registration.register(bootstrap, port))
  const unregister = Registration.unregister(bootstrap, port)

  const learn = Effect.fnUntraced(function*(list: ReadonlyArray<PeerAddress.PeerAddress>) {
    const others = list.filter((peer) => peer !== self).slice(0, config.maxPeers)
    const changed = others.length !== known.length || others.some((peer) => !known.includes(peer))
    known = others
    if (!changed) return
    yield* SubscriptionRef.set(peers, others)
    yield* events.publish([{ _tag: "Peers", peers: others }])
  })

  const ask = Effect.gen(function*() {
    const list = yield* command("BootstrapRequestPeerList", PeerList.initiate(bootstrap, config.maxPeers))
    yield* learn(list)
    // A full list that this peer is not in: it has expired, as after a bootstrap's restart.
    // Quirk: an original bootstrap that still has an expiry for a peer keeps it, unless the peer unregisters first.
    if (list.length < config.maxPeers && !list.includes(self)) {
      yield* Effect.andThen(command("BootstrapUnregister", unregister), register)
    }
    yield* SubscriptionRef.set(status, { _tag: "Joined" })
  })
  const noted = (work: Effect.Effect<void, AskError["reason"]>) =>
    Effect.tapError(
      work,
      (error) => SubscriptionRef.set(status, { _tag: "Reconnecting", reason: Endpoint.reasonOf(error) })
    )
  const refresh = noted(ask)
  const keepAlive = command("BootstrapKeepAlive", Registration.keepAlive(bootstrap, port))
  const stay = Effect.match(noted(Effect.andThen(keepAlive, ask)), {
    onSuccess: () => config.keepAlive,
    onFailure: () => Duration.divideUnsafe(config.keepAlive, triesBetween)
  })

  yield* register
  yield* Effect.addFinalizer(() =>
    Effect.andThen(
      SubscriptionRef.set(status, { _tag: "Left", reason: "Left" }),
      // Leaving stands in no line: what is ahead of it may take hours.
      Effect.ignore(Effect.timeoutOption(unregister, farewell))
    )
  )
  yield* refresh
  yield* Effect.forkScoped(Effect.gen(function*() {
    let pause = config.keepAlive
    while (true) {
      yield* Effect.sleep(pause)
      pause = yield* stay
    }
  }))
  return { peers, known: () => known, status, refresh }
})
