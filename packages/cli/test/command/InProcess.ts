/**
 * The whole command in this process: on a simulated network whose clock stands still unless a test moves it, with a
 * standard input to type into. Its commands are loaded before the tests, as loading takes real time.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import { MemoryNetwork, Simulation, Transport } from "@peerage/transport"
import {
  type Cause as EffectCause,
  ConfigProvider,
  Console,
  Deferred,
  Effect,
  Exit,
  Fiber,
  Layer,
  Queue,
  type Scope,
  Sink,
  Stdio,
  Stream
} from "effect"
import { SecureRandom } from "effect/crypto"
import { format } from "node:util"
import "../../src/commands/Chat.ts"
import "../../src/commands/Demo.ts"
import "../../src/commands/Friends.ts"
import "../../src/commands/Key.ts"
import "../../src/commands/PeerPy.ts"
import "../../src/commands/Pyile.ts"
import "../../src/commands/Pyrate.ts"
import "../../src/commands/Simulate.ts"
import "../../src/secure/Making.ts"
import { ownAddress } from "../../src/Addresses.ts"
import { code } from "../../src/Exit.ts"
import { type Cause, Leaving } from "../../src/Leaving.ts"
import { run as runCommand } from "../../src/Peerage.ts"
import { makeOutput, type Running, running, starting, type StartOptions } from "../Output.ts"
import type { Steps } from "../Test.ts"

/** A running command. */
export interface RunningHere extends Running {
  /** Asks it to leave, as a signal does. */
  readonly leave: Effect.Effect<unknown>
}

/** What a test needs: a network, and a scope for its commands. */
export type Network = MemoryNetwork.MemoryNetwork | Scope.Scope

/** The transport of the machine that all commands run on. */
export const transport: Effect.Effect<Transport.Transport["Service"], never, MemoryNetwork.MemoryNetwork> = Effect.map(
  MemoryNetwork.MemoryNetwork,
  (network) => network.transport(["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", ownAddress()])
)

const services = Layer.mergeAll(NodeServices.layer, SecureRandom.layerWebCrypto)
const bytesOf = (text: string) => new TextEncoder().encode(text)

/** Starts the command; it leaves when the scope closes, if it has not ended by then. */
export const start = Effect.fnUntraced(function*(
  args: ReadonlyArray<string>,
  { env = {} }: StartOptions = {}
): Effect.fn.Return<RunningHere, never, Network> {
  const output = makeOutput()
  const typed = yield* Queue.unbounded<Uint8Array, EffectCause.Done>()
  const stdin = Stream.fromQueue(typed)
  const leaving = yield* Deferred.make<Cause>()
  const write = (stream: "stdout" | "stderr") => (...parts: ReadonlyArray<unknown>) =>
    output.add(stream, `${format(...parts)}\n`)
  const fiber = yield* runCommand(args).pipe(
    Effect.onExit((exit) =>
      Effect.sync(() =>
        output.end(Exit.isSuccess(exit) ? exit.value : Exit.hasInterrupts(exit) ? code.done : code.failed)
      )
    ),
    Effect.provideService(Leaving, Deferred.await(leaving)),
    Effect.provideService(Transport.Transport, yield* transport),
    Effect.provideService(
      Stdio.Stdio,
      Stdio.make({ args: Effect.succeed(args), stdin, stdout: () => Sink.drain, stderr: () => Sink.drain })
    ),
    Effect.provideService(Console.Console, {
      ...(yield* Console.Console),
      log: write("stdout"),
      error: write("stderr")
    }),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env })),
    Effect.provide(services),
    Effect.forkScoped
  )
  return {
    ...output,
    type: (...lines) =>
      Effect.sync(() => void Queue.offerUnsafe(typed, bytesOf(lines.map((line) => `${line}\n`).join("")))),
    hangUp: Effect.sync(() => void Queue.endUnsafe(typed)),
    leave: Effect.andThen(Deferred.succeed(leaving, "Asked"), Fiber.await(fiber))
  }
})

/** Waits for something, and lets time pass for as long as it does not come. */
export const passTime = <A>(waiting: Effect.Effect<A>): Effect.Effect<A, never, Network> =>
  Effect.raceFirst(waiting, Effect.forever(Simulation.elapse("200 millis")))

/** Ways to start commands. */
export const here = starting(start, passTime)

/** Runs the command to its end with nothing on standard input. */
export const run = running(start)

/** Runs the command to its end, which has to have this code and say this on standard error. */
export const ends = Effect.fnUntraced(function*(args: ReadonlyArray<string>, code: number, said = /^$/) {
  const ended = yield* run(args)
  assert.strictEqual(ended.code, code)
  assert.match(ended.stderr, said)
  return ended
})

/** A test with a network of its own. */
export const tested = (name: string, steps: Steps<Network>) =>
  it.effect(name, () => Effect.provide(Effect.scoped(Effect.gen(steps)), MemoryNetwork.layer()))
