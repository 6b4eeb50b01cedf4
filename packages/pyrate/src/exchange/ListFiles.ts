/**
 * Asking a peer which files it shares.
 *
 *     requester                    responder
 *       5:                  -->
 *                           <--    song.txt\nfilm.mkv\n, and the end of the connection
 *
 * Quirk: the original dies of the question, and never reads the answer to its own. (PYRATE.md, section 2.2.)
 */
import { Endpoint, type Transport } from "@peerage/transport"
import { FrameError, LinkError } from "@peerage/wire"
import { Effect } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { FileName } from "../codec/FileName.ts"
import { decodeFiles } from "../codec/Lists.ts"
import { encode } from "../codec/Message.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import type { AskError } from "../PyrateError.ts"

/** Asks for the names of a peer's files. */
export const initiate = Effect.fn("ListFiles.initiate")(function*(
  transport: Transport.Transport["Service"],
  address: NetAddress.InetAddress,
  config: PyrateConfig
): Effect.fn.Return<ReadonlyArray<FileName>, AskError["reason"]> {
  const { bytes, end } = yield* transport.request(address, encode({ _tag: "ListFiles" }), {
    connectTimeout: config.connectTimeout,
    answerWithin: config.idleTimeout,
    answerLimit: config.maxListBytes
  }).pipe(Effect.mapError(Endpoint.unreachable(address)))
  if (end === "Limit") return yield* new FrameError.FrameTooLarge({ limit: config.maxListBytes, size: bytes.length })
  if (end === "Deadline") {
    return yield* new LinkError.PeerUnresponsive({ awaited: "file list", within: config.idleTimeout })
  }
  return decodeFiles(bytes)
})
