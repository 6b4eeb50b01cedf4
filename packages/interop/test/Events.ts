/** Lives of our peers, and waiting for what they tell. Every wait has a deadline that only a defect reaches. */
import { Effect, Exit, Fiber, type Option, Random, Scope, Stream } from "effect"

const deadline = "5 minutes"

/** Waits for something that must come. */
export const soon = <A, E, R>(what: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.timeoutOrElse(effect, {
    duration: deadline,
    orElse: () => Effect.die(new Error(`not within ${deadline}: ${what}`))
  })

interface Telling<Event> {
  readonly events: Stream.Stream<Event>
}

const someOrDie = <A>(option: Option.Option<A>): Effect.Effect<A> =>
  option._tag === "Some" ? Effect.succeed(option.value) : Effect.die(new Error("the events ended"))

/** Listens from now on; what it gives waits for the first event of this kind. */
export const next = <Event extends { readonly _tag: string }, Tag extends Event["_tag"]>(
  { events }: Telling<Event>,
  tag: Tag
) => {
  type Wanted = Extract<Event, { readonly _tag: Tag }>
  const fits = (event: Event): event is Wanted => event._tag === tag
  return Effect.forkChild(Stream.runHead(Stream.filter(events, fits)), { startImmediately: true }).pipe(
    Effect.map((listening) => soon(tag, Effect.flatMap(Fiber.join(listening), someOrDie)))
  )
}

/** An address of this machine's loopback that nobody else uses: Linux answers at all of 127.0.0.0/8. */
export const loopback: Effect.Effect<string> = Effect.map(
  Effect.forEach([1, 2, 3], () => Random.nextIntBetween(1, 254)),
  (parts) => ["127", ...parts].join(".")
)

/** Something with a life of its own, and how to end that. */
export const mortal = <A, E, R>(make: Effect.Effect<A, E, R | Scope.Scope>) =>
  Effect.gen(function*() {
    const scope = yield* Scope.fork(yield* Effect.scope)
    const peer = yield* Scope.provide(make, scope)
    return { peer, end: Scope.close(scope, Exit.void) }
  })
