/** The command with the services of Node. */
import "effect/schema/SchemaJITCompiler/enable"
// Not the package's index, which loads HTTP, workers and more, for a quarter of a second.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Layer, Stdio } from "effect"
import { SecureRandom } from "effect/crypto"
import { run } from "./Peerage.ts"
import { runMain, teardown } from "./Process.ts"

const services = Layer.mergeAll(NodeTransport.layer, SecureRandom.layerWebCrypto).pipe(
  Layer.provideMerge(NodeServices.layer)
)

Stdio.Stdio.use(({ args }) => Effect.flatMap(args, run)).pipe(
  Effect.provide(services),
  runMain({ teardown, disableErrorReporting: true })
)
