/** Whole networks in one process: a host and joiners, each on a machine of its own in a `MemoryNetwork`. */
import { AuthPeer, JoinPeer, type PeerAddress, type PyileError, type PyileEvent } from "@peerage/pyile"
import { Machines, Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Redacted, type Scope, Stream, SubscriptionRef } from "effect"
import { elapse, hostIp, settle } from "../exchange/Pair.ts"

export { elapse, hostIp, settle, simulated, simulation } from "../exchange/Pair.ts"

export const password = Redacted.make("sesame")
export const [annIp, bobIp] = ["10.0.0.2", "10.0.0.3"]

export const { on } = Machines

/** A host at 10.0.0.1:4702. */
export const host = (options: Partial<AuthPeer.AuthPeerOptions> = {}) =>
  on(hostIp, AuthPeer.make({ password, listen: `${hostIp}:4702`, ...options }))

/** The same in a scope of its own; `stop` stops it. */
export const stoppable = (options: Partial<AuthPeer.AuthPeerOptions> = {}) =>
  Effect.map(Machines.inOwnScope(host(options)), ({ leave, service }) => ({ hosting: service, stop: leave }))

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

/** A host and Ann. */
export const pair = Effect.fnUntraced(function*(options: Partial<AuthPeer.AuthPeerOptions> = {}) {
  const hosting = yield* host(options)
  return { hosting, ann: yield* join(annIp) }
})

/** A host, Ann and Bob. */
export const trio = Effect.fnUntraced(function*(options: Partial<AuthPeer.AuthPeerOptions> = {}) {
  const two = yield* pair(options)
  return { ...two, bob: yield* join(bobIp) }
})

/** Joins in a scope of its own; `leave` leaves. */
export const visit = (ip: string, options: Partial<JoinPeer.JoinPeerOptions> = {}) =>
  Effect.map(Machines.inOwnScope(join(ip, options)), ({ leave, service }) => ({ ...service, leave }))

/** Tries to join and says why it did not work. Takes no time unless the host does. */
export const refusal = (ip: string, options: Partial<JoinPeer.JoinPeerOptions> = {}) =>
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

/** A connection of nobody in particular to a port of the host. */
export const stranger = (ip: string, port = 4702, to = hostIp) => Stranger.dial(ip, `${to}:${port}`)

/** A joiner in the hand of the test, step by step as far as `until`: what it gets then is the host's last message. */
export const scripted = Effect.fnUntraced(function*(ip: string, until: "Password" | "Address" | "List" | "Invitation") {
  const raw = yield* stranger(ip)
  const steps = { Password: 1, Address: 2, List: 3, Invitation: 4 }
  if (steps[until] >= 2) raw.write(`{"shadow": "sesame"}`)
  yield* settle
  if (steps[until] >= 3) raw.write(`{"peer_address": ["${ip}", 49317]}`)
  yield* settle
  if (steps[until] >= 4) yield* elapse(100)
  return raw
})

/** The port that a scripted joiner was invited to. */
export const distPortOf = (raw: Stranger): number => Number(/"dist_addr": \["[^"]*", (\d+)\]/.exec(raw.text)?.[1])

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
export const triesOf = (ip: string): Effect.Effect<number, never, MemoryNetwork.MemoryNetwork> =>
  Effect.map(
    traced,
    (trace) =>
      trace.filter(({ from, kind, to }) => kind === "SYN" && from.startsWith(`${ip}:`) && to.endsWith(":4702")).length
  )
