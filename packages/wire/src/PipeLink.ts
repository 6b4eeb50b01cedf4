/**
 * A link on the lower door of a transport: no scope, no stream and no fiber of its own, and waiting is one callback. For
 * peers that thousands come to, or whose next word waits for the last one's answer.
 *
 * Whoever holds the pipe closes it. Bytes are taken only while somebody waits for them, so that a peer which is not
 * listened to has to wait itself.
 */
import { type Pipe, Timeouts } from "@peerage/transport"
import { Duration, Effect, Result } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type { SocketError } from "effect/socket/Socket"
import * as Callback from "./Callback.ts"
import * as Dialogue from "./Dialogue.ts"
import type { Format } from "./Format.ts"
import { decoder, type Message } from "./link/Encoding.ts"
import { Inbox } from "./link/Inbox.ts"
import type { PeerUnresponsive, ReceiveError } from "./LinkError.ts"

/** A link that can be listened and spoken to in callbacks, without a fiber that waits for each message. */
export interface PipeLink extends Dialogue.Link {
  /**
   * Calls `tell` once, when the next receive need not wait (at once where it need not now), with why there is nothing more
   * to receive where that is so. What this returns takes that back.
   */
  readonly heard: (tell: (ended: ReceiveError | undefined) => void) => () => void
  /**
   * Never succeeds: calls `take` with all messages that came together, as they come. What it gives, if anything, is done
   * before more is taken.
   */
  readonly attend: <A, E>(
    message: Message<A>,
    take: (messages: NonEmptyReadonlyArray<A>) => Effect.Effect<void, E> | undefined
  ) => Effect.Effect<never, ReceiveError | E>
  /**
   * Sends what `Link.encode` gave at once. Gives `undefined`, or what there is to wait for: a failure, or that the peer
   * reads `within` some time.
   */
  readonly handOver: (
    bytes: Uint8Array,
    within: Duration.Input
  ) => Effect.Effect<void, SocketError | PeerUnresponsive> | undefined
}

/** Options of a link on a pipe. */
export interface Options<State> {
  readonly format: Format<State>
  /** Bytes of one received frame at most. Default: the format's. */
  readonly limit?: number | undefined
}

/** Calls `resume` once, later or at once; what it returns takes that back. */
type Register<E> = (resume: (result: Effect.Effect<void, E>) => void) => () => void

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

  const absorb = () => {
    for (let chunks = pipe.take(); chunks !== undefined; chunks = pipe.take()) inbox.absorb(chunks)
    const ended = pipe.ended()
    if (ended !== undefined) inbox.end(ended)
  }
  const readable = () => {
    if (readers.none) return
    absorb()
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
    if (!inbox.ready) absorb()
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
  const drain = (before: number): Register<SocketError> => (resume) => {
    if (drains === before) return writers.add(() => resume(written()))
    resume(written())
    return () => {}
  }

  /** Writes; gives what is to be waited for. */
  const write = <E>(
    bytes: Uint8Array,
    wait: (drain: Register<SocketError>) => Effect.Effect<void, E>
  ): Effect.Effect<void, SocketError | E> | undefined => {
    const broken = pipe.broken()
    if (broken !== undefined) return Effect.fail(broken)
    const before = drains
    return pipe.write([bytes]) ? undefined : wait(drain(before))
  }

  const handOver = (bytes: Uint8Array, within: Duration.Duration, late: Dialogue.Late) =>
    write(
      bytes,
      (drain) => Timeouts.wait<void, SocketError | PeerUnresponsive>(within, drain, () => Effect.fail(late()))
    )

  const attend = <A, E>(
    message: Message<A>,
    take: (messages: NonEmptyReadonlyArray<A>) => Effect.Effect<void, E> | undefined
  ): Effect.Effect<never, ReceiveError | E> => {
    const read = decoder(format, message)
    const arrived = () => {
      if (!inbox.ready) absorb()
      return Dialogue.takeAll(inbox, read)
    }
    const step = (): Effect.Effect<void, ReceiveError | E> | undefined => {
      for (let messages = arrived(); messages !== undefined; messages = arrived()) {
        const todo = Result.isFailure(messages) ? Effect.fail(messages.failure) : take(messages.success)
        if (todo !== undefined) return todo
      }
      return undefined
    }
    return Callback.forever(step, (again) => readers.add(again))
  }

  const link = Dialogue.make({
    local: pipe.local,
    remote: pipe.remote,
    format,
    inbox,
    filled: Effect.callback((resume) => Effect.sync(fill(resume))),
    filledWithin: (within, late) => Timeouts.wait(within, fill, () => Effect.fail(late())),
    outbox: {
      send: (bytes) =>
        Effect.suspend(() =>
          write(bytes, (drain) => Effect.callback<void, SocketError>((resume) => Effect.sync(drain(resume)))) ??
            Effect.void
        ),
      flush: Effect.suspend(written)
    },
    sendWithin: (bytes, within, late) => Effect.suspend(() => handOver(bytes, within, late) ?? Effect.void)
  })
  return {
    ...link,
    heard: (tell) => listen(() => tell(inbox.peek() === undefined ? inbox.ended : undefined)),
    attend,
    handOver: (bytes, input) => {
      const within = Duration.fromInputUnsafe(input)
      return handOver(bytes, within, Dialogue.unread(within))
    }
  }
}
