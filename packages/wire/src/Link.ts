/**
 * A connection that carries messages: typed receive and send over a transport's pipe.
 *
 * `receive` names the message that this step of a dialogue expects, so a protocol is a program that reads from top to
 * bottom. What has arrived is never lost: not by a timeout, not by an interruption, not by a FIN behind it.
 */
import type { Listener, Options as TransportOptions, PeerKey, Pipe, Transport } from "@peerage/transport"
import { type Context, type Deferred, type Duration, Effect, type Scope } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { Message } from "./link/Encoding.ts"
import { type Bounded, Holding } from "./link/Holding.ts"
import { checkOptions, type Options } from "./link/Options.ts"
import * as Ownership from "./link/Ownership.ts"
import { PipeLink } from "./link/PipeLink.ts"
import type { PeerUnresponsive, ReceiveError, SendError } from "./LinkError.ts"

export { decode, encode, type Message } from "./link/Encoding.ts"
export type { Bounds, Options } from "./link/Options.ts"

/** A live connection that carries messages. It lives as long as its scope. Call its methods on it: they use `this`. */
export interface Link {
  readonly local: NetAddress.InetAddress
  readonly remote: NetAddress.InetAddress
  /** The key that the peer has proved to own; `undefined` on a transport without keys. */
  readonly identity: PeerKey.PeerKey | undefined
  /** When bytes last arrived or left, in milliseconds of the transport's `Clock`. */
  readonly activeAt: () => number
  /**
   * Waits for the next message, for ever or `within`. A message that does not fit is consumed, and receiving fails; the
   * link stays usable. Several receives at once share what comes: each message goes to one of them.
   */
  readonly receive: <A>(message: Message<A>, within?: Duration.Input) => Effect.Effect<A, ReceiveError>
  /**
   * `receive` for a message that may be long: waits as long as bytes come, and fails when none came for `silence`. Not for
   * strangers, which could take for ever.
   */
  readonly receiveLong: <A>(message: Message<A>, silence: Duration.Input) => Effect.Effect<A, ReceiveError>
  /**
   * Waits for at least one message, for ever or `within`, and takes all that have arrived. A message that does not fit
   * ends the batch; the next receive fails with it.
   */
  readonly receiveAll: <A>(
    message: Message<A>,
    within?: Duration.Input
  ) => Effect.Effect<NonEmptyReadonlyArray<A>, ReceiveError>
  /** Waits for the next frame, for ever or `within`, and takes its bytes. `Link.decode` reads them. */
  readonly receiveFrame: (within?: Duration.Input) => Effect.Effect<Uint8Array, ReceiveError>
  /** Waits for `time`, and drops the messages that come. Fails as soon as the connection ends, with how it ended. */
  readonly rest: (time: Duration.Input) => Effect.Effect<void, ReceiveError>
  /**
   * Waits for what comes another way, such as a second connection, and drops the messages that come on this one. When the
   * time is over, `elsewhere` fails with `late`; when this connection ends, with how it ended.
   */
  readonly restUntil: <A, E>(
    elsewhere: Deferred.Deferred<A, E | ReceiveError>,
    within: Duration.Input,
    late: () => NoInfer<E>
  ) => Effect.Effect<A, E | ReceiveError>
  /**
   * Sends one message in a write of its own, or where the link coalesces, in one write with all others of this turn of
   * the event loop. Waits while the peer is slow, and fails when it takes nothing at all `within`. Fails with
   * `MalformedMessage`, and sends nothing, where `value` does not fit.
   */
  readonly send: <A>(message: Message<A>, value: NoInfer<A>, within?: Duration.Input) => Effect.Effect<void, SendError>
  /** Sends messages in one write. Sends none when one of them does not fit. */
  readonly sendAll: <A>(
    message: Message<A>,
    values: ReadonlyArray<NoInfer<A>>,
    within?: Duration.Input
  ) => Effect.Effect<void, SendError>
  /** Sends the bytes that `Link.encode` made, for a message that goes to many peers. Waits as `send` does. */
  readonly sendEncoded: (
    bytes: Uint8Array,
    within?: Duration.Input
  ) => Effect.Effect<void, SocketError | PeerUnresponsive>
  /** Writes what coalescing holds back, and waits while the peer is slow. Fails where the connection is broken. */
  readonly flush: Effect.Effect<void, SocketError>
}

const open = <State>(
  options: Options<State> & TransportOptions.ConnectionOptions,
  services: Context.Context<never>
) => {
  const { resetOnClose, unfinished } = options
  checkOptions(options)
  const bound = unfinished === undefined ? undefined : (link: Bounded) => new Holding(unfinished, services, link)
  return (pipe: Pipe.Pipe): Ownership.Owned<Link> => {
    const link = new PipeLink(pipe, options, bound)
    return { link, close: () => resetOnClose === true ? pipe.reset() : link.finish() }
  }
}

const opened = <State, A, E, R>(
  options: Options<State> & TransportOptions.ConnectionOptions,
  use: (open: (pipe: Pipe.Pipe) => Ownership.Owned<Link>) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => Effect.flatMap(Effect.context<never>(), (services) => use(open(options, services)))

/** A link over a pipe, for the scope's life. Leaving the scope sends what is held back and closes the pipe. */
export const make = <State>(
  pipe: Pipe.Pipe,
  options: Options<State> & TransportOptions.ConnectionOptions
): Effect.Effect<Link, never, Scope.Scope> => opened(options, (open) => Ownership.scoped(Effect.succeed(pipe), open))

/** Dials for the scope's life. Leaving the scope sends what is held back and closes the connection. */
export const dial = <State>(
  transport: Transport.Transport["Service"],
  address: NetAddress.InetAddress,
  options: Options<State> & TransportOptions.DialOptions
): Effect.Effect<Link, SocketError, Scope.Scope> =>
  opened(options, (open) => Ownership.scoped(transport.connect(address, options), open))

/**
 * Never ends: runs `handler` for each accepted connection, each in a fiber of its own. The connection is closed when its
 * handler ends, after what is held back has been sent. A handler that fails is over; one that dies is logged as a warning.
 */
export const serve = <State, E, R>(
  listener: Listener.Listener,
  options: Options<State> & TransportOptions.ConnectionOptions,
  handler: (link: Link) => Effect.Effect<unknown, E, R>
): Effect.Effect<never, never, R> => opened(options, (open) => Ownership.serve(listener, open, handler))
