/**
 * What has arrived on a connection and waits for the application: taken one at a time or all at once, by any number of
 * takers, each value by one of them. What arrived before the end is taken before the end is told.
 */
import { Effect, Latch, Result } from "effect"
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"

// Places of values that were taken, until those behind them move up.
const spent = 1024

/** Values in the order in which they arrived, and how that ended. */
export class Inbox<A, E> {
  private items: Array<A | undefined> = []
  private taken = 0
  private ended: E | undefined
  private readonly most: number
  private readonly filled = Latch.makeUnsafe(false)
  private readonly emptied = Latch.makeUnsafe(true)

  /** With `most` values or more it is full. */
  constructor(most: number) {
    this.most = most
  }

  private get waiting(): number {
    return this.items.length - this.taken
  }

  /** Adds what has arrived, however much it is: it is in memory already. `room` tells when to take in more. */
  readonly offer = (items: ReadonlyArray<A>): void => {
    if (items.length === 0 || this.ended !== undefined) return
    for (const item of items) this.items.push(item)
    if (this.waiting >= this.most) this.emptied.closeUnsafe()
    this.filled.openUnsafe()
  }

  /** Says that nothing more will come. */
  readonly end = (reason: E): void => {
    this.ended ??= reason
    this.filled.openUnsafe()
    this.emptied.openUnsafe()
  }

  /** Waits until it is not full. */
  readonly room: Effect.Effect<void> = Effect.suspend(() => this.waiting < this.most ? Effect.void : this.emptied.await)

  /** Waits for a value and takes it. */
  readonly take: Effect.Effect<A, E> = Effect.suspend(() => {
    const item = this.items[this.taken]
    if (item === undefined) return this.later(this.take)
    this.drop()
    this.settle()
    return Effect.succeed(item)
  })

  /**
   * Waits for at least one value and takes all there are, as `read` has them. One that `read` refuses ends what is taken
   * before it, and is taken and fails where it is the first.
   */
  takeAll<B, F>(read: (item: A) => Result.Result<B, F>): Effect.Effect<NonEmptyReadonlyArray<B>, E | F> {
    const taking: Effect.Effect<NonEmptyReadonlyArray<B>, E | F> = Effect.suspend(() => {
      const values: Array<B> = []
      let refused: Result.Failure<B, F> | undefined
      for (let item = this.items[this.taken]; item !== undefined; item = this.items[this.taken]) {
        const value = read(item)
        if (Result.isFailure(value)) {
          refused = value
          break
        }
        values.push(value.success)
        this.drop()
      }
      if (refused !== undefined && values.length === 0) this.drop()
      this.settle()
      if (isReadonlyArrayNonEmpty(values)) return Effect.succeed(values)
      return refused === undefined ? this.later(taking) : Effect.fail(refused.failure)
    })
    return taking
  }

  private drop() {
    // What was taken is not kept.
    this.items[this.taken++] = undefined
  }

  /** After something was taken. */
  private settle() {
    if (this.waiting === 0 || this.taken >= spent) {
      this.items = this.items.slice(this.taken)
      this.taken = 0
    }
    if (this.waiting === 0 && this.ended === undefined) this.filled.closeUnsafe()
    if (this.waiting < this.most) this.emptied.openUnsafe()
  }

  /** Waits for more. Another taker may take what this one waited for: then it waits again. */
  private later<B, F>(taking: Effect.Effect<B, F>): Effect.Effect<B, E | F> {
    return this.ended === undefined ? Effect.andThen(this.filled.await, taking) : Effect.fail(this.ended)
  }
}
