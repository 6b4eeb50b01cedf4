/** Receiving and sending messages, given how to wait for frames and how bytes go out: what all links have alike. */
import { Bytes, Duration, Effect, Result } from "effect"
import { isReadonlyArrayNonEmpty, type NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { Format } from "./Format.ts"
import * as Compiled from "./link/Compiled.ts"
import { type Decoded, decoder, encode, type Message } from "./link/Encoding.ts"
import type { Inbox } from "./link/Inbox.ts"
import { PeerUnresponsive, type ReceiveError, type SendError } from "./LinkError.ts"

/** The two verbs of sending bytes. */
interface Outbox {
  readonly send: (bytes: Uint8Array) => Effect.Effect<void, SocketError>
  readonly flush: Effect.Effect<void, SocketError>
}

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
  /** Waits for the next frame and takes it as it came; `decode` reads it. */
  readonly receiveFrame: (within?: Duration.Input) => Effect.Effect<Uint8Array, ReceiveError>
  /**
   * Sends one message in a write of its own, or when the link coalesces, with all others of this turn of the event
   * loop. Waits while the peer is slow, for ever or `within`. `MalformedMessage` means that `value` does not fit: nothing
   * was sent.
   */
  readonly send: <A>(message: Message<A>, value: NoInfer<A>, within?: Duration.Input) => Effect.Effect<void, SendError>
  /** Sends messages in one write. Sends none when one of them does not fit. */
  readonly sendAll: <A>(message: Message<A>, values: ReadonlyArray<NoInfer<A>>) => Effect.Effect<void, SendError>
  /**
   * Sends what `Link.encode` gave: for a message encoded once and sent to many. Waits while the peer is slow, for ever
   * or `within`.
   */
  readonly sendEncoded: (
    bytes: Uint8Array,
    within?: Duration.Input
  ) => Effect.Effect<void, SocketError | PeerUnresponsive>
  /** Writes what coalescing holds back and reports an earlier failure to write. */
  readonly flush: Effect.Effect<void, SocketError>
}

/** What one is made of. */
export interface Parts<State> {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  readonly format: Format<State>
  readonly inbox: Inbox<State>
  /** Waits until the inbox is ready. */
  readonly filled: Effect.Effect<void>
  readonly outbox: Outbox
  /** Either of them, but not longer than `within`. */
  readonly filledWithin: (within: Duration.Duration, late: Late) => Effect.Effect<void, PeerUnresponsive>
  readonly sendWithin: (
    bytes: Uint8Array,
    within: Duration.Duration,
    late: Late
  ) => Effect.Effect<void, SocketError | PeerUnresponsive>
}

/** Says what was waited for in vain. */
export type Late = () => PeerUnresponsive

/** Says that a peer which is sent something did not read it. */
export const unread = (within: Duration.Duration) => () => new PeerUnresponsive({ awaited: "sign of reading", within })

type Read<A> = (frame: Uint8Array) => Decoded<A>

/**
 * Takes all messages that arrived, or why there are none and will be none; `undefined` when they have to be waited for.
 * One that does not fit ends what is taken before it and is told of the next time.
 */
export const takeAll = <State, A>(
  inbox: Inbox<State>,
  read: Read<A>
): Result.Result<NonEmptyReadonlyArray<A>, ReceiveError> | undefined => {
  const messages: Array<A> = []
  for (let frame = inbox.peek(); frame !== undefined; frame = inbox.peek()) {
    const one = read(frame)
    if (Result.isSuccess(one)) messages.push(one.success)
    else if (messages.length > 0) break
    inbox.drop()
    if (Result.isFailure(one)) return Result.fail(one.failure)
  }
  if (isReadonlyArrayNonEmpty(messages)) return Result.succeed(messages)
  return inbox.ended === undefined ? undefined : Result.fail(inbox.ended)
}

/** A dialogue of these. */
export const make = <State>(parts: Parts<State>): Link => {
  const { filled, format, inbox, outbox } = parts

  const filledWithin = (input: Duration.Input, awaited: () => string): Effect.Effect<void, PeerUnresponsive> => {
    const within = Duration.fromInputUnsafe(input)
    return parts.filledWithin(within, () => new PeerUnresponsive({ awaited: awaited(), within }))
  }

  const sendEncoded = (bytes: Uint8Array, input?: Duration.Input) => {
    if (input === undefined) return outbox.send(bytes)
    const within = Duration.fromInputUnsafe(input)
    return parts.sendWithin(bytes, within, unread(within))
  }

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
      const taken = takeAll(inbox, read)
      return taken === undefined ? Effect.flatMap(filled, () => nextAll(read)) : Effect.fromResult(taken)
    })

  return {
    local: parts.local,
    remote: parts.remote,
    receive: (message, within) => next(decoder(format, message), within, () => Compiled.of(message).name),
    receiveAll: (message) => nextAll(decoder(format, message)),
    receiveFrame: (within) => next(Result.succeed, within, () => "frame"),
    send: (message, value, within) =>
      Effect.suspend((): Effect.Effect<void, SendError> => {
        const encoded = encode(format, message, value)
        return Result.isFailure(encoded) ? Effect.fail(encoded.failure) : sendEncoded(encoded.success, within)
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
    sendEncoded,
    flush: outbox.flush
  }
}
