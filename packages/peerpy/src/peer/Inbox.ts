/**
 * What has arrived on a connection and waits for the application. Any number of fibers may take, each value goes to one
 * of them. What arrived before the end is taken before it. Who waits is resumed in the very call that brings something.
 */
import { Deferred, Effect, Ref, Result } from "effect"
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

/**
 * Takes at most `count` values as `read` has them. A value that `read` refuses ends what is taken before it; it is taken
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

/** Values of one connection. */
export interface Inbox<A, E> {
  /** Adds what has arrived, however much it is: it is in memory already. True where there may be no `room` for more. */
  readonly offer: (items: ReadonlyArray<A>) => Effect.Effect<boolean>
  /** Waits until less waits than `most`, or it has ended. */
  readonly room: Effect.Effect<void>
  /** Says that nothing more will come. The first reason counts. */
  readonly end: (reason: E) => Effect.Effect<void>
  /** Waits for at least one value and takes those there are, as the `take` of this module does. */
  readonly take: <B, F>(
    count: number,
    read: (item: A) => Result.Result<B, F>
  ) => Effect.Effect<NonEmptyReadonlyArray<B>, E | F>
}

/** What waits, and a change of it that is waited for: by takers of an empty inbox, or by the reader that fills it. */
interface State<A, E> {
  readonly waiting: Waiting<A, E>
  readonly change: Deferred.Deferred<void> | undefined
}

/** Nothing has arrived yet. With `most` values or more it is full. */
export const make = Effect.fnUntraced(function*<A, E>(most: number): Effect.fn.Return<Inbox<A, E>> {
  const state = yield* Ref.make<State<A, E>>({ waiting: { items: [], ended: undefined }, change: undefined })
  const isFull = ({ ended, items }: Waiting<A, E>) => items.length >= most && ended === undefined

  const changed: Effect.Effect<void> = Effect.flatMap(Deferred.make<void>(), (mine) =>
    Effect.flatMap(
      Ref.modify(state, ({ change = mine, waiting }) => [change, { waiting, change }]),
      Deferred.await
    ))

  /** Changes what waits, and resumes those that wait for that. True where it is full now. */
  const update = (f: (before: Waiting<A, E>) => Waiting<A, E>): Effect.Effect<boolean> =>
    Effect.flatMap(
      Ref.modify(state, ({ change, waiting }) => {
        const after = f(waiting)
        return [{ change, full: isFull(after) }, { waiting: after, change: undefined }]
      }),
      ({ change, full }) =>
        change === undefined ? Effect.succeed(full) : Effect.as(Deferred.succeed(change, undefined), full)
    )

  const takeUpTo = <B, F>(count: number, read: (item: A) => Result.Result<B, F>) => {
    const taking: Effect.Effect<NonEmptyReadonlyArray<B>, E | F> = Effect.flatMap(
      Ref.modify(state, ({ change, waiting }) => {
        const [taken, after] = take(waiting, count, read)
        const freed = isFull(waiting) && !isFull(after) ? change : undefined
        return [{ taken, freed }, { waiting: after, change: freed === undefined ? change : undefined }]
      }),
      ({ freed, taken }) => {
        if (taken === undefined) return Effect.andThen(changed, taking)
        const given = Effect.fromResult(taken)
        return freed === undefined ? given : Effect.andThen(Deferred.succeed(freed, undefined), given)
      }
    )
    return taking
  }
  const room: Effect.Effect<void> = Effect.flatMap(
    Ref.get(state),
    ({ waiting }) => isFull(waiting) ? Effect.andThen(changed, room) : Effect.void
  )

  return {
    offer: (items) => update((before) => add(before, items)),
    room,
    end: (reason) => Effect.asVoid(update((before) => end(before, reason))),
    take: takeUpTo
  }
})
