/** Hosts that can be stopped, hosts in the hand of a test, and what goes by on the network. */
import type { JoinPeer } from "@peerage/pyile"
import { Machines, Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Queue, Stream, SubscriptionRef } from "effect"
import { inet } from "../exchange/Pair.ts"
import { distPortOf, elapse, host, hostIp, joiner, scripted, settle, stranger } from "../peer/Network.ts"

/** A host in a scope of its own; `stop` stops it. */
export const house = (options: Parameters<typeof host>[0] = {}) =>
  Effect.map(Machines.inOwnScope(host(options)), ({ leave, service }) => ({ hosting: service, stop: leave }))

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
  const raw = new Stranger(yield* Queue.take(door.accepted))
  const words = [
    `{"banned": false}`,
    `{"authenticated": true}`,
    `{"distro": [["${hostIp}", 50000]]}`,
    `{"dist_addr": ["${hostIp}", ${distPort}]}`
  ]
  for (const word of words) {
    raw.write(word)
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
