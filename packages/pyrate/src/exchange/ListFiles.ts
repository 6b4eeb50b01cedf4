/**
 * Asking a peer which files it shares.
 *
 *     requester                    responder
 *       5:, ends its half   -->
 *                           <--    song.txt\nfilm.mkv\n, and the end of the connection
 *
 * Quirk: the original dies of the question, and never reads the answer to its own. (PYRATE.md, section 2.2.)
 */
import { Endpoint, SocketFailure, type Transport } from "@peerage/transport"
import { FrameError, LinkError } from "@peerage/wire"
import { Bytes, Effect, Result, type Scope } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { Reader, SocketError } from "effect/socket/Socket"
import type { FileName } from "../codec/FileName.ts"
import { decodeFiles } from "../codec/Lists.ts"
import { encode } from "../codec/Message.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import type { AskError } from "../PyrateError.ts"

/** Asks for the names of a peer's files. */
export const initiate = Effect.fn("ListFiles.initiate")(
  function*(
    transport: Transport.Transport["Service"],
    address: NetAddress.InetAddress,
    config: PyrateConfig
  ): Effect.fn.Return<ReadonlyArray<FileName>, AskError["reason"], Scope.Scope> {
    const within = config.idleTimeout
    const connection = transport.dial(address, { connectTimeout: config.connectTimeout })
    const reader = yield* Effect.mapError(connection.reader, Endpoint.unreachable(address))
    // Leaving the writer's scope ends this half, which to most is the end of the question.
    yield* Effect.scoped(Effect.flatMap(connection.writer, (writer) => writer.write(encode({ _tag: "ListFiles" }))))
    return yield* Effect.timeoutOrElse(Effect.map(whole(reader, config.maxListBytes), decodeFiles), {
      duration: within,
      orElse: () => Effect.fail(new LinkError.PeerUnresponsive({ awaited: "file list", within }))
    })
  },
  Effect.scoped
)

/** Everything up to the end. */
const whole = Effect.fnUntraced(function*(
  { pull }: Reader<Uint8Array>,
  limit: number
): Effect.fn.Return<Uint8Array, SocketError | FrameError.FrameTooLarge> {
  const pieces: Array<Uint8Array> = []
  let size = 0
  while (true) {
    const pulled = yield* Effect.result(pull)
    if (Result.isFailure(pulled)) {
      return SocketFailure.isFin(pulled.failure) ? Bytes.concat(pieces) : yield* pulled.failure
    }
    for (const piece of pulled.success) size += piece.length
    if (size > limit) return yield* new FrameError.FrameTooLarge({ limit, size })
    pieces.push(...pulled.success)
  }
})
