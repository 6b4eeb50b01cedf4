/**
 * Asking a bootstrap who is there.
 *
 *     peer                         bootstrap
 *       1:3                 -->
 *                           <--    10.0.0.2,5005\n10.0.0.3,5005\n, and the end of the connection
 *
 * (PYRATE.md, section 1.)
 */
import { Endpoint, type PeerAddress } from "@peerage/transport"
import { FrameError, LinkError } from "@peerage/wire"
import { Effect } from "effect"
import { decodePeers } from "../codec/Lists.ts"
import { encode } from "../codec/Message.ts"
import type { AskError } from "../PyrateError.ts"
import type { Bootstrap } from "./Registration.ts"

/** Asks for `count` peers, which may include the one that asks. */
export const initiate = Effect.fn("PeerList.initiate")(function*(
  { address, config, transport }: Bootstrap,
  count: number
): Effect.fn.Return<ReadonlyArray<PeerAddress.PeerAddress>, AskError["reason"]> {
  const { bytes, end } = yield* transport.request(address, encode({ _tag: "RequestPeers", count }), {
    connectTimeout: config.connectTimeout,
    answerWithin: config.idleTimeout,
    answerLimit: config.maxListBytes
  }).pipe(Effect.mapError(Endpoint.unreachable(address)))
  if (end === "Limit") return yield* new FrameError.FrameTooLarge({ limit: config.maxListBytes, size: bytes.length })
  if (end === "Deadline") {
    return yield* new LinkError.PeerUnresponsive({ awaited: "peer list", within: config.idleTimeout })
  }
  // A reset may come behind the whole list: what has arrived counts. Behind nothing it is no list.
  if (end === "Reset" && bytes.length === 0) return yield* new LinkError.PeerClosed()
  return decodePeers(bytes)
})
