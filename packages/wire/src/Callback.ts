/** Work that is done in callbacks, for which a fiber that is woken each time would cost more than the work. */
import { Effect } from "effect"

/** Does what there is to do. Gives what has to be done before it can go on, `undefined` when there is nothing more. */
export type Step<E> = () => Effect.Effect<void, E> | undefined

/** Calls `again` once, later, when there is something to do; what it returns takes that back. */
export type Wait = (again: () => void) => () => void

/**
 * Never succeeds: takes a step now, and one whenever there is something to do, in the callback that says so. The fiber
 * does what a step gives, and fails where that fails. What a step throws is a defect of the fiber, not of who calls.
 */
export const forever = <E>(step: Step<E>, wait: Wait): Effect.Effect<never, E> =>
  Effect.forever(Effect.callback<void, E>((resume) => {
    let leave = () => {}
    const go = () => {
      const todo = careful(step)
      if (todo === undefined) leave = wait(go)
      else resume(todo)
    }
    go()
    return Effect.sync(() => leave())
  }))

const careful = <E>(step: Step<E>): Effect.Effect<void, E> | undefined => {
  try {
    return step()
  } catch (defect) {
    return Effect.die(defect)
  }
}
