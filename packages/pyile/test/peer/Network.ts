/** Whole networks in one process: a host and joiners, each on a machine of its own in a `MemoryNetwork`. */
import { AuthPeer, JoinPeer, type PyileError } from "@peerage/pyile"
import { Machines } from "@peerage/testing"
import type { MemoryNetwork } from "@peerage/transport"
import { Effect, Fiber, Redacted, type Scope } from "effect"
import { elapse, hostIp } from "../exchange/Pair.ts"

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
