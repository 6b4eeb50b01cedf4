/**
 * A link on the lower door of a transport: no scope, no stream and no fiber of its own, and waiting is one callback. For
 * peers that thousands come to, or whose next word waits for the last one's answer.
 *
 * Whoever holds the pipe closes it. Bytes are taken only while somebody waits for them, so that a peer which is not
 * listened to has to wait itself.
 */
import { Patience, type Pipe } from "@peerage/transport"
import { Effect } from "effect"
import type { SocketError } from "effect/socket/Socket"
import * as Dialogue from "./Dialogue.ts"
import type { Format } from "./Format.ts"
import { Inbox } from "./Inbox.ts"
import type { PeerUnresponsive, ReceiveError } from "./LinkError.ts"

/** A link that can be listened to without waiting. */
export interface PipeLink extends Dialogue.Link {
  /**
   * Calls `tell` once, when the next receive need not wait (at once where it need not now), with why there is nothing more
   * to receive where that is so. What this returns takes that back.
   */
  readonly heard: (tell: (ended: ReceiveError | undefined) => void) => () => void
}

/** Options of a link on a pipe. */
export interface Options<State> {
  readonly format: Format<State>
  /** Bytes of one received frame at most. Default: the format's. */
  readonly limit?: number | undefined
}

/** Callbacks, each called once. */
class Waiting {
  private callbacks = new Set<() => void>()
  get none(): boolean {
    return this.callbacks.size === 0
  }
  add(callback: () => void): () => void {
    this.callbacks.add(callback)
    return () => void this.callbacks.delete(callback)
  }
  wake() {
    const callbacks = this.callbacks
    this.callbacks = new Set()
    for (const callback of callbacks) callback()
  }
}

/** Takes the pipe's observer over, until somebody else does. */
export const make = <State>(pipe: Pipe.Pipe, { format, limit }: Options<State>): PipeLink => {
  const inbox = new Inbox(format, limit ?? format.limit)
  const readers = new Waiting()
  const writers = new Waiting()
  let drains = 0

  const take = () => {
    for (let chunks = pipe.take(); chunks !== undefined; chunks = pipe.take()) inbox.absorb(chunks)
    const ended = pipe.ended()
    if (ended !== undefined) inbox.end(ended)
  }
  const readable = () => {
    if (readers.none) return
    take()
    if (inbox.ready) readers.wake()
  }
  const drained = () => {
    drains++
    writers.wake()
  }
  pipe.observe({
    readable,
    drained,
    closed: () => {
      readable()
      drained()
    }
  })

  const listen = (tell: () => void): () => void => {
    if (!inbox.ready) take()
    if (!inbox.ready) return readers.add(tell)
    tell()
    return () => {}
  }

  const fill = (resume: (filled: Effect.Effect<void>) => void) => listen(() => resume(Effect.void))

  const written = (): Effect.Effect<void, SocketError> => {
    const broken = pipe.broken()
    return broken === undefined ? Effect.void : Effect.fail(broken)
  }

  /** Waits for a drain, unless there was one since `before`. */
  const drain = (before: number) => (resume: (drained: Effect.Effect<void, SocketError>) => void) => {
    if (drains === before) return writers.add(() => resume(written()))
    resume(written())
    return () => {}
  }

  /** True when nothing need be waited for. */
  const write = (bytes: Uint8Array): Effect.Effect<void, SocketError> | undefined => {
    const broken = pipe.broken()
    if (broken !== undefined) return Effect.fail(broken)
    return pipe.write([bytes]) ? Effect.void : undefined
  }

  const link = Dialogue.make({
    local: pipe.local,
    remote: pipe.remote,
    format,
    inbox,
    filled: Effect.callback((resume) => Effect.sync(fill(resume))),
    filledWithin: (within, late) => Patience.wait(within, fill, () => Effect.fail(late())),
    outbox: {
      send: (bytes) =>
        Effect.suspend(() => {
          const before = drains
          return write(bytes) ?? Effect.callback((resume) => Effect.sync(drain(before)(resume)))
        }),
      flush: Effect.suspend(written)
    },
    sendWithin: (bytes, within, late) =>
      Effect.suspend(() => {
        const before = drains
        return write(bytes)
          ?? Patience.wait<void, SocketError | PeerUnresponsive>(within, drain(before), () => Effect.fail(late()))
      })
  })
  return { ...link, heard: (tell) => listen(() => tell(inbox.peek() === undefined ? inbox.ended : undefined)) }
}
