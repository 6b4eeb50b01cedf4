/** Reads the request of each accepted connection and answers it, each in a fiber of its own: none blocks another. */
import { type Listener, Places } from "@peerage/transport"
import { ByteLink, type LinkError, Traced } from "@peerage/wire"
import { Effect, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Message } from "../codec/Message.ts"
import * as RequestReader from "../exchange/RequestReader.ts"
import type { FileChanged, FileTrouble, NoSuchFile } from "../PyrateError.ts"
import type { PeerContext } from "./PeerContext.ts"

/** Why a request got no answer. */
export type Failure =
  | RequestReader.RequestError
  | Places.TooMany
  | LinkError.UnexpectedMessage
  | LinkError.TooMuchHeld
  | NoSuchFile
  | FileTrouble
  | FileChanged

/** How requests are read and answered. */
export interface Options {
  /** True for a request that nothing can follow, so that its end need not be awaited. */
  readonly isWhole: (message: Message) => boolean
  /** Answers. The connection is closed when it ends. */
  readonly answer: (message: Message, link: ByteLink.ByteLink) => Effect.Effect<void, Failure, Scope.Scope>
}

/** Never ends: serves each connection. What is refused becomes an event; a connection that just ends is no request. */
export const serve = (
  listener: Listener.Listener,
  { config, events }: PeerContext,
  { answer, isWhole }: Options
): Effect.Effect<never> => {
  const handshakes = Places.forHandshakes(config)
  return ByteLink.serve(listener, (link) => {
    const host = NetAddress.formatHost(link.remote)
    return Places.hold(handshakes, Places.visitor(link), RequestReader.read(link.reader, config, isWhole)).pipe(
      Effect.flatMap((message) => answer(message, link)),
      Effect.scoped,
      Effect.catchTag(["PeerClosed", "SocketError"], () => Effect.void),
      Effect.catch(({ _tag: reason }) => events.publish([{ _tag: "Rejected", host, reason }])),
      Traced.withSpan("Pyrate.request", () => ({ remote: NetAddress.formatInet(link.remote) }))
    )
  })
}
