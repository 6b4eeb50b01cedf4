/**
 * What waits to be said to one neighbour: text in its order, and ids it may have to be told about. Text is bounded by
 * number and bytes; ids need no bound, as one that changes back and forth is there once.
 */
import { Effect, Latch } from "effect"
import type { ChatConfig } from "../ChatConfig.ts"
import { segments } from "../codec/Frame.ts"
import type { PeerId } from "../codec/PeerId.ts"
import { bytesOf, type Taken } from "./Store.ts"

// Cheaper than `queueMicrotask`, of whose tasks Node keeps a record.
const settled = Promise.resolve()

// A turn at most, so that a long one does not hold up what comes behind it: characters of text, and ids.
const turnCharacters = 65_536
const turnIds = 1024

/** The bounds of an outbox. A single message fits an empty one always. */
export type Limits = Pick<ChatConfig, "maxOutbox" | "maxOutboxBytes">

/** Plain state of one neighbour, changed only by the router and the neighbour's own speaking. */
export class Outbox {
  /** Open while there is room for text, and once nobody speaks to the neighbour any more. */
  readonly roomy: Latch.Latch = Latch.makeUnsafe(true)
  /** Receivers whose text is in the store because there was no room here; what follows it has to queue up behind it. */
  readonly congested = new Set<PeerId>()
  private waking = false
  private speaker: (() => void) | undefined
  private letters: Array<Taken> = []
  private touched = new Set<PeerId>()
  private bytes = 0
  private readonly limits: Limits

  constructor(limits: Limits) {
    this.limits = limits
  }

  /** True when there is no room for one more message. */
  get isFull(): boolean {
    return this.letters.length >= this.limits.maxOutbox || this.bytes >= this.limits.maxOutboxBytes
  }

  /** True when nothing waits. */
  get isEmpty(): boolean {
    return this.letters.length === 0 && this.touched.size === 0
  }

  /**
   * Calls `speak` when something comes, at the end of the step that brings it: it may bring more, and is not interrupted.
   * What it returns takes that back. There is one who speaks, and who waits when there is nothing.
   */
  whenFilled(speak: () => void): () => void {
    this.speaker = speak
    return () => {
      this.speaker = undefined
    }
  }

  /** Waits for something to come. */
  readonly filled: Effect.Effect<void> = Effect.callback((resume) =>
    Effect.sync(this.whenFilled(() => resume(Effect.void)))
  )

  /** Adds a message, with where it came from. Whoever adds looks for room first. */
  put(letter: Taken): void {
    this.letters.push(letter)
    this.bytes += bytesOf(letter.message)
    this.wake()
    if (this.isFull) this.roomy.closeUnsafe()
  }

  /** Notes ids that the neighbour may have to be told about. */
  touch(ids: Iterable<PeerId>): void {
    for (const id of ids) this.touched.add(id)
    if (this.touched.size > 0) this.wake()
  }

  /** Takes as much text as one turn has, at most about so many segments. */
  takeLetters(most: number): ReadonlyArray<Taken> {
    let [characters, filled] = [0, 0]
    const end = this.letters.findIndex(({ message: { text } }) => {
      characters += text.length
      filled += Math.max(1, segments(text.length))
      return characters > turnCharacters || filled > most
    })
    // One message at least, however long.
    return this.remove(end === -1 ? this.letters.length : Math.max(1, end))
  }

  /** Takes as many ids as one turn has, at most so many. */
  takeTouched(most: number): ReadonlyArray<PeerId> {
    const ids: Array<PeerId> = []
    for (const id of this.touched) {
      if (ids.length >= Math.min(most, turnIds)) break
      ids.push(id)
      this.touched.delete(id)
    }
    return ids
  }

  /** Takes all text that is left. */
  clear(): Array<Taken> {
    this.roomy.openUnsafe()
    return this.remove(this.letters.length)
  }

  /** Says that a turn was taken: nobody waits for room when there is some. */
  rest(): void {
    if (!this.isFull) this.roomy.openUnsafe()
  }

  /** The end of the step is a microtask away. A turn of the scheduler is one of the event loop: half the time of an answer. */
  private wake(): void {
    if (this.speaker === undefined || this.waking) return
    this.waking = true
    void settled.then(this.awake)
  }

  private readonly awake = (): void => {
    this.waking = false
    const { speaker } = this
    this.speaker = undefined
    speaker?.()
  }

  /** Takes so many letters from the front. */
  private remove(count: number): Array<Taken> {
    const removed = this.letters.splice(0, count)
    for (const { message } of removed) this.bytes -= bytesOf(message)
    return removed
  }
}
