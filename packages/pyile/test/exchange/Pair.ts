/** Both ends of one connection of a simulated network, and time under control. */
import { Connection, MemoryNetwork, type Pipe } from "@peerage/transport"
import { Link } from "@peerage/wire"
import { type Duration, Effect, Fiber, Queue, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { TestClock } from "effect/testing"
import { format } from "../../src/codec/Frame.ts"
import { Raw } from "./Raw.ts"

export const hostIp = "10.0.0.1"
export const joinerIp = "10.0.0.2"
export const simulated = Effect.provide(MemoryNetwork.layer())
export const inet = NetAddress.inetAddressFromStringUnsafe

/** Lets everything happen that needs no time: until fibers and network have nothing more to do. */
export const settle: Effect.Effect<void, never, MemoryNetwork.MemoryNetwork> = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  let before = -1
  let now = yield* network.events
  while (before !== now) {
    yield* Effect.repeat(Effect.yieldNow, { times: 50 })
    before = now
    now = yield* network.events
  }
})

/** Moves time, after everything due has happened, and lets what follows happen. */
export const elapse = (duration: Duration.Input) =>
  settle.pipe(Effect.andThen(TestClock.adjust(duration)), Effect.andThen(settle))

/** A connection, as pipes. */
export const connect = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(hostIp).listen(inet(`${hostIp}:4702`))
  const joiner = yield* network.transport(joinerIp).connect(inet(`${hostIp}:4702`))
  return { joiner, host: yield* Queue.take(listener.accepted) }
})

/** A link over one end. */
export const linkOver = (pipe: Pipe.Pipe, limit?: number) => Link.make(Connection.fromPipe(pipe), { format, limit })

/** A joiner's link to a host that the test plays. */
export const toHost = Effect.gen(function*() {
  const { host, joiner } = yield* connect
  return { link: yield* linkOver(joiner), host: new Raw(host) }
})

/** A host's link to a joiner that the test plays. */
export const toJoiner = (limit?: number) =>
  Effect.gen(function*() {
    const { host, joiner } = yield* connect
    return { link: yield* linkOver(host, limit), joiner: new Raw(joiner) }
  })

/** Expects `effect` to fail after exactly `millis` and not before. Returns why. */
export const failsAfter = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  millis: number
): Effect.Effect<E, A | string, R | MemoryNetwork.MemoryNetwork | Scope.Scope> =>
  Effect.gen(function*() {
    const running = yield* Effect.forkScoped(Effect.flip(effect))
    yield* elapse(millis - 1)
    if (running.pollUnsafe() !== undefined) return yield* Effect.fail(`ended before ${millis} ms`)
    yield* elapse(1)
    if (running.pollUnsafe() === undefined) return yield* Effect.fail(`did not end after ${millis} ms`)
    return yield* Fiber.join(running)
  })
