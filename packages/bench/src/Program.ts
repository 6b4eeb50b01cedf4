/**
 * The child's end: one side of a job, in a process of its own. It says that it is ready and with which facts (a port,
 * usually), then plays a round each time it is asked to.
 */
import "effect/schema/SchemaJITCompiler/enable"
import { NodeServices } from "@effect/platform-node"
import type { Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Effect, Layer, Schema, type Scope } from "effect"
import { Facts } from "./Facts.ts"

/** One side of a job. */
export interface Program {
  /** What the other side needs to know. */
  readonly ready?: Facts
  /** Does the work of one round, and resolves when this side has done its part. */
  readonly round: (facts: Facts) => Promise<Facts | void>
}

/** One side of a job as Effects. */
export interface EffectProgram<E> {
  readonly ready?: Facts
  readonly round: (facts: Facts) => Effect.Effect<Facts | void, E>
}

const decode = Schema.decodeUnknownSync(Facts)

const say = (saying: object) => process.send?.(saying)

const trouble = (cause: unknown) => {
  say({ trouble: cause instanceof Error ? cause.stack ?? cause.message : String(cause) })
  process.exitCode = 1
}

const play = async ({ round }: Program, facts: Facts) => {
  const before = process.cpuUsage()
  const told = await round(facts)
  const { system, user } = process.cpuUsage(before)
  const peakBytes = process.resourceUsage().maxRSS * 1024
  say({ answer: { facts: told ?? {}, cpuMicros: user + system, peakBytes } })
}

const begin = (program: Program) => {
  process.on("message", (message) => void play(program, decode(message)).catch(trouble))
  say({ ready: program.ready ?? {} })
}

// Whoever measures has gone.
process.on("disconnect", () => process.exit(0))

/** Runs a plain program. `make` is given what the other side told. */
export const plain = (make: (given: Facts) => Promise<Program>): void =>
  void make(decode(JSON.parse(process.argv[2] ?? "{}"))).then(begin, trouble)

/** Runs an Effect program on this host's network, in a scope that lives as long as the process. */
export const effect = <E, E2>(
  make: (
    given: Facts
  ) => Effect.Effect<EffectProgram<E2>, E, Transport.Transport | NodeServices.NodeServices | Scope.Scope>
): void => {
  const program = Effect.gen(function*() {
    const { ready, round } = yield* make(decode(JSON.parse(process.argv[2] ?? "{}")))
    const run = Effect.runPromiseWith(yield* Effect.context<never>())
    begin({ ...(ready === undefined ? {} : { ready }), round: (facts) => run(round(facts)) })
    return yield* Effect.never
  })
  const services = Layer.merge(NodeTransport.layer, NodeServices.layer)
  // @effect-diagnostics-next-line strictEffectProvide:off - a program is an entrypoint.
  Effect.runPromise(program.pipe(Effect.scoped, Effect.provide(services))).catch(trouble)
}
