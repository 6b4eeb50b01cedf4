/** A console on Node, for browsers on this machine only. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { ListenFailed } from "@peerage/transport/Endpoint"
import { Context, Effect, Layer, Predicate, Schema, type Scope } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { HttpServer } from "effect/http/HttpServer"
import type { ServeError } from "effect/http/HttpServerError"
import { existsSync } from "node:fs"
import { createServer } from "node:http"
import { createRequire } from "node:module"
import { join } from "node:path"
import * as Console from "../Console.ts"
import type { Panel } from "../Panel.ts"
import type { Stage } from "../Stage.ts"

/** The page was not built. */
export class PageMissing extends Schema.TaggedError<PageMissing>()("PageMissing", { folder: Schema.String }) {
  override get message() {
    return "The console's page has not been built. Build it with: npm run prepare --workspace @peerage/console"
  }
}

/** No console was opened: the page is missing, or the port cannot be listened on. */
export class ConsoleError extends Schema.TaggedError<ConsoleError>()("ConsoleError", {
  reason: Schema.Union([PageMissing, ListenFailed])
}) {
  override get message() {
    return this.reason.message
  }
}

/** How to open a console. */
export interface Options {
  /** Of 127.0.0.1; 0 is a free one. Default 4780. */
  readonly port?: number | undefined
  /** What the page shows as the version. Default: this package's. */
  readonly version?: string | undefined
  /** The folder of the page. Default: the one that comes with this package. */
  readonly root?: string | undefined
}

/** The port of a console. */
export const defaultPort = 4780

/** No other address is offered: what is served here is for one person. */
const host = "127.0.0.1"

const own = join(import.meta.dirname, "..", "..")

const { version: ownVersion } = Schema.decodeUnknownSync(Schema.Struct({ version: Schema.String }))(
  createRequire(import.meta.url)("../../package.json")
)

/** Bytes of one message of a page at most. */
const maxMessage = 1_048_576

/** Connections of browsers at most: a page has one for what it asks, and while it loads a few for its files. */
const maxConnections = 64

const codeOf = ({ cause }: ServeError): string =>
  Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : "EIO"

const server = () => {
  const server = createServer({ headersTimeout: 5000, requestTimeout: 10_000, maxHeaderSize: 8192 })
  server.maxConnections = maxConnections
  return server
}

const open = (
  { port = defaultPort, root = join(own, "dist", "web"), version = ownVersion }: Options,
  layer: (options: Console.Options) => ReturnType<typeof Console.layer>
): Layer.Layer<Console.Console, ConsoleError> => {
  if (!existsSync(join(root, "index.html"))) {
    return Layer.effect(Console.Console, new ConsoleError({ reason: new PageMissing({ folder: root }) }))
  }
  const failed = (error: ServeError) =>
    new ConsoleError({ reason: new ListenFailed({ address: `${host}:${port}`, code: codeOf(error) }) })
  const listening = NodeHttpServer.make(server, {
    host,
    port,
    gracefulShutdownTimeout: "100 millis",
    websocket: { maxPayload: maxMessage }
  })
  const platform = Layer.mergeAll(
    Layer.effect(HttpServer, Effect.mapError(listening, failed)),
    NodeHttpServer.layerHttpServices,
    SecureRandom.layerWebCrypto
  )
  return layer({ root, version }).pipe(Layer.orDie, Layer.provide(platform))
}

/** Opens a console for a peer, for the layer's life. */
export const layer = (panel: Panel, options: Options = {}): Layer.Layer<Console.Console, ConsoleError> =>
  open(options, (where) => Console.layer(panel, where))

/** Opens a console for a simulation, for the layer's life. */
export const layerStage = (stage: Stage, options: Options = {}): Layer.Layer<Console.Console, ConsoleError> =>
  open(options, (where) => Console.layerStage(stage, where))

const built = (layer: Layer.Layer<Console.Console, ConsoleError>) =>
  Effect.map(Layer.build(layer), (context) => Context.get(context, Console.Console))

/** Opens a console for a peer, for the scope's life. */
export const make = (
  panel: Panel,
  options?: Options
): Effect.Effect<Console.Console["Service"], ConsoleError, Scope.Scope> => built(layer(panel, options))

/** Opens a console for a simulation, for the scope's life. */
export const makeStage = (
  stage: Stage,
  options?: Options
): Effect.Effect<Console.Console["Service"], ConsoleError, Scope.Scope> => built(layerStage(stage, options))
