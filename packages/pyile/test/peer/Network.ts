/** Whole networks in one process: a host and joiners, each on a machine of its own in a `MemoryNetwork`. */
import { AuthPeer, JoinPeer, type PeerAddress, type PyileError, type PyileEvent } from "@peerage/pyile"
import { MemoryNetwork, MemoryTransport, Transport } from "@peerage/transport"
import { Effect, Exit, Fiber, Redacted, Scope, Stream, SubscriptionRef } from "effect"
import { elapse, hostIp, inet, settle } from "../exchange/Pair.ts"
import { Raw } from "../exchange/Raw.ts"

export { elapse, hostIp, settle, simulated } from "../exchange/Pair.ts"
export { Raw } from "../exchange/Raw.ts"

export const password = Redacted.make("sesame")

/** Runs something on a machine of the network, which may have several addresses. */
export const on = <A, E, R>(
  ip: MemoryNetwork.Hosts,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, Transport.Transport> | MemoryNetwork.MemoryNetwork> =>
  Effect.flatMap(MemoryTransport.make(ip), (transport) => Effect.provideService(effect, Transport.Transport, transport))

/** A host at 10.0.0.1:4702. */
export const host = (options: Partial<AuthPeer.AuthPeerOptions> = {}) =>
  on(hostIp, AuthPeer.make({ password, listen: `${hostIp}:4702`, ...options }))

/** A joiner, not yet in. */
export const joiner = (ip: string, options: Partial<JoinPeer.JoinPeerOptions> = {}) =>
  on(ip, JoinPeer.make({ host: `${hostIp}:4702`, password, ...options }))

/** Joins, moving time along: less than it takes until the first change of the list may follow. */
export const join = (
  ip: string,
  options: Partial<JoinPeer.JoinPeerOptions> = {}
): Effect.Effect<
  JoinPeer.JoinPeerService,
  PyileError.JoinError,
  MemoryNetwork.MemoryNetwork | Scope.Scope
> =>
  Effect.gen(function*() {
    const joining = yield* Effect.forkChild(joiner(ip, options))
    yield* elapse("1 second")
    return yield* Fiber.join(joining)
  })

/** Joins in a scope of its own; `leave` leaves. */
export const visit = Effect.fnUntraced(function*(ip: string, options: Partial<JoinPeer.JoinPeerOptions> = {}) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const peer = yield* Scope.provide(join(ip, options), scope)
  return { ...peer, leave: Effect.andThen(Scope.close(scope, Exit.void), settle) }
})

/** Tries to join and says why it did not work. Takes no time unless the host does. */
export const refusal = (ip: string, options: Partial<JoinPeer.JoinPeerOptions> = {}) =>
  Effect.map(Effect.flip(Effect.scoped(joiner(ip, options))), (error) => error.reason._tag)

/** Tries a wrong password. */
export const guess = (ip: string) => refusal(ip, { password: Redacted.make("open") })

/** Everything a peer tells from now on, growing as it comes. */
export const watch = Effect.fnUntraced(function*(peer: { readonly events: Stream.Stream<PyileEvent.PyileEvent> }) {
  const seen: Array<PyileEvent.PyileEvent> = []
  yield* Effect.forkScoped(Stream.runForEach(peer.events, (event) => Effect.sync(() => void seen.push(event))))
  yield* settle
  return seen
})

/** Whom a peer knows. */
export const peersOf = (peer: {
  readonly peers: SubscriptionRef.SubscriptionRef<ReadonlyArray<PeerAddress.PeerAddress>>
}) => SubscriptionRef.get(peer.peers)

/** Why a joiner left, or that it did not. */
export const fateOf = Effect.fnUntraced(function*(peer: JoinPeer.JoinPeerService) {
  const watching = yield* Effect.forkChild(Effect.flip(peer.left))
  yield* settle
  const exit = watching.pollUnsafe()
  yield* Fiber.interrupt(watching)
  return exit === undefined ? "stays" : (yield* exit).reason._tag
})

/** A connection of nobody in particular to a port of the host. */
export const stranger = Effect.fnUntraced(function*(ip: string, port = 4702, to = hostIp) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const raw = new Raw(yield* network.transport(ip).connect(inet(`${to}:${port}`)))
  yield* settle
  return raw
})

/** A joiner in the hand of the test, step by step as far as `until`: what it hears then is the host's last word. */
export const scripted = Effect.fnUntraced(function*(ip: string, until: "Password" | "Address" | "List" | "Invitation") {
  const raw = yield* stranger(ip)
  const steps = { Password: 1, Address: 2, List: 3, Invitation: 4 }
  if (steps[until] >= 2) raw.say(`{"shadow": "sesame"}`)
  yield* settle
  if (steps[until] >= 3) raw.say(`{"peer_address": ["${ip}", 49317]}`)
  yield* settle
  if (steps[until] >= 4) yield* elapse(100)
  return raw
})

/** The port that a scripted joiner was invited to. */
export const distPortOf = (raw: Raw): number => Number(/"dist_addr": \["[^"]*", (\d+)\]/.exec(raw.heard)?.[1])

/** When the host's last heartbeat left for an address. */
export const lastBeatTo = (ip: string): Effect.Effect<number, never, MemoryNetwork.MemoryNetwork> =>
  Effect.flatMap(
    MemoryNetwork.MemoryNetwork,
    (network) =>
      Effect.map(network.trace, (trace) =>
        trace.findLast((entry) =>
          entry.to.startsWith(`${ip}:`) && new TextDecoder().decode(entry.bytes) === `{"<3": true}`
        )?.at ?? Number.NaN)
  )
