/** Programs on the machines of a simulated network, and how long they live. */
import { it } from "@effect/vitest"
import { MemoryNetwork, MemoryTransport, Simulation, Transport } from "@peerage/transport"
import { Effect, Exit, Fiber, Scope, Stream } from "effect"

const { elapse, settle } = Simulation

/** A network of its own. */
export const simulated = Effect.provide(MemoryNetwork.layer())

/** A test in a network of its own. */
type Body<Row extends ReadonlyArray<unknown>> = (
  ...row: Row
) => Generator<Effect.Effect<unknown, unknown, MemoryNetwork.MemoryNetwork | Scope.Scope>, unknown, never>

/** `it.effect` in a network of its own, the test as a generator. `simulation.each(rows)` does it for each row. */
export const simulation = Object.assign(
  (name: string, body: Body<[]>) => it.effect(name, () => Effect.gen(body).pipe(simulated)),
  {
    each: <Row>(rows: ReadonlyArray<Row>) => (name: string, body: Body<[Row]>) =>
      it.effect.each(rows)(name, (row) => Effect.gen(() => body(row)).pipe(simulated))
  }
)

/** Runs something on a machine of the network, which may have several addresses. */
export const on = <A, E, R>(
  host: MemoryNetwork.Hosts,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, Transport.Transport> | MemoryNetwork.MemoryNetwork> =>
  Effect.flatMap(
    MemoryTransport.make(host),
    (transport) => Effect.provideService(effect, Transport.Transport, transport)
  )

/** Something with a scope of its own: it lives until `leave`, or until the test ends. */
export const inOwnScope = Effect.fnUntraced(function*<A, E, R>(making: Effect.Effect<A, E, R>) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const service = yield* Effect.onError(Scope.provide(making, scope), () => Scope.close(scope, Exit.void))
  return { service, leave: Effect.andThen(Scope.close(scope, Exit.void), settle) }
})

/** Everything that somebody tells from now on, growing as it comes. */
export const collect = Effect.fnUntraced(function*<A>({ events }: { readonly events: Stream.Stream<A> }) {
  const told: Array<A> = []
  const listening = Stream.runForEach(events, (event) => Effect.sync(() => void told.push(event)))
  yield* Effect.forkScoped(listening, { startImmediately: true })
  yield* settle
  return told
})

/** Expects `effect` to fail after exactly `millis` and not before. Succeeds with why. */
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
