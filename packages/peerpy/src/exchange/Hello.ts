/**
 * The beginning of a connection: who wants which, and whether the other one does.
 *
 *     initiator                                                 responder
 *       HELLO|peer_name=...&data_type=json&strict=True     -->
 *                                                          <--  ACCEPT
 *     or                                                   <--  DENY, and the connection ends
 *
 * Whoever gives up before the answer is there ends the connection with FIN: an original listener dies of a reset.
 * (PEERPY.md, section 2.)
 */
import { LinkError } from "@peerage/wire"
import { Duration, Effect, Result } from "effect"
import * as Header from "../codec/Header.ts"
import { Denied, type MalformedHeader } from "../PeerPyError.ts"
import type { Intake, IntakeError } from "./Intake.ts"
import type { Outlet, OutletError } from "./Outlet.ts"

/** Both halves of a connection. */
export interface Halves {
  readonly intake: Intake
  readonly outlet: Outlet
}

/** How a dialogue of headers fails. */
export type HelloError =
  | IntakeError
  | OutletError
  | MalformedHeader
  | LinkError.PeerUnresponsive
  | LinkError.UnexpectedMessage

/** The first version of what two of ours have between them. */
const extension = 1

const send = (outlet: Outlet, header: Header.Header): Effect.Effect<void, OutletError> =>
  Result.match(Header.encode(header), {
    onSuccess: (bytes) => outlet.write([bytes]),
    // Names and numbers of ours always fit.
    onFailure: (error) => Effect.die(error)
  })

/**
 * Waits for a header. One that is shorter than it should be counts when nothing follows: at half the time, as the other
 * end does not wait longer than this one. What cannot be read then may be the beginning of more.
 */
const receive = Effect.fnUntraced(function*(
  intake: Intake,
  awaited: string,
  within: Duration.Input
): Effect.fn.Return<Header.Header, HelloError> {
  const half = Duration.divideUnsafe(Duration.fromInputUnsafe(within), 2)
  for (const time of [half, half]) {
    // An end behind a short header says that it is all there is.
    const arrived = yield* Effect.result(Effect.timeoutOption(intake.until(Header.size), time))
    const early = Header.decode(intake.peek(Header.size))
    if (Result.isSuccess(early)) {
      intake.takeNow(Math.min(Header.size, intake.available))
      return early.success
    }
    if (Result.isFailure(arrived)) return yield* arrived.failure
  }
  if (intake.available === 0) {
    return yield* new LinkError.PeerUnresponsive({ awaited, within: Duration.fromInputUnsafe(within) })
  }
  return yield* Effect.fromResult(Header.decode(intake.peek(Header.size)))
})

/** Says hello and waits for the answer. Succeeds with whether the other end is one of ours; fails with `Denied`. */
export const initiate = Effect.fn("Hello.initiate")(function*(
  { intake, outlet }: Halves,
  hello: Omit<Header.Hello, "_tag">,
  { address, within }: { readonly address: string; readonly within: Duration.Input }
): Effect.fn.Return<boolean, HelloError | Denied> {
  yield* send(outlet, { _tag: "Hello", ...hello, extension })
  const answer = yield* receive(intake, "Accept", within)
  if (answer._tag === "Deny") return yield* new Denied({ address })
  if (answer._tag !== "Accept") return yield* LinkError.unexpected("Accept", { [answer._tag]: true })
  return answer.extension !== undefined
})

/** Waits for somebody to say hello. */
export const listen = Effect.fn("Hello.listen")(function*(
  { intake }: Halves,
  within: Duration.Input
): Effect.fn.Return<Header.Hello, HelloError> {
  const hello = yield* receive(intake, "Hello", within)
  return hello._tag === "Hello" ? hello : yield* LinkError.unexpected("Hello", { [hello._tag]: true })
})

/** Answers a hello. */
export const accept = ({ outlet }: Halves, hello: Header.Hello): Effect.Effect<void, OutletError> =>
  send(outlet, { _tag: "Accept", extension: hello.extension === undefined ? undefined : extension })

/** Answers a hello. The caller's scope ends the connection. */
export const deny = ({ outlet }: Halves): Effect.Effect<void, OutletError> => send(outlet, { _tag: "Deny" })
