/**
 * One message over a connection of its own, and the receiver's answer.
 *
 *   sender                                                                        receiver
 *     | ---- {"data": "hi", "alias": "bob", "to": [...], "from": [...]} ------------> |
 *     | <--- {"data": <the message>, "alias": "ann"} -------------------------------- |
 *
 * An original sender is gone before the answer comes, so that an answer may meet a reset: both are normal.
 * Source: docs/wire/pyile.md, section 8.
 */
import { Endpoint, type Options, type Request, type Transport } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Link, type LinkError, type Requests } from "@peerage/wire"
import { type Duration, Effect, Result } from "effect"
import { format } from "../codec/Frame.ts"
import * as Message from "../codec/Message.ts"

/** How a delivery ended: the answer was read, or the bytes went out and none came. */
export type Outcome = "Acknowledged" | "Written"

/** The bytes of a message, for `initiate`. Fails where `data` is nothing that JSON can carry. */
export const encode = (message: Message.Chat): Result.Result<Uint8Array, LinkError.MalformedMessage> =>
  Link.encode(format, Message.Chat, message)

/** How a message is delivered. */
export interface Delivering extends Omit<Options.DialOptions, "from"> {
  readonly replyWithin: Duration.Input
  /** Bytes of an answer. */
  readonly limit: number
}

const requestOptions = ({ limit, replyWithin, ...dial }: Delivering) => ({
  ...dial,
  answerWithin: replyWithin,
  answerLimit: limit,
  answered: isWhole
})

const outcomeOf = ({ end }: Request.Answer): Outcome => end === "Answered" ? "Acknowledged" : "Written"

/** The sender's side: delivers one encoded message. Fails with `Unreachable` when there is no connection to write it to. */
export const initiate = (
  transport: Transport.Transport["Service"],
  receiver: PeerAddress.PeerAddress,
  message: Uint8Array,
  options: Delivering & Pick<Request.RequestOptions, "from" | "identity">
): Effect.Effect<Outcome, Endpoint.Unreachable> =>
  transport.request(PeerAddress.toInet(receiver), message, requestOptions(options)).pipe(
    Effect.mapBoth({
      onSuccess: outcomeOf,
      onFailure: (error) => new Endpoint.Unreachable({ address: receiver, code: Endpoint.errno(error) })
    })
  )

/** An encoded message on its way to one receiver. */
export interface Envelope extends Pick<Request.RequestOptions, "from" | "identity"> {
  readonly peer: PeerAddress.PeerAddress
  readonly bytes: Uint8Array
}

/** `initiate` for many receivers, some of them at a time: how each delivery ended, in the same order. */
export const initiateAll = (
  transport: Transport.Transport["Service"],
  envelopes: ReadonlyArray<Envelope>,
  { concurrency, ...options }: Delivering & { readonly concurrency: number }
): Effect.Effect<ReadonlyArray<Outcome | "Unreachable">> =>
  Effect.map(
    transport.requestAll(
      envelopes.map(({ peer, ...envelope }) => ({ ...envelope, address: PeerAddress.toInet(peer) })),
      { ...requestOptions(options), concurrency }
    ),
    (outcomes) => outcomes.map(Result.match({ onSuccess: outcomeOf, onFailure: () => "Unreachable" as const }))
  )

const isWhole = (bytes: Uint8Array): boolean =>
  format.framing.decode(format.framing.initial, bytes, bytes.length).frames.length > 0

/** The receiver's side: answers with the message itself and this peer's alias. What is no message is refused, and fails. */
export const respond = Effect.fnUntraced(function*(
  request: Requests.Request,
  alias: string
): Effect.fn.Return<Message.Chat, LinkError.MalformedMessage | LinkError.UnexpectedMessage> {
  const message = Link.decode(format, Message.Chat, request.frame)
  yield* Result.isSuccess(message) ? request.reply(Message.replyTo(request.frame, alias)) : request.refuse
  return yield* Effect.fromResult(message)
})
