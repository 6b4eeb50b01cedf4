/**
 * A connection that speaks messages: typed receive and send over any byte stream.
 *
 * `receive` names the message that this step of a dialogue expects, so a protocol is plain code placement. Nothing that
 * arrived is ever lost: not by a timeout, not by an interruption, not by a FIN behind it.
 */
import type { Connection } from "@peerage/transport"
import { Bytes, Duration, Effect, Result, type Scope, Semaphore } from "effect"
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import { PreventSchedulerYield } from "effect/Scheduler"
import type { SocketError } from "effect/socket/Socket"
import * as Compiled from "./Compiled.ts"
import type { Format } from "./Format.ts"
import { Inbox } from "./Inbox.ts"
import {
  MalformedMessage,
  PeerUnresponsive,
  type ReceiveError,
  type SendError,
  unexpected,
  type UnexpectedMessage
} from "./LinkError.ts"
import * as Outbox from "./Outbox.ts"

/** A message: a schema whose encoded side is the wire's shape, named by its `identifier` annotation. */
export type Message<A> = Compiled.Message<A>

/** A live connection as a dialogue of messages. Its scope is its life. */
export interface Link {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  /**
   * Waits for the next message, for ever or `within`. Several receives at once share what comes, each message going to
   * one of them. A message that does not fit is consumed and fails; the link stays usable.
   */
  readonly receive: <A>(message: Message<A>, within?: Duration.Input) => Effect.Effect<A, ReceiveError>
  /**
   * Waits for at least one message and takes all that arrived with it. One that does not fit ends the batch before it
   * and fails the next receive.
   */
  readonly receiveAll: <A>(message: Message<A>) => Effect.Effect<NonEmptyReadonlyArray<A>, ReceiveError>
  /** Waits for the next frame and takes it as it came; `Link.decode` reads it. */
  readonly receiveFrame: (within?: Duration.Input) => Effect.Effect<Uint8Array, ReceiveError>
  /**
   * Sends one message in a write of its own, or when the link coalesces, with all others of this turn of the event
   * loop. Waits while the peer is slow. `MalformedMessage` means that `value` does not fit: nothing was sent.
   */
  readonly send: <A>(message: Message<A>, value: NoInfer<A>) => Effect.Effect<void, SendError>
  /** Sends messages in one write. Sends none when one of them does not fit. */
  readonly sendAll: <A>(message: Message<A>, values: ReadonlyArray<NoInfer<A>>) => Effect.Effect<void, SendError>
  /** Sends what `Link.encode` gave: for a message encoded once and sent to many. */
  readonly sendEncoded: (bytes: Uint8Array) => Effect.Effect<void, SocketError>
  /** Writes what coalescing holds back and reports an earlier failure to write. */
  readonly flush: Effect.Effect<void, SocketError>
}

/** Options of a link. */
export interface Options<State> {
  readonly format: Format<State>
  /** Bytes of one received frame at most. Default: the format's. A larger value costs that much memory per peer. */
  readonly limit?: number | undefined
  /**
   * Sends of one turn of the event loop go out in one write, at the latest when they are `maxBytes` (default 65,536).
   * Default false: each message in a write of its own, as originals that parse one `recv` call need it.
   */
  readonly coalesce?: boolean | { readonly maxBytes: number } | undefined
}

/** One value as the bytes of a frame. Fails when it does not fit its message or the notation. */
export const encode = <State, A>(
  format: Format<State>,
  message: Message<A>,
  value: NoInfer<A>
): Result.Result<Uint8Array, MalformedMessage> => {
  const compiled = Compiled.of(message)
  const encoded = compiled.encode(value)
  if (Result.isFailure(encoded)) {
    return Result.fail(new MalformedMessage({ reason: `the value does not fit ${compiled.name}` }))
  }
  return Result.map(format.print(encoded.success), format.framing.encode)
}

/** Reads one frame as a message. */
export const decode = <State, A>(
  format: Format<State>,
  message: Message<A>,
  frame: Uint8Array
): Result.Result<A, MalformedMessage | UnexpectedMessage> => {
  const parsed = format.parse(frame)
  if (Result.isFailure(parsed)) return Result.fail(parsed.failure)
  const compiled = Compiled.of(message)
  const decoded = compiled.decode(parsed.success)
  return Result.isFailure(decoded)
    ? Result.fail(unexpected(compiled.name, parsed.success))
    : Result.succeed(decoded.success)
}

