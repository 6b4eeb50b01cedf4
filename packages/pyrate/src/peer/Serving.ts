/** What others ask of a peer: each connection in a fiber of its own, each command in its turn. */
import { Connection, Endpoint, HandshakeLimit, type Listener, type Pipe, type Transport } from "@peerage/transport"
import { LinkError } from "@peerage/wire"
import { Cause, Effect, FiberSet, Queue, type Scope, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Writer } from "effect/socket/Socket"
import * as FileName from "../codec/FileName.ts"
import * as Lists from "../codec/Lists.ts"
import type { Message } from "../codec/Message.ts"
import * as Download from "../exchange/Download.ts"
import * as Hearing from "../exchange/Hearing.ts"
import type { PyrateConfig } from "../PyrateConfig.ts"
import type { CommandPool, Inbound } from "./CommandPool.ts"
import type { Events } from "./Events.ts"
import type { Searching } from "./Searching.ts"
import type { SharedFiles } from "./SharedFiles.ts"

/** What serving needs. */
export interface Surroundings {
  readonly transport: Transport.Transport["Service"]
  readonly config: PyrateConfig
  readonly events: Events
  readonly pool: CommandPool
  readonly files: SharedFiles
  readonly searching: Searching
}

/** Never ends: serves whoever comes. */
export const run = Effect.fnUntraced(function*(
  { accepted }: Listener.Listener,
  surroundings: Surroundings
): Effect.fn.Return<never, never, Scope.Scope> {
  const door = HandshakeLimit.make(surroundings.config)
  const sessions = yield* FiberSet.make()
  while (true) {
    for (const pipe of yield* Queue.takeAll(accepted)) {
      const session = yield* FiberSet.run(sessions, serve(surroundings, door, pipe))
      // An observer, as a fiber interrupted before its first step runs none of its finalizers.
      session.addObserver(() => pipe.close())
    }
  }
})

const serve = (surroundings: Surroundings, door: HandshakeLimit.HandshakeLimit, pipe: Pipe.Pipe): Effect.Effect<void> =>
  Effect.gen(function*() {
    const connection = Connection.fromPipe(pipe)
    const reader = yield* connection.reader
    const message = yield* door.withPermit(
      NetAddress.formatHost(reader.remote),
      // Nothing can follow a request for the list; a name could be longer.
      Hearing.hear(reader, surroundings.config, ({ _tag }) => _tag === "ListFiles")
    )
    yield* obey(surroundings, message, { remote: reader.remote, writer: yield* connection.writer })
  }).pipe(
    Effect.scoped,
    Effect.catch((error) => refused(surroundings, pipe, error)),
    Effect.catchCause((cause) => Cause.hasDies(cause) ? Effect.logError("a request failed", cause) : Effect.void),
    Effect.withSpan("Pyrate.session")
  )

const refused = (
  { events }: Surroundings,
  { remote }: Pipe.Pipe,
  error: { readonly _tag: string }
): Effect.Effect<void> =>
  error._tag === "PeerClosed" || error._tag === "SocketError"
    ? Effect.void
    : events.publish([{ _tag: "Rejected", host: NetAddress.formatHost(remote), reason: Endpoint.reasonOf(error) }])

/** Who asked, and the way to answer. */
interface Asker {
  readonly remote: NetAddress.InetAddress
  readonly writer: Writer
}

const obey = (
  { events, files, pool, searching, ...rest }: Surroundings,
  message: Message,
  { remote, writer }: Asker
) => {
  const host = NetAddress.formatHost(remote)
  const { idleTimeout } = rest.config
  const command = <A, E>(kind: Inbound, work: Effect.Effect<A, E, Scope.Scope>) =>
    pool.run({ _tag: "Inbound", kind, peer: NetAddress.formatInet(remote) }, work)
  switch (message._tag) {
    case "Download":
      return command(
        "DownloadRequest",
        Effect.gen(function*() {
          const file = yield* files.open(message.name)
          const bytes = yield* Download.respond({ ...rest, remote, writer }, file)
          const name = FileName.parse(message.name)
          if (file === undefined || name === undefined) {
            return yield* events.publish([{ _tag: "Rejected", host, reason: "NoSuchFile" }])
          }
          yield* events.publish([{ _tag: "Served", name, to: host, bytes }])
        })
      )
    case "ListFiles":
      return command(
        "ListRequest",
        Effect.flatMap(
          SubscriptionRef.get(files.names),
          (names) =>
            names.length === 0 ? Effect.void : Effect.timeoutOrElse(writer.write(Lists.encodeFiles(names)), {
              duration: idleTimeout,
              orElse: () =>
                Effect.fail(new LinkError.PeerUnresponsive({ awaited: "acknowledgement", within: idleTimeout }))
            })
        )
      )
    case "Search":
      return command("SearchRequest", searching.heard(message, host))
    case "SearchResponse":
      return command("SearchResponse", searching.answered(message))
    default:
      return events.publish([{ _tag: "Rejected", host, reason: "UnexpectedMessage" }])
  }
}
