/**
 * What has arrived on a connection and waits for the application. Any number of fibers may take; each value goes to one
 * of them. What arrived before the end is taken before it. A fiber that waits is resumed in the call that adds a value.
 */
import { Deferred, Effect, MutableRef, Result } from "effect"
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"

/** What waits, in the order in which it arrived. */
export interface Waiting<A, E> {
  readonly items: ReadonlyArray<A>
  /** Why nothing more will come. */
  readonly ended: E | undefined
}

/** Adds what has arrived. After the end nothing is added. */
export const add = <A, E>({ ended, items }: Waiting<A, E>, arrived: ReadonlyArray<A>): Waiting<A, E> => ({
  items: ended !== undefined ? items : items.length === 0 ? arrived : [...items, ...arrived],
  ended
})

/** Ends it. The first reason counts. */
export const end = <A, E>({ ended, items }: Waiting<A, E>, reason: E): Waiting<A, E> => ({
  items,
  ended: ended ?? reason
})

/** Drops what waits. */
export const drop = <A, E>({ ended }: Waiting<A, E>): Waiting<A, E> => ({ items: [], ended })

/**
 * Takes at most `count` values as `read` converts them. A value that `read` refuses ends what is taken before it; it is taken
 * and fails where it is the first. Gives `undefined` where there is nothing, and after the last value fails with the end.
 */
export const take = <A, E, B, F>(
  before: Waiting<A, E>,
  count: number,
  read: (item: A) => Result.Result<B, F>
): readonly [Result.Result<NonEmptyReadonlyArray<B>, E | F> | undefined, Waiting<A, E>] => {
  const { ended, items } = before
  const values: Array<B> = []
  for (const item of items) {
    if (values.length === count) break
    const value = read(item)
    if (Result.isFailure(value)) {
      if (values.length > 0) break
      return [Result.fail(value.failure), { ended, items: items.slice(1) }]
    }
    values.push(value.success)
  }
  if (isReadonlyArrayNonEmpty(values)) return [Result.succeed(values), { ended, items: items.slice(values.length) }]
  return [ended === undefined ? undefined : Result.fail(ended), before]
}

/** What waits, and a change of it that is waited for: by takers of an empty inbox, or by the reader that fills it. */
interface State<A, E> {
  readonly waiting: Waiting<A, E>
  readonly change: Deferred.Deferred<void> | undefined
}

/** Nothing has arrived yet. With `most` values or more it is full. */
export const make = <A, E>(most: number) => {
  // Read and set within one step: a `Ref` would cost each message as much as all that is done with it here.
  const state = MutableRef.make<State<A, E>>({ waiting: { items: [], ended: undefined }, change: undefined })
  const isFull = ({ ended, items }: Waiting<A, E>) => items.length >= most && ended === undefined

  const changed: Effect.Effect<void> = Effect.flatMap(Deferred.make<void>(), (mine) => {
    const { change = mine, waiting } = MutableRef.get(state)
    MutableRef.set(state, { waiting, change })
    return Deferred.await(change)
  })

  /** Changes what waits, and resumes those that wait for that. */
  const update = (waiting: Waiting<A, E>): Effect.Effect<unknown> => {
    const { change } = MutableRef.get(state)
    MutableRef.set(state, { waiting, change: undefined })
    return change === undefined ? Effect.void : Deferred.succeed(change, undefined)
  }

  const takeUpTo = <B, F>(count: number, read: (item: A) => Result.Result<B, F>) => {
    const taking: Effect.Effect<NonEmptyReadonlyArray<B>, E | F> = Effect.suspend(() => {
      const { change, waiting } = MutableRef.get(state)
      const [taken, after] = take(waiting, count, read)
      if (taken === undefined) return Effect.flatMap(changed, () => taking)
      if (isFull(waiting) && !isFull(after)) return Effect.andThen(update(after), Effect.fromResult(taken))
      MutableRef.set(state, { waiting: after, change })
      return Effect.fromResult(taken)
    })
    return taking
  }

  const room: Effect.Effect<void> = Effect.suspend(() =>
    isFull(MutableRef.get(state).waiting) ? Effect.flatMap(changed, () => room) : Effect.void
  )
  return {
    /** Adds what has arrived, however much it is: it is in memory already. */
    offer: (items: ReadonlyArray<A>) => Effect.suspend(() => update(add(MutableRef.get(state).waiting, items))),
    isFull: () => isFull(MutableRef.get(state).waiting),
    /** Waits until it is not full, or has ended. */
    room,
    /** Drops what waits. */
    drop: Effect.suspend(() => update(drop(MutableRef.get(state).waiting))),
    /** What waits. */
    waiting: () => MutableRef.get(state).waiting.items,
    /** Says that nothing more will come. The first reason counts. */
    end: (reason: E) => Effect.suspend(() => update(end(MutableRef.get(state).waiting, reason))),
    /** Waits for at least one value and takes those there are, as the `take` of this module does. */
    take: takeUpTo
  }
}

/** Values of one connection. */
export type Inbox<A, E> = ReturnType<typeof make<A, E>>
