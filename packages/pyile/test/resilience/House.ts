/** Hosts that can be stopped, hosts in the hand of a test, and what goes by on the network. */
import type { JoinPeer } from "@peerage/pyile"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Exit, Queue, Scope, Stream, SubscriptionRef } from "effect"
import { inet } from "../exchange/Pair.ts"
import { distPortOf, elapse, host, hostIp, joiner, Raw, scripted, settle, stranger } from "../peer/Network.ts"

/** A host in a scope of its own; `stop` stops it. */
export const house = Effect.fnUntraced(function*(options: Parameters<typeof host>[0] = {}) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const hosting = yield* Scope.provide(host(options), scope)
  return { hosting, stop: Effect.andThen(Scope.close(scope, Exit.void), settle) }
})

/** A member in the hand of the test: its auth connection, on which it answers nothing by itself. */
export const member = Effect.fnUntraced(function*(ip: string) {
  const raw = yield* scripted(ip, "Invitation")
  yield* stranger(ip, distPortOf(raw))
  return raw
})

/** A host in the hand of the test. It names `distPort` to its joiner and listens at 50,001. */
export const played = Effect.fnUntraced(function*(ip: string, distPort = 50_001) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const transport = network.transport(hostIp)
  const door = yield* transport.listen(inet(`${hostIp}:4702`))
  yield* transport.listen(inet(`${hostIp}:50001`))
  const joining = yield* Effect.forkScoped(joiner(ip))
  const raw = new Raw(yield* Queue.take(door.accepted))
  const words = [
    `{"banned": false}`,
    `{"authenticated": true}`,
    `{"distro": [["${hostIp}", 50000]]}`,
    `{"dist_addr": ["${hostIp}", ${distPort}]}`
  ]
  for (const word of words) {
    raw.say(word)
    yield* elapse(1)
  }
  return { raw, joining }
})

/** Every status from now on, beginning with the current one. */
export const statuses = Effect.fnUntraced(function*(peer: Pick<JoinPeer.JoinPeerService, "status">) {
  const seen: Array<string> = []
  yield* Effect.forkScoped(
    Stream.runForEach(
      SubscriptionRef.changes(peer.status),
      (status) =>
        Effect.sync(() => void seen.push("reason" in status ? `${status._tag} ${status.reason}` : status._tag))
    )
  )
  yield* settle
  return seen
})

/** When a machine tried to join, in milliseconds. */
export const tries = (ip: string): Effect.Effect<ReadonlyArray<number>, never, MemoryNetwork.MemoryNetwork> =>
  Effect.flatMap(MemoryNetwork.MemoryNetwork, (network) =>
    Effect.map(network.trace, (trace) =>
      trace
        .filter(({ from, kind, to }) => kind === "SYN" && from.startsWith(`${ip}:`) && to.endsWith(":4702"))
        .map(({ at }) => at)))
