/**
 * The sending half of a link: each message in a write of its own, or all messages of one turn of the event loop in one
 * write. The turn is the Effect scheduler's: the write happens when all fibers that can run now have run.
 */
import type { Pipe } from "@peerage/transport"
import { Bytes, Duration, Effect, type Fiber } from "effect"
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"
import type { SocketError } from "effect/socket/Socket"
import type { PeerUnresponsive } from "../LinkError.ts"
import { limit, timeOf, Waiting } from "./Waiting.ts"

/** The part of a time limit after which the system is first asked what the peer has taken: most waits are over by then. */
const firstLook = 0.01

/** The writing side of one pipe. Plain state, changed only by its link. */
export class Writing {
  private readonly pipe: Pipe.Pipe
  private readonly maxHeld: number
  /** How many bytes were written to the pipe so far. */
  written = 0
  private held: Array<Uint8Array> | undefined
  private heldBytes = 0
  /** The pipe is above its high-water mark. */
  private full = false
  private scheduled = false
  private readonly waiting = new Waiting()

  /** Writes to `pipe`. Holds back up to `maxHeld` bytes to write them together; with zero, writes each message alone. */
  constructor(pipe: Pipe.Pipe, maxHeld: number) {
    this.pipe = pipe
    this.maxHeld = maxHeld
  }

  /** Sends all chunks together. Waits while the peer is slow; fails when it takes nothing at all `within`. */
  send(
    chunks: NonEmptyReadonlyArray<Uint8Array>,
    within?: Duration.Input
  ): Effect.Effect<void, SocketError | PeerUnresponsive> {
    // Others are looked at where they are needed: most writes wait for nothing.
    if (typeof within === "number" && !(within >= 0)) timeOf(within)
    return Effect.withFiber((fiber) => {
      const broken = this.pipe.broken()
      if (broken !== undefined) return Effect.fail(broken)
      if (this.maxHeld === 0) this.write(chunks)
      else this.hold(chunks, fiber)
      return this.full && this.heldBytes >= this.maxHeld ? this.room(within) : Effect.void
    })
  }

  /** Writes all chunks together, and never waits. */
  hand(chunks: NonEmptyReadonlyArray<Uint8Array>): Effect.Effect<void, SocketError> {
    return Effect.suspend(() => {
      const broken = this.pipe.broken()
      if (broken !== undefined) return Effect.fail(broken)
      this.write(chunks)
      return Effect.void
    })
  }

  /** False while the peer is slow. */
  get hasRoom(): boolean {
    return !this.full
  }

  /** Hands what is held back to the pipe, and waits until the pipe has room. */
  flush(): Effect.Effect<void, SocketError> {
    return Effect.suspend(() => {
      this.flushNow()
      return this.waiting.until(() => this.state())
    })
  }

  /** Hands over what is held back, without waiting for a slow peer. */
  finish(): void {
    const { held } = this
    if (held === undefined || !isReadonlyArrayNonEmpty(held)) return
    const bytes = held.length === 1 ? held[0] : Bytes.concat(held)
    this.held = undefined
    this.heldBytes = 0
    this.write([bytes])
  }

  /** For the pipe's observer. */
  drained(): void {
    this.full = false
    this.flushNow()
    this.waiting.wake()
  }

  /**
   * Waits until the pipe has room. What the peer takes before that is not announced, so the system is asked for it when
   * the limit is over, and once before.
   */
  private room(within?: Duration.Input): Effect.Effect<void, SocketError | PeerUnresponsive> {
    const look = () => this.state()
    const silence = limit(within, () => "sign of reading")
    if (silence === undefined) return this.waiting.until(look)
    const limited = (millis: number, late: () => Effect.Effect<void, SocketError | PeerUnresponsive>) =>
      this.waiting.until(look, { within: Duration.millis(millis), late })
    const whole = Duration.toMillis(silence.within)
    const late = (): Effect.Effect<void, SocketError | PeerUnresponsive> => {
      const rest = whole - this.pipe.stalledFor()
      return rest > 0 ? limited(rest, late) : silence.late()
    }
    return limited(whole * firstLook, () => {
      this.pipe.stalledFor()
      return limited(whole * (1 - firstLook), late)
    })
  }

  private write(chunks: NonEmptyReadonlyArray<Uint8Array>): void {
    // Before the write: a pipe that drains during it is not full.
    this.full = true
    for (const { length } of chunks) this.written += length
    if (this.pipe.write(chunks)) this.full = false
  }

  private hold(chunks: NonEmptyReadonlyArray<Uint8Array>, fiber: Fiber.Fiber<unknown, unknown>): void {
    const held = this.held ??= []
    for (const bytes of chunks) {
      held.push(bytes)
      this.heldBytes += bytes.length
    }
    if (this.heldBytes >= this.maxHeld) this.flushNow()
    else if (!this.scheduled) {
      this.scheduled = true
      fiber.currentDispatcher.scheduleTask(() => {
        this.scheduled = false
        this.flushNow()
      }, 0)
    }
  }

  private flushNow(): void {
    if (!this.full) this.finish()
  }

  /** `undefined` while the pipe is full: one that waited before may have filled it again. */
  private state(): Effect.Effect<void, SocketError> | undefined {
    if (this.full) return undefined
    const broken = this.pipe.broken()
    return broken === undefined ? Effect.void : Effect.fail(broken)
  }
}
