/**
 * What a room has written while its reader is behind. An answer waits for the reader, and so does the next line that is
 * typed. What happens waits for nobody: it is held up to a budget, then left out and counted, and the reader is told how
 * much is missing where it is.
 *
 *     reader is behind:  held, held, (left out), (left out) ... reader is back:  held, held, 2 are missing
 */
import { Effect, Latch } from "effect"
import { attentive, type Reader } from "./Reader.ts"

/** How a backlog is written. */
export interface BacklogOptions {
  /** Missing for one that is never behind. */
  readonly reader?: Reader | undefined
  /** Writes lines at once, wherever they wait then. */
  readonly write: (lines: ReadonlyArray<string>) => Effect.Effect<void>
  /** The lines that say how many events are missing. */
  readonly missing: (count: number) => Effect.Effect<ReadonlyArray<string>>
  /** The most that is held, in characters; more for a single event that is larger. */
  readonly budget?: number
}

const most = 8_388_608

/** Makes an empty backlog. The end of the scope writes what is held. */
export const make = Effect.fnUntraced(function*({ budget = most, missing, reader = attentive, write }: BacklogOptions) {
  let held: Array<string> = []
  let characters = 0
  let left = 0

  const isEmpty = () => held.length + left === 0
  const flush = Effect.suspend(() => {
    if (isEmpty()) return Effect.void
    const [lines, count] = [held, left]
    held = []
    characters = 0
    left = 0
    return count === 0 ? write(lines) : Effect.flatMap(missing(count), (more) => write([...lines, ...more]))
  })
  const hold = (lines: ReadonlyArray<string>) => {
    const size = lines.reduce((sum, line) => sum + line.length, 0)
    if (held.length > 0 && characters + size > budget) return left++
    held.push(...lines)
    characters += size
  }

  const waiting = yield* Latch.make()
  const writer = Latch.await(waiting).pipe(
    Effect.andThen(reader.caughtUp),
    Effect.andThen(Latch.close(waiting)),
    Effect.andThen(flush)
  )
  yield* Effect.addFinalizer(() => flush)
  yield* Effect.forkScoped(Effect.forever(writer))

  const isBehind = () => !isEmpty() || reader.isBehind()
  const answer = (lines: ReadonlyArray<string>): Effect.Effect<void> =>
    Effect.suspend(() =>
      isBehind() ? reader.caughtUp.pipe(Effect.andThen(flush), Effect.andThen(answer(lines))) : write(lines)
    )
  return {
    /** Writes an answer when all before it is read. */
    answer,
    /** Writes what has happened, or holds it, or leaves it out. Never waits. */
    happened: <Event>(events: ReadonlyArray<Event>, linesOf: (event: Event) => ReadonlyArray<string>) =>
      Effect.suspend(() => {
        if (!isBehind()) return write(events.flatMap(linesOf))
        for (const event of events) {
          // After one that was left out, the next ones are too: the gap is in one place.
          if (left > 0) left++
          else hold(linesOf(event))
        }
        return Latch.open(waiting)
      })
  }
})
