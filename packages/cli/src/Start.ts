/**
 * The command as a whole process, with the services of Node. The first SIGINT, SIGTERM or SIGHUP, or a standard output
 * whose reader has gone, asks it to leave; a second SIGINT ends it on the spot. Under `nohup` SIGHUP does nothing. At the end, farewells to other peers may
 * still finish.
 */
import "effect/schema/SchemaJITCompiler/enable"
// Not the package's index, which loads HTTP, workers and more, for a quarter of a second.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Exit, Layer, Predicate, Runtime, Stdio } from "effect"
import { SecureRandom } from "effect/crypto"
import { code } from "./Exit.ts"
import { wasIgnored } from "./Hangup.ts"
import { run } from "./Peerage.ts"

// Longer than a leaving joiner keeps its second connection for an original host.
const farewell = 4000

const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  let asked = false
  const leave = () => fiber.interruptUnsafe(fiber.id)
  process.on("SIGINT", () => {
    if (asked) process.exit(process.exitCode ?? 130)
    asked = true
    // The terminal has shown ^C; what comes next begins a line.
    if (process.stderr.isTTY) process.stderr.write("\n")
    leave()
  })
  process.on("SIGTERM", leave)
  // Node would end the process by a hangup of which nobody takes notice.
  process.on("SIGHUP", wasIgnored(process.env, process.pid) ? () => {} : leave)
  process.stdout.on("error", leave)
  fiber.addObserver((exit) =>
    teardown(exit, (status) => {
      process.exitCode = status
      asked = true
      process.stdin.destroy()
      // Its timer does not keep the process alive.
      AbortSignal.timeout(farewell).addEventListener("abort", () => process.exit(status))
    })
  )
})

/** The program's success is the exit code; an interruption is somebody leaving. */
const teardown: Runtime.Teardown = (exit, end) =>
  Exit.isSuccess(exit) && Predicate.isNumber(exit.value)
    ? end(exit.value)
    : end(Exit.hasInterrupts(exit) ? code.done : code.failed)

const services = Layer.mergeAll(NodeTransport.layer, SecureRandom.layerWebCrypto).pipe(
  Layer.provideMerge(NodeServices.layer)
)

Stdio.Stdio.use(({ args }) => Effect.flatMap(args, run)).pipe(
  Effect.provide(services),
  runMain({ teardown, disableErrorReporting: true })
)
