/** Random choices of peers. */
import { Effect, Random } from "effect"

/** Chooses `count` of a list, none twice, in random order; the whole list in its order where it is no longer. */
export const sample = <A>(list: ReadonlyArray<A>, count: number): Effect.Effect<ReadonlyArray<A>> =>
  list.length <= count
    ? Effect.succeed(list)
    : Effect.map(Effect.replicateEffect(Random.next, count), (chances) => pick(list, chances))

/**
 * Chooses as many of a list as there are chances, numbers from 0 below 1. All choices are equally likely. Takes time for
 * the chances alone: shuffling would take time for the whole list, which a stranger can make long.
 */
export const pick = <A>(list: ReadonlyArray<A>, chances: ReadonlyArray<number>): ReadonlyArray<A> => {
  // The first steps of a shuffle. Holds only the positions that it has exchanged.
  const moved = new Map<number, number>()
  return chances.flatMap((chance, at) => {
    const drawn = at + Math.floor(chance * (list.length - at))
    const chosen = moved.get(drawn) ?? drawn
    moved.set(drawn, moved.get(at) ?? at)
    return list.slice(chosen, chosen + 1)
  })
}
