/** What there is to know of peers: events, statuses, members, ends, and what went by on the network. */
import type { JoinPeer, PeerAddress, PyileEvent } from "@peerage/pyile"
import { Machines } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Redacted, type Scope, Stream, SubscriptionRef } from "effect"
import { joiner, settle } from "./Network.ts"

/** Tries to join and says why it did not work. Takes no time unless the host does. */
export const refusal = (ip: string, options: Parameters<typeof joiner>[1] = {}) =>
  Effect.map(Effect.flip(Effect.scoped(joiner(ip, options))), (error) => error.reason._tag)

/** Tries a wrong password. */
export const guess = (ip: string) => refusal(ip, { password: Redacted.make("open") })

/** Everything a peer tells from now on, growing as it comes. */
export const watch: (peer: {
  readonly events: Stream.Stream<PyileEvent.PyileEvent>
}) => Effect.Effect<Array<PyileEvent.PyileEvent>, never, Scope.Scope | MemoryNetwork.MemoryNetwork> = Machines.collect

/** Every status from now on, beginning with the current one, in words. */
export const statuses = ({ status }: Pick<JoinPeer.JoinPeerService, "status">) =>
  Machines.collect({
    events: Stream.map(
      SubscriptionRef.changes(status),
      (status) => "reason" in status ? `${status._tag} ${status.reason}` : status._tag
    )
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

const traced = Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) => network.trace)

/** When the host's last heartbeat left for an address. */
export const lastBeatTo = (ip: string): Effect.Effect<number, never, MemoryNetwork.MemoryNetwork> =>
  Effect.map(
    traced,
    (trace) =>
      trace.findLast((entry) =>
        entry.to.startsWith(`${ip}:`) && new TextDecoder().decode(entry.bytes) === `{"<3": true}`
      )?.at ?? Number.NaN
  )

/** How often a machine tried to join. */
export const triesOf = (ip: string, port = 4702): Effect.Effect<number, never, MemoryNetwork.MemoryNetwork> =>
  Effect.map(
    traced,
    (trace) =>
      trace.filter(({ from, kind, to }) => kind === "SYN" && from.startsWith(`${ip}:`) && to.endsWith(`:${port}`))
        .length
  )
