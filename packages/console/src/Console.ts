/**
 * Serves a page for a peer or a simulation, over HTTP on this machine.
 *
 *     GET  /          the page's files
 *     POST /session   an invitation for the key, once
 *     GET  /session   whether a key is this process's
 *     GET  /rpc       a WebSocket for all that the page asks
 *
 * While no page is open it listens for connections, and does nothing else.
 */
import { Context, Effect, Layer, Option, Redacted, Ref, Result, type Scope } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import * as Hex from "effect/encoding/Hex"
import type { FileSystem } from "effect/FileSystem"
import type { HttpPlatform } from "effect/http/HttpPlatform"
import * as HttpServer from "effect/http/HttpServer"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerRespondable from "effect/http/HttpServerRespondable"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpStaticServer from "effect/http/HttpStaticServer"
import type { Path } from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"
import { Api } from "./api/Api.ts"
import * as Frames from "./Frames.ts"
import * as Gate from "./Gate.ts"
import * as Handlers from "./Handlers.ts"
import * as Invitation from "./Invitation.ts"
import type { Panel } from "./Panel.ts"
import type { Stage } from "./Stage.ts"

/** A running console. */
export class Console extends Context.Service<Console, {
  /** A new link, `http://127.0.0.1:PORT/#INVITATION`: good once, for ten minutes, and in place of the one before. */
  readonly link: Effect.Effect<Redacted.Redacted<string>>
}>()("@peerage/console/Console") {}

/** How a console is served. */
export interface Options {
  /** The folder of the page. */
  readonly root: string
  /** What the page shows as the version. */
  readonly version: string
}

/** Pages that may be open at a time. */
const maxPages = 8

const sentences = {
  used: "This link has been used, or it is older than ten minutes. Type /console where the peer runs for a new one.",
  anew: "The peer was started anew; open its new link.",
  full: `${maxPages} pages of this console are open already. Close one of them.`
} as const

const refusal = ({ sentence, status }: Gate.Refusal) => HttpServerResponse.text(sentence, { status })
const unauthorized = (sentence: string) => refusal({ status: 401, sentence })
const full = refusal({ status: 503, sentence: sentences.full })

type Response = HttpServerResponse.HttpServerResponse
type Answer<R = never> = Effect.Effect<Response, never, HttpServerRequest | Scope.Scope | R>

/** Answers while fewer pages are open than may be. */
const seated = (open: Ref.Ref<number>) => {
  const take = Ref.modify(open, (count) => count < maxPages ? [true, count + 1] : [false, count])
  return {
    isFull: Effect.map(Ref.get(open), (count) => count >= maxPages),
    hold: (answer: Answer): Answer =>
      Effect.acquireUseRelease(
        take,
        (seated) => seated ? answer : Effect.succeed(full),
        (seated) => seated ? Ref.update(open, (count) => count - 1) : Effect.void
      )
  }
}

/** Serves for the scope's life, and does `leave` before it ends. */
const serve = Effect.fnUntraced(function*({ root }: Options, leave: Effect.Effect<void>) {
  const { address } = yield* HttpServer.HttpServer
  const port = "port" in address ? address.port : 0
  const judge = Gate.judge(port)
  const invitation = yield* Invitation.make
  const files = Effect.catch(yield* HttpStaticServer.make({ root }), HttpServerRespondable.toResponse)
  const calls = yield* RpcServer.toHttpEffectWebsocket(Api, { disableTracing: true, disableFatalDefects: true })
  const { hold, isFull } = seated(yield* Ref.make(0))

  const answer = (admitted: Gate.Admitted): Answer => {
    switch (admitted._tag) {
      case "Page":
        return files
      case "Exchange":
        return Effect.map(invitation.exchange(admitted.invitation), (key) =>
          Option.match(key, {
            onNone: () => unauthorized(sentences.used),
            onSome: (key) => HttpServerResponse.text(Redacted.value(key))
          }))
      case "Probe":
        return invitation.isKey(admitted.key)
          ? Effect.map(isFull, (isFull) => isFull ? full : HttpServerResponse.empty())
          : Effect.succeed(unauthorized(sentences.anew))
      case "Calls":
        return invitation.isKey(admitted.key) ? hold(calls) : Effect.succeed(unauthorized(sentences.anew))
    }
  }

  const respond = Effect.gen(function*() {
    const judged = judge(yield* HttpServerRequest)
    const response = Result.isFailure(judged) ? refusal(judged.failure) : yield* answer(judged.success)
    return HttpServerResponse.setHeaders(response, Gate.headers)
  })
  // An answer cannot be interrupted by itself, and that of an open page ends with the page: a console could not close before.
  yield* HttpServer.serveEffect(Effect.interruptible(respond))
  yield* Effect.addFinalizer(() => leave)
  return Console.of({
    link: Effect.map(
      invitation.invite,
      (invitation) => Redacted.make(`http://127.0.0.1:${port}/#${Redacted.value(invitation)}`)
    )
  })
})

/** What a console needs of its platform. */
export type Platform = HttpServer.HttpServer | HttpPlatform | FileSystem | Path | SecureRandom

/** A number that no other process has. */
const run = Effect.flatMap(SecureRandom, ({ randomBytes }) => Effect.map(randomBytes(8), Hex.encode))

/** Serves a page for a peer, for the layer's life. */
export const layer = (panel: Panel, options: Options): Layer.Layer<Console, PlatformError, Platform> =>
  Layer.unwrap(
    Effect.zipWith(run, Frames.make(panel), (run, frames) =>
      Layer.effect(Console, serve(options, frames.leave)).pipe(
        Layer.provide(Handlers.ofPanel(panel, frames, { run, version: options.version })),
        Layer.provide(RpcSerialization.layerJson)
      ))
  )

/** Serves a page for a simulation, for the layer's life. */
export const layerStage = (stage: Stage, options: Options): Layer.Layer<Console, PlatformError, Platform> =>
  Layer.unwrap(Effect.map(run, (run) =>
    Layer.effect(Console, serve(options, Effect.void)).pipe(
      Layer.provide(Handlers.ofStage(stage, { run, version: options.version })),
      Layer.provide(RpcSerialization.layerJson)
    )))
