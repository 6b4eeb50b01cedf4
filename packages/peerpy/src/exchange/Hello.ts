/**
 * The beginning of a connection: what the initiator wants, and whether the responder wants it too.
 *
 *     initiator                                                 responder
 *       HELLO|peer_name=...&data_type=json&strict=True     -->
 *                                                          <--  ACCEPT
 *     or                                                   <--  DENY, and the connection ends
 *
 * A peer that gives up before the answer is there ends the connection with FIN: an original listener dies of a reset.
 * (docs/wire/peerpy.md, section 2.)
 */
import { type ByteLink, type ByteReader, LinkError } from "@peerage/wire"
import { Duration, Effect, Result } from "effect"
import type { SocketError } from "effect/socket/Socket"
import * as Header from "../codec/Header.ts"
import { Denied, type MalformedHeader } from "../PeerPyError.ts"

/** How a dialogue of headers fails. */
export type HelloError =
  | ByteReader.ReadEnd
  | SocketError
  | MalformedHeader
  | LinkError.PeerUnresponsive
  | LinkError.UnexpectedMessage

/** The first version of what two extended peers have between them. */
const extension = 1

const send = (
  link: ByteLink.ByteLink,
  header: Header.Header,
  within: Duration.Input
): Effect.Effect<void, SocketError | LinkError.PeerUnresponsive> =>
  // Our names and numbers always fit.
  link.write([Header.encode(header)], within)

/** Waits until a whole header has arrived, or reading has ended. */
const untilHeader = (reader: ByteReader.ByteReader): Effect.Effect<void> =>
  Effect.whileLoop({
    while: () => reader.available() < Header.size && reader.ended() === undefined,
    body: () => reader.more(),
    step: () => {}
  })

/**
 * Waits for a header. One that is shorter than it should be counts when nothing follows: at half the time, as the other
 * end does not wait longer than this one. What cannot be read then may be the beginning of more.
 */
const receive = Effect.fnUntraced(function*(
  { reader }: ByteLink.ByteLink,
  awaited: string,
  within: Duration.Input
): Effect.fn.Return<Header.Header, HelloError> {
  const half = Duration.divideUnsafe(Duration.fromInputUnsafe(within), 2)
  for (const time of [half, half]) {
    yield* Effect.timeoutOption(untilHeader(reader), time)
    const found = Header.decode(reader.peek(Header.size))
    if (Result.isSuccess(found)) {
      reader.takeNow(Header.size)
      return found.success
    }
    // An end behind a short header says that it is all there is.
    const ended = reader.ended()
    if (ended !== undefined && reader.available() < Header.size) return yield* ended
  }
  if (reader.available() > 0) return yield* Effect.fromResult(Header.decode(reader.peek(Header.size)))
  return yield* new LinkError.PeerUnresponsive({ awaited, within: Duration.fromInputUnsafe(within) })
})

/** Says hello and waits for the answer. Succeeds with whether the other end is extended too; fails with `Denied`. */
export const initiate = Effect.fn("Hello.initiate")(function*(
  link: ByteLink.ByteLink,
  hello: Omit<Header.Hello, "_tag">,
  { address, within }: { readonly address: string; readonly within: Duration.Input }
): Effect.fn.Return<boolean, HelloError | Denied> {
  yield* send(link, { _tag: "Hello", ...hello, extension }, within)
  const answer = yield* receive(link, "Accept", within)
  if (answer._tag === "Deny") return yield* new Denied({ address })
  if (answer._tag !== "Accept") return yield* LinkError.unexpected("Accept", { [answer._tag]: true })
  return answer.extension !== undefined
})

/** Waits for an initiator's HELLO. */
export const respond = Effect.fn("Hello.respond")(function*(
  link: ByteLink.ByteLink,
  within: Duration.Input
): Effect.fn.Return<Header.Hello, HelloError> {
  const hello = yield* receive(link, "Hello", within)
  return hello._tag === "Hello" ? hello : yield* LinkError.unexpected("Hello", { [hello._tag]: true })
})

/** Answers that the connection is wanted. */
export const accept = (
  link: ByteLink.ByteLink,
  hello: Header.Hello,
  within: Duration.Input
): Effect.Effect<void, HelloError> =>
  send(link, { _tag: "Accept", extension: hello.extension === undefined ? undefined : extension }, within)

/** Answers that the connection is not wanted. The caller closes it. */
export const deny = (link: ByteLink.ByteLink, within: Duration.Input): Effect.Effect<void, HelloError> =>
  send(link, { _tag: "Deny" }, within)
