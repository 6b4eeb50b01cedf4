/** What others ask of a peer: each request is a command of theirs, answered when it is its turn. */
import type { Listener } from "@peerage/transport"
import { type ByteLink, LinkError } from "@peerage/wire"
import { Clock, Effect, MutableRef, Result, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as FileName from "../../codec/FileName.ts"
import * as Download from "../../exchange/Download.ts"
import * as ListFiles from "../../exchange/ListFiles.ts"
import type { TooMany } from "../../PyrateError.ts"
import type * as CommandPool from "../CommandPool.ts"
import type { Inbound } from "../CommandPool.ts"
import type { PeerContext } from "../PeerContext.ts"
import * as RequestServer from "../RequestServer.ts"
import type { Searching } from "../searching/Searching.ts"
import type { SharedFiles } from "./SharedFiles.ts"

/** What is shared: the names, and how a file is opened. */
export interface Shared extends Pick<SharedFiles, "open"> {
  readonly names: Effect.Effect<ReadonlyArray<FileName.FileName>>
}

/** Never ends: serves each connection. */
export const run = (
  listener: Listener.Listener,
  context: PeerContext,
  { files, searching }: { readonly files: Shared; readonly searching: Searching }
): Effect.Effect<never> =>
  RequestServer.serve(listener, context, {
    // Nothing can follow a request for the list; a name could be longer.
    isWhole: ({ _tag }) => _tag === "ListFiles",
    answer: (message, link) => {
      const host = NetAddress.formatHost(link.remote)
      const peer = NetAddress.formatInet(link.remote)
      const command = <A, E, R>(
        kind: Inbound,
        work: Effect.Effect<A, E, R>,
        turn: CommandPool.Turn = { silentSince: link.activeAt, meanwhile: Effect.never }
      ) => context.pool.run({ _tag: "Inbound", kind, peer }, work, turn)
      switch (message._tag) {
        case "Download":
          return upload(context, files, { name: message.name, link, command })
        case "ListFiles":
          return command(
            "ListRequest",
            Effect.flatMap(files.names, (names) => ListFiles.respond(link, names, context.config))
          )
        case "Search":
          return command("SearchRequest", searching.respond(message, host))
        case "SearchResponse":
          return command("SearchResponse", searching.collect(message))
        default:
          return LinkError.unexpected("message of a peer to a peer", message)
      }
    }
  })

/** A request for a file. */
interface Asked {
  readonly name: string
  readonly link: ByteLink.ByteLink
  readonly command: <A, E, R>(
    kind: Inbound,
    work: Effect.Effect<A, E, R>,
    turn?: CommandPool.Turn
  ) => Effect.Effect<A, E | TooMany, R>
}

/** Looks for the file, and sends it when it is its turn. What is not there takes no place of a transfer. */
const upload = Effect.fnUntraced(function*(context: PeerContext, files: Shared, { command, link, name }: Asked) {
  const way = { ...context, link }
  const look = Effect.gen(function*() {
    const found = yield* Effect.result(Effect.scoped(files.open(name)))
    if (Result.isFailure(found)) yield* Download.respond(way, found)
  })
  yield* command("FileRequest", look)
  const progress = MutableRef.make(yield* Clock.currentTimeMillis)
  const noted = Effect.map(Clock.currentTimeMillis, (now) => MutableRef.set(progress, now))
  const send = Effect.gen(function*() {
    yield* noted
    const file = yield* Effect.result(files.open(name))
    const watched = Result.map(file, (offered) => ({ ...offered, bytes: Stream.tap(offered.bytes, () => noted) }))
    const bytes = yield* Download.respond(way, watched)
    const [known, to] = [FileName.parse(name), NetAddress.formatHost(link.remote)]
    if (known !== undefined) yield* context.events.publish([{ _tag: "Served", name: known, to, bytes }])
  })
  yield* command("DownloadRequest", send, {
    silentSince: () => MutableRef.get(progress),
    meanwhile: Download.waiting(link, context.config)
  })
})
