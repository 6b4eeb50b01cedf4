/**
 * A connection that speaks messages: typed receive and send over any byte stream.
 *
 * `receive` names the message that this step of a dialogue expects, so a protocol is plain code placement. Nothing that
 * arrived is ever lost: not by a timeout, not by an interruption, not by a FIN behind it.
 */
import type { Connection } from "@peerage/transport"
import { Effect, type Scope, Semaphore } from "effect"
import { PreventSchedulerYield } from "effect/Scheduler"
import type { SocketError } from "effect/socket/Socket"
import * as Dialogue from "./Dialogue.ts"
import type { Format } from "./Format.ts"
import { Inbox } from "./Inbox.ts"
import * as Outbox from "./Outbox.ts"

export { decode, encode, type Message } from "./Encoding.ts"

/** A live connection as a dialogue of messages. An interface, as declarations can name no alias. */
export interface Link extends Dialogue.Link {}

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

/** Acquires both sides of `connection` in the scope, which dials it. Leaving the scope sends what is held back. */
export const make = Effect.fnUntraced(function*<State>(
  connection: Connection.Connection,
  options: Options<State>
): Effect.fn.Return<Link, SocketError, Scope.Scope> {
  const { format } = options
  const { local, pull, remote } = yield* connection.reader
  const writer = yield* connection.writer
  const outbox = yield* Outbox.make(writer, options.coalesce ?? false)
  const inbox = new Inbox(format, options.limit ?? format.limit)
  const turn = Semaphore.makeUnsafe(1)
  // Without a scheduler's pause between taking bytes and framing them, an interruption cannot fall between the two.
  const pullOnce = Effect.match(pull, {
    onSuccess: (chunks) => inbox.absorb(chunks),
    onFailure: (error) => inbox.end(error)
  }).pipe(Effect.provideService(PreventSchedulerYield, true))
  // One pull at a time, whoever waits.
  const filled = turn.withPermit(Effect.whileLoop({ while: () => !inbox.ready, body: () => pullOnce, step: () => {} }))
  return Dialogue.make({
    local,
    remote,
    format,
    inbox,
    filled,
    outbox,
    filledWithin: (duration, late) =>
      Effect.timeoutOrElse(filled, {
        duration,
        orElse: () => inbox.ready ? Effect.void : Effect.fail(late())
      }),
    sendWithin: (bytes, duration, late) =>
      Effect.timeoutOrElse(outbox.send(bytes), { duration, orElse: () => Effect.fail(late()) })
  })
})
