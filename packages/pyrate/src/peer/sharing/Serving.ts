/** What others ask of a peer: each request is a command of theirs, answered when it is its turn. */
import type { Listener } from "@peerage/transport"
import { LinkError } from "@peerage/wire"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { FileName } from "../../codec/FileName.ts"
import * as ListFiles from "../../exchange/ListFiles.ts"
import type * as CommandPool from "../CommandPool.ts"
import type { Inbound } from "../CommandPool.ts"
import type { PeerContext } from "../PeerContext.ts"
import * as RequestServer from "../RequestServer.ts"
import type { Searching } from "../searching/Searching.ts"
import type { SharedFiles } from "./SharedFiles.ts"
import * as Uploading from "./Uploading.ts"

/** What is shared: the names, and how a file is opened. */
export interface Shared extends Pick<SharedFiles, "open"> {
  readonly names: Effect.Effect<ReadonlyArray<FileName>>
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
          return Uploading.upload(context, files, { name: message.name, link, command })
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
