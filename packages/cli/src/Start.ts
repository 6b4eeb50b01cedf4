/**
 * The command as a whole process, with the services of Node. The first SIGINT, SIGTERM or SIGHUP, or a standard output
 * that cannot be written, asks it to leave; a second SIGINT ends it on the spot. Under `nohup` SIGHUP does nothing. At the
 * end, farewells to other peers may still finish.
 */
import "effect/schema/SchemaJITCompiler/enable"
// Not the package's index, which loads HTTP, workers and more, for a quarter of a second.
import * as NodeServices from "@effect/platform-node/NodeServices"
import { NodeTransport } from "@peerage/transport/node"
import { Deferred, Effect, Exit, Layer, Predicate, Runtime, Stdio } from "effect"
import { SecureRandom } from "effect/crypto"
import { code, outputLost } from "./Exit.ts"
import { wasIgnored } from "./Hangup.ts"
import { type Cause, Leaving } from "./Leaving.ts"
import { run } from "./Peerage.ts"
import { unblock } from "./Unblocked.ts"

// Longer than a leaving joiner keeps its second connection for an original host.
const farewell = 4000

// npm passes on an interrupt that the terminal has sent to the command already.
const echo = 0.5

unblock(process.stdout, process.stderr)

const leaving = Deferred.makeUnsafe<Cause>()
const leave = (cause: Cause) => Deferred.doneUnsafe(leaving, Exit.succeed(cause))

const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  let asked: number | undefined
  let [ended, lost] = [false, false]
  process.on("SIGINT", () => {
    if (asked === undefined ? ended : process.uptime() - asked > echo) process.exit(process.exitCode ?? 130)
    // The terminal has shown ^C; what comes next begins a line.
    if (asked === undefined && process.stderr.isTTY) process.stderr.write("\n")
    asked ??= process.uptime()
    leave("Asked")
  })
  process.on("SIGTERM", () => leave("Asked"))
  // Node would end the process by a hangup of which nobody takes notice.
  process.on("SIGHUP", wasIgnored(process.env, process.pid) ? () => {} : () => leave("Asked"))
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return leave("ReaderGone")
    if (!lost) process.stderr.write(`${outputLost(error.code ?? error.message)}\n`)
    lost = true
    if (ended) process.exitCode = code.failed
    leave("OutputLost")
  })
  // Nobody is left to hear of it.
  process.stderr.on("error", () => {})
  fiber.addObserver((exit) =>
    teardown(exit, (status) => {
      process.exitCode = lost ? code.failed : status
      ended = true
      process.stdin.destroy()
      // Its timer does not keep the process alive.
      AbortSignal.timeout(farewell).addEventListener("abort", () => process.exit())
    })
  )
})

/** The program's success is the exit code. */
const teardown: Runtime.Teardown = (exit, end) =>
  end(Exit.isSuccess(exit) && Predicate.isNumber(exit.value) ? exit.value : code.failed)

const services = Layer.mergeAll(NodeTransport.layer, SecureRandom.layerWebCrypto).pipe(
  Layer.provideMerge(NodeServices.layer)
)

Stdio.Stdio.use(({ args }) => Effect.flatMap(args, run)).pipe(
  Effect.provideService(Leaving, Deferred.await(leaving)),
  Effect.provide(services),
  runMain({ teardown, disableErrorReporting: true })
)
