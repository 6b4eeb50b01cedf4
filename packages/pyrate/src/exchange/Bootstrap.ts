/**
 * A peer and a bootstrap: the peer is listed, and asks who else is. (docs/wire/pyrate.md, section 1.)
 *
 *     peer                         bootstrap
 *       0:5005              -->                    registers (the source address, 5005)
 *       3:5005              -->                    is still there
 *       2:5005              -->                    unregisters
 *       1:3                 -->
 *                           <--    10.0.0.2,5005\n10.0.0.3,5005\n, and the end of the connection
 *
 * Quirk: an original bootstrap dies of an empty connection and reads a message with one recv of 100 bytes, so each is
 * one write.
 */
import { PeerAddress } from "@peerage/transport"
import { type Budget, type ByteLink, FrameError, LinkError } from "@peerage/wire"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { decodePeers, encodePeers, isForeign, maxLines } from "../codec/Lists.ts"
import type { Message } from "../codec/Message.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import { OtherProtocol, Unanswered } from "../PyrateError.ts"
import * as Remote from "./Remote.ts"
import { sample } from "./Sample.ts"

/** The messages about a registration. They get no answer. */
export type Registration = Extract<Message, { readonly _tag: "Register" | "KeepAlive" | "Unregister" }>

/** Sends the message about the peer that listens at `port`, and waits until the bootstrap ends the connection, with FIN. */
export const register = Effect.fnUntraced(
  function*(bootstrap: Remote.Remote, kind: Registration["_tag"], port: number) {
    const { end } = yield* Remote.request(bootstrap, { _tag: kind, port })
    if (end === "Reset") return yield* new Unanswered()
  }
)

/** The peer that a message is about: the one at the address that it came from, at the port that it names. */
export const registered = (remote: NetAddress.InetAddress, { port }: Registration): PeerAddress.PeerAddress =>
  PeerAddress.at(NetAddress.formatHost(remote), port)

/** Asks for `count` peers. The answer may include the peer that asks. */
export const askForPeers = Effect.fn("Bootstrap.askForPeers")(function*(bootstrap: Remote.Remote, count: number) {
  const { idleTimeout: within, maxListBytes: limit } = bootstrap.config
  const options = { answerLimit: limit, answerRestarts: true }
  const { bytes, end } = yield* Remote.request(bootstrap, { _tag: "RequestPeers", count }, options)
  if (end === "Limit") return yield* new FrameError.FrameTooLarge({ limit, size: bytes.length })
  if (end === "Deadline") return yield* new LinkError.PeerUnresponsive({ awaited: "peer list", within })
  // An original may reset behind the whole list: what has arrived counts. A reset alone is no empty list.
  if (end === "Reset" && bytes.length === 0) return yield* new Unanswered()
  if (isForeign(bytes)) return yield* new OtherProtocol()
  return decodePeers(bytes)
})

// An original's number where the request names none.
const defaultCount = 3

/** What a bootstrap is asked for, and the peers that it lists. */
export interface PeersAsked {
  readonly count?: number | undefined
  readonly listed: ReadonlyArray<PeerAddress.PeerAddress>
  /** Counts the answer as long as it is not read. */
  readonly share: Budget.Share
}

/** Answers with at most `count` of the listed peers, chosen at random. Fails when the peer does not read the list. */
export const namePeers = Effect.fn("Bootstrap.namePeers")(function*(
  link: ByteLink.ByteLink,
  { count = defaultCount, listed, share }: PeersAsked,
  { idleTimeout }: PyrateConfig
) {
  const named = yield* sample(listed, Math.min(count, maxLines))
  if (named.length === 0) return
  const bytes = encodePeers(named)
  share.hold(bytes.length)
  yield* link.write([bytes], idleTimeout)
})
