/** Whole networks in one process: a host and joiners, each on a machine of its own in a `MemoryNetwork`. */
import { MemoryNetwork, MemoryTransport, Transport } from "@peerage/transport"
import { type Duration, Effect, Fiber, Redacted, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { AuthPeer, JoinPeer, type PyileError } from "@peerage/pyile"

export const password = Redacted.make("sesame")
export const hostIp = "10.0.0.1"

/** Runs something on a machine of the network. */
export const on = <A, E, R>(
  ip: string,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, Transport.Transport> | MemoryNetwork.MemoryNetwork> =>
  Effect.flatMap(MemoryTransport.make(ip), (transport) => Effect.provideService(effect, Transport.Transport, transport))

/** A host at 10.0.0.1:4702. */
export const host = (options: Partial<AuthPeer.AuthPeerOptions> = {}) =>
  on(hostIp, AuthPeer.make({ password, listen: `${hostIp}:4702`, ...options }))

/** A joiner, not yet in. */
export const joiner = (ip: string, options: Partial<JoinPeer.JoinPeerOptions> = {}) =>
  on(ip, JoinPeer.make({ host: `${hostIp}:4702`, password, ...options }))

/** Lets everything that can happen without time passing happen. */
export const settle = Effect.repeat(Effect.yieldNow, { times: 100 })

/** Moves time after everything due has happened. */
export const elapse = (duration: Duration.Input) => Effect.andThen(settle, TestClock.adjust(duration))

/** Joins, moving time along. */
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
