/**
 * What a peer tells the world as it happens, whatever the protocol: published in batches, heard by whoever listens. A
 * listener that does not keep up loses the oldest events; nobody is held up by it.
 *
 * Effect's PubSub does as much and more; a message that is answered at once spent a tenth of its time in it.
 */
import { Array, Cause, type Context, Effect, type Pull, type Scope, Stream } from "effect"

/** A peer's events. */
export interface Events<Event> {
  readonly publish: (events: ReadonlyArray<Event>) => Effect.Effect<void>
  /**
   * Publishes what `take` gives. Nothing comes between taking and publishing, so the events of several fibers are
   * published in the order in which they are taken.
   */
  readonly publishFrom: (take: () => ReadonlyArray<Event>) => Effect.Effect<void>
  /** `publish` for a callback. Who listens has them when this returns, unless something holds it up. */
  readonly publishUnsafe: (events: ReadonlyArray<Event>) => void
  /** Whether what is published now is heard, kept or counted: where there are many, who does not, need not make them. */
  readonly awaited: () => boolean
  /** What happens from now on. Never fails, ends with the scope that the events were made in. */
  readonly stream: Stream.Stream<Event>
}

/** How events are kept and counted. */
export interface Options<Event> {
  /** Events held for a listener. */
  readonly buffer: number
  /** Changes metrics by what is in a batch; they are found in the context that the events were made in. */
  readonly count?: ((events: ReadonlyArray<Event>, context: Context.Context<never>) => void) | undefined
  /** Which events wait for the first listener, where there is none yet; at most as many as the buffer holds. */
  readonly awaits?: ((event: Event) => boolean) | undefined
}

/** What somebody has still to hear. */
class Listener<Event> {
  private held: Array<Event>
  private tell: (() => void) | undefined
  private ended = false
  private readonly buffer: number

  constructor(buffer: number, early: Array<Event>) {
    this.buffer = buffer
    this.held = early
  }

  hold(events: ReadonlyArray<Event>): void {
    for (const event of events) this.held.push(event)
    if (this.held.length > this.buffer) this.held.splice(0, this.held.length - this.buffer)
  }

  /** Nothing more comes. */
  end(): void {
    this.ended = true
    this.wake()
  }

  wake(): void {
    const { tell } = this
    this.tell = undefined
    tell?.()
  }

  /** Takes all that is held, once there is something. */
  readonly pull: Pull.Pull<Array.NonEmptyReadonlyArray<Event>> = Effect.suspend(() => {
    const events = this.held
    if (!Array.isReadonlyArrayNonEmpty(events)) return this.ended ? Cause.done() : this.next
    this.held = []
    return Effect.succeed(events)
  })

  private readonly next = Effect.callback<Array.NonEmptyReadonlyArray<Event>, Cause.Done>((resume) => {
    this.tell = () => resume(this.pull)
    return Effect.sync(() => {
      this.tell = undefined
    })
  })
}

/** Events, held for the scope's life. */
export const make = Effect.fnUntraced(function*<Event>(
  { awaits, buffer, count }: Options<Event>
): Effect.fn.Return<Events<Event>, never, Scope.Scope> {
  const context = yield* Effect.context<never>()
  const listeners = new Set<Listener<Event>>()
  let unheard: Array<Event> | undefined = []
  let over = false
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      over = true
      for (const listener of listeners) listener.end()
    })
  )
  const keep = (events: ReadonlyArray<Event>) => {
    if (unheard === undefined || awaits === undefined) return
    unheard.push(...events.filter(awaits))
    unheard.splice(0, unheard.length - buffer)
  }
  const publishUnsafe = (events: ReadonlyArray<Event>) => {
    if (events.length === 0 || over) return
    keep(events)
    count?.(events, context)
    // All have them before one is woken, who may publish in turn: everybody hears in the same order.
    for (const listener of listeners) listener.hold(events)
    for (const listener of listeners) listener.wake()
  }
  const enter = Effect.sync(() => {
    const listener = new Listener(buffer, unheard ?? [])
    unheard = undefined
    listeners.add(listener)
    if (over) listener.end()
    return listener
  })
  const listen = Effect.acquireRelease(enter, (listener) => Effect.sync(() => listeners.delete(listener)))
  return {
    publish: (events) => Effect.sync(() => publishUnsafe(events)),
    publishFrom: (take) => Effect.sync(() => publishUnsafe(take())),
    publishUnsafe,
    awaited: () => listeners.size > 0 || count !== undefined || awaits !== undefined,
    stream: Stream.unwrap(Effect.map(listen, ({ pull }) => Stream.fromPull(Effect.succeed(pull))))
  }
})