/** Acquires both sides of `connection` in the scope, which dials it. Leaving the scope sends what is held back. */
export const make = Effect.fnUntraced(function*<State>(
  connection: Connection.Connection,
  options: Options<State>
): Effect.fn.Return<Link, SocketError, Scope.Scope> {
  const { format } = options
  const reader = yield* connection.reader
  const writer = yield* connection.writer
  const outbox = yield* Outbox.make(writer, options.coalesce ?? false)
  const { next, nextAll } = receiver(reader.pull, new Inbox(format, options.limit ?? format.limit))

  return {
    local: reader.local,
    remote: reader.remote,
    receive: (message, within) =>
      next((frame) => decode(format, message, frame), within, () => Compiled.of(message).name),
    receiveAll: (message) => nextAll((frame) => decode(format, message, frame)),
    receiveFrame: (within) => next(Result.succeed, within, () => "frame"),
    send: (message, value) =>
      Effect.suspend((): Effect.Effect<void, SendError> => {
        const encoded = encode(format, message, value)
        return Result.isFailure(encoded) ? Effect.fail(encoded.failure) : outbox.send(encoded.success)
      }),
    sendAll: (message, values) =>
      Effect.suspend((): Effect.Effect<void, SendError> => {
        const encoded: Array<Uint8Array> = []
        for (const value of values) {
          const one = encode(format, message, value)
          if (Result.isFailure(one)) return Effect.fail(one.failure)
          encoded.push(one.success)
        }
        return isReadonlyArrayNonEmpty(encoded) ? outbox.send(Bytes.concat(encoded)) : Effect.void
      }),
    sendEncoded: outbox.send,
    flush: outbox.flush
  }
})

type Read<A> = (frame: Uint8Array) => Result.Result<A, MalformedMessage | UnexpectedMessage>

/** Waiting for an inbox: one pull at a time, whoever waits. */
const receiver = <State>(
  pull: Effect.Effect<NonEmptyReadonlyArray<Uint8Array>, SocketError>,
  inbox: Inbox<State>
) => {
  const turn = Semaphore.makeUnsafe(1)
  // Without a scheduler's pause between taking bytes and framing them, an interruption cannot fall between the two.
  const pullOnce = Effect.match(pull, {
    onSuccess: (chunks) => inbox.absorb(chunks),
    onFailure: (error) => inbox.end(error)
  }).pipe(Effect.provideService(PreventSchedulerYield, true))
  const filled = turn.withPermit(Effect.whileLoop({ while: () => !inbox.ready, body: () => pullOnce, step: () => {} }))

  const filledWithin = (within: Duration.Input, awaited: () => string): Effect.Effect<void, PeerUnresponsive> =>
    Effect.timeoutOrElse(filled, {
      duration: within,
      orElse: () =>
        inbox.ready
          ? Effect.void
          : Effect.fail(new PeerUnresponsive({ awaited: awaited(), within: Duration.fromInputUnsafe(within) }))
    })

  const next = <A>(
    read: Read<A>,
    within: Duration.Input | undefined,
    awaited: () => string
  ): Effect.Effect<A, ReceiveError> =>
    Effect.suspend(() => {
      const frame = inbox.peek()
      if (frame !== undefined) {
        inbox.drop()
        return Effect.fromResult(read(frame))
      }
      if (inbox.ended !== undefined) return Effect.fail(inbox.ended)
      // Another receive may take what this one waited for: then it waits again.
      return Effect.flatMap(
        within === undefined ? filled : filledWithin(within, awaited),
        () => next(read, within, awaited)
      )
    })

  const nextAll = <A>(read: Read<A>): Effect.Effect<NonEmptyReadonlyArray<A>, ReceiveError> =>
    Effect.suspend(() => {
      const messages: Array<A> = []
      for (let frame = inbox.peek(); frame !== undefined; frame = inbox.peek()) {
        const one = read(frame)
        if (Result.isSuccess(one)) messages.push(one.success)
        else if (messages.length > 0) break
        inbox.drop()
        if (Result.isFailure(one)) return Effect.fail(one.failure)
      }
      if (isReadonlyArrayNonEmpty(messages)) return Effect.succeed(messages)
      if (inbox.ended !== undefined) return Effect.fail(inbox.ended)
      return Effect.flatMap(filled, () => nextAll(read))
    })

  return { next, nextAll }
}
