/**
 * An address of this host where a SYN meets silence: a listener whose thread never accepts and whose backlog is full.
 */
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Net from "node:net"
import { Worker } from "node:worker_threads"

const sleeper = `
const { parentPort, workerData } = require("node:worker_threads")
const server = require("node:net").createServer().listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  setImmediate(() => Atomics.wait(workerData, 0, 0))
})`

const asleep = Effect.acquireRelease(
  Effect.callback<{ readonly worker: Worker; readonly flag: Int32Array; readonly port: number }>((resume) => {
    const flag = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(sleeper, { eval: true, workerData: flag })
    worker.once("message", (port: number) => resume(Effect.succeed({ worker, flag, port })))
    worker.once("error", (cause) => resume(Effect.die(cause)))
  }),
  ({ worker, flag }) =>
    Effect.promise(() => {
      Atomics.store(flag, 0, 1)
      Atomics.notify(flag, 0)
      return worker.terminate()
    })
)

/** On a busy machine a timer may overtake a connect that did succeed: after it the sockets are looked at twice more. */
const quiet = Effect.sleep("100 millis").pipe(Effect.andThen(Effect.repeat(Effect.sleep("1 millis"), { times: 2 })))

/** Dials, and keeps the connection, so that the backlog fills. True when the dial hung, as the backlog is full. */
const hangs = (port: number) =>
  Effect.acquireRelease(
    Effect.sync(() => Net.connect({ host: "127.0.0.1", port }).on("error", () => {})),
    (socket) => Effect.sync(() => socket.destroy())
  ).pipe(
    Effect.flatMap((socket) =>
      Effect.callback<boolean>((resume) => {
        socket.once("connect", () => resume(Effect.succeed(false)))
      })
    ),
    Effect.raceFirst(Effect.as(quiet, true))
  )

export const unanswering = Effect.gen(function*() {
  const { port } = yield* asleep
  for (let dials = 0; dials < 16; dials++) {
    if (yield* hangs(port)) return NetAddress.inetAddressUnsafe(NetAddress.ipv4Loopback, port)
  }
  return yield* Effect.die(new Error("this system's backlog never fills"))
})
