/**
 * The sending half of a link: each message in a write of its own, or all of one turn of the event loop in one write.
 *
 * The turn is the Effect scheduler's: what the fibers that run now send goes out when they have all had their turn.
 */
import { type Pipe, Timeouts } from "@peerage/transport"
import { Bytes, Duration, Effect, type Fiber } from "effect"
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"
import type { SocketError } from "effect/socket/Socket"
import { PeerUnresponsive } from "../LinkError.ts"

/** The writing side of one pipe. */
export interface Writing {
  /** Sends all chunks together, and waits while the peer is slow, for ever or `within`. */
  readonly send: (
    chunks: NonEmptyReadonlyArray<Uint8Array>,
    within?: Duration.Input
  ) => Effect.Effect<void, SocketError | PeerUnresponsive>
  /** Hands what is held back to the pipe, and waits until it has room again. */
  readonly flush: Effect.Effect<void, SocketError>
  /** Hands all chunks over together, and waits for nothing. */
  readonly hand: (chunks: NonEmptyReadonlyArray<Uint8Array>) => Effect.Effect<void, SocketError>
  /** False while the peer is slow. */
  readonly hasRoom: () => boolean
  /** Bytes that were handed to the pipe so far. */
  readonly written: () => number
  /** Hands over what is held back, without waiting for a slow peer. */
  readonly finish: () => void
  /** For the pipe's observer. */
  readonly drained: () => void
}

/** Writes to `pipe`. Holds at most `maxHeld` bytes back to write them together; zero writes each message alone. */
export const make = (pipe: Pipe.Pipe, maxHeld: number): Writing => {
  const waiting = new Set<() => void>()
  let held: Array<Uint8Array> = []
  let heldBytes = 0
  let written = 0
  /** The pipe is above its high-water mark. */
  let full = false
  let scheduled = false

  const write = (chunks: NonEmptyReadonlyArray<Uint8Array>) => {
    // Before the write: a pipe that drains during it must not be taken for a full one.
    full = true
    for (const { length } of chunks) written += length
    if (pipe.write(chunks)) full = false
  }

  const finish = () => {
    if (!isReadonlyArrayNonEmpty(held)) return
    const bytes = held.length === 1 ? held[0] : Bytes.concat(held)
    held = []
    heldBytes = 0
    write([bytes])
  }

  const flushNow = () => {
    if (!full) finish()
  }

  const schedule = (fiber: Fiber.Fiber<unknown, unknown>) => {
    if (scheduled) return
    scheduled = true
    fiber.currentDispatcher.scheduleTask(() => {
      scheduled = false
      flushNow()
    }, 0)
  }

  const state = (): Effect.Effect<void, SocketError> => {
    const broken = pipe.broken()
    return broken === undefined ? Effect.void : Effect.fail(broken)
  }

  const register = (resume: (result: Effect.Effect<void, SocketError>) => void): (() => void) | undefined => {
    if (!full) {
      resume(state())
      return undefined
    }
    const go = () => {
      // One that went on before may have filled the pipe again.
      if (full) return
      waiting.delete(go)
      resume(state())
    }
    waiting.add(go)
    return () => void waiting.delete(go)
  }

  const forEver: Effect.Effect<void, SocketError> = Effect.callback((resume) => {
    const leave = register(resume)
    return leave === undefined ? undefined : Effect.sync(leave)
  })

  const room = (input: Duration.Input | undefined): Effect.Effect<void, SocketError | PeerUnresponsive> => {
    if (input === undefined) return forEver
    const within = Duration.fromInputUnsafe(input)
    const late = () => Effect.fail(new PeerUnresponsive({ awaited: "sign of reading", within }))
    return Timeouts.wait<void, SocketError | PeerUnresponsive>(within, register, late)
  }

  return {
    finish,
    hand: (chunks) =>
      Effect.suspend(() => {
        const broken = pipe.broken()
        if (broken !== undefined) return Effect.fail(broken)
        write(chunks)
        return Effect.void
      }),
    hasRoom: () => !full,
    written: () => written,
    send: (chunks, within) =>
      Effect.withFiber((fiber) => {
        const broken = pipe.broken()
        if (broken !== undefined) return Effect.fail(broken)
        if (maxHeld === 0) write(chunks)
        else {
          for (const bytes of chunks) {
            held.push(bytes)
            heldBytes += bytes.length
          }
          if (heldBytes >= maxHeld) flushNow()
          else schedule(fiber)
        }
        return full && heldBytes >= maxHeld ? room(within) : Effect.void
      }),
    flush: Effect.suspend(() => {
      flushNow()
      return full ? forEver : state()
    }),
    drained: () => {
      full = false
      flushNow()
      for (const go of waiting) go()
    }
  }
}
