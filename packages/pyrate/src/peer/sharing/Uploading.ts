/** Sends a shared file to whoever asks for it: each upload is a command, and reports how far it is. */
import { type ByteLink } from "@peerage/wire"
import { Clock, Effect, Exit, MutableRef, Result, type Scope, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as FileName from "../../codec/FileName.ts"
import * as Download from "../../exchange/Download.ts"
import type { TooMany } from "../../PyrateError.ts"
import type * as CommandPool from "../CommandPool.ts"
import type { Inbound } from "../CommandPool.ts"
import type { PeerContext } from "../PeerContext.ts"
import * as Reporting from "../Reporting.ts"
import type { SharedFiles } from "./SharedFiles.ts"

/** A request for a file. */
export interface Asked {
  readonly name: string
  readonly link: ByteLink.ByteLink
  readonly command: <A, E, R>(
    kind: Inbound,
    work: Effect.Effect<A, E, R>,
    turn?: CommandPool.Turn
  ) => Effect.Effect<A, E | TooMany, R>
}

/** Looks for the file, and sends it when it is its turn. What is not there takes no place of a transfer. */
export const upload = Effect.fnUntraced(function*(
  context: PeerContext,
  files: Pick<SharedFiles, "open">,
  { command, link, name }: Asked
) {
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
    const sending = (file: Result.Result<Download.Offered, Download.NoFile>) =>
      Download.respond(
        way,
        Result.map(file, (offered) => ({ ...offered, bytes: Stream.tap(offered.bytes, () => noted) }))
      )
    const known = FileName.parse(name)
    yield* Result.isFailure(file) || known === undefined
      ? sending(file)
      : reported(context, { name: known, link, file: file.success }, (offered) => sending(Result.succeed(offered)))
  })
  yield* command("DownloadRequest", send, {
    silentSince: () => MutableRef.get(progress),
    meanwhile: Download.waiting(link, context.config)
  })
})

/** A file that is being sent. */
interface Upload {
  readonly name: FileName.FileName
  readonly link: ByteLink.ByteLink
  readonly file: Download.Offered
}

/** Announces how far an upload is, and what became of it. */
const reported = Effect.fnUntraced(function*<E>(
  context: PeerContext,
  { file, link, name }: Upload,
  send: (file: Download.Offered) => Effect.Effect<number, E, Scope.Scope>
) {
  const report = yield* Reporting.make(context)
  const sent = MutableRef.make(0)
  const state = () => ({ name, peer: NetAddress.formatInet(link.remote), bytes: sent.current, total: file.size })
  // A piece is pulled when the one before it is written.
  const pulled = (piece: Uint8Array) =>
    Effect.andThen(report({ _tag: "Serving", ...state() }), Effect.sync(() => void (sent.current += piece.length)))
  yield* send({ ...file, bytes: Stream.tap(file.bytes, pulled) }).pipe(
    Effect.onExit((exit) =>
      context.events.publish(
        Exit.isSuccess(exit)
          ? [
            { _tag: "Serving", ...state() },
            { _tag: "Served", name, to: NetAddress.formatHost(link.remote), bytes: exit.value }
          ]
          : [{ _tag: "BrokenOff", ...state() }]
      )
    )
  )
})
