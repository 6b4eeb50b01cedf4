/** What others ask of a peer: each request is a command of theirs, answered when it is its turn. */
import type { Listener } from "@peerage/transport"
import { type ByteLink, LinkError } from "@peerage/wire"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as FileName from "../../codec/FileName.ts"
import * as Download from "../../exchange/Download.ts"
import * as ListFiles from "../../exchange/ListFiles.ts"
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
      const command = <A, E, R>(kind: Inbound, work: Effect.Effect<A, E, R>) =>
        context.pool.run({ _tag: "Inbound", kind, peer: NetAddress.formatInet(link.remote) }, work)
      switch (message._tag) {
        case "Download":
          return command("DownloadRequest", upload(context, files, { name: message.name, link }))
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

const upload = Effect.fnUntraced(function*(
  { events, ...context }: PeerContext,
  files: Shared,
  asked: { readonly name: string; readonly link: ByteLink.ByteLink }
) {
  const file = yield* Effect.result(files.open(asked.name))
  const bytes = yield* Download.respond({ ...context, link: asked.link }, file)
  const [name, to] = [FileName.parse(asked.name), NetAddress.formatHost(asked.link.remote)]
  if (name !== undefined) yield* events.publish([{ _tag: "Served", name, to, bytes }])
})
