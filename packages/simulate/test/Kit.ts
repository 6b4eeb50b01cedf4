/** What the tests of this package are written in: a server that sends back what comes, and a client of it. */
import { it } from "@effect/vitest"
import { Host, Simulation, type Theatre } from "@peerage/simulate"
import { type Listener, SocketFailure, Transport } from "@peerage/transport"
import { Context, Effect, Layer } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"

const address = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4702")

/** The listener of the server's program. */
export class Server extends Context.Service<Server, Listener.Listener>()("Server") {}

/** Sends back what comes. */
export const echo = Layer.effect(
  Server,
  Effect.gen(function*() {
    const transport = yield* Transport.Transport
    const listener = yield* transport.listen(address, { keepAlive: "10 seconds" })
    yield* Effect.forkScoped(listener.run((connection) =>
      Effect.gen(function*() {
        const { pull } = yield* connection.reader
        const writer = yield* connection.writer
        while (true) yield* writer.writeAll(yield* pull)
      })
    ))
    return listener
  })
)

/** A connection to the server, for the life of the client. */
export const dial = Effect.gen(function*() {
  const transport = yield* Transport.Transport
  const connection = transport.dial(address, { keepAlive: "10 seconds" })
  const { pull } = yield* connection.reader
  return { pull, write: (yield* connection.writer).write }
})

/** Sends a text and returns the answer. */
export const say = ({ pull, write }: Effect.Success<typeof dial>, text: string) =>
  Effect.andThen(write(text), Effect.map(pull, ([bytes]) => new TextDecoder().decode(bytes)))

/** A server, a client, and a connection between them. */
export const pair = Effect.gen(function*() {
  const server = yield* Host.make("server", echo)
  const client = yield* Host.make("client")
  return { server, client, connection: yield* client.run(dial) }
})

/** How a read, a write or a dial failed, in one word: an errno, or "FIN". */
export const failure = <A>(effect: Effect.Effect<A, SocketError | Host.HostDown>) =>
  Effect.map(Effect.flip(effect), (error) => {
    if (error._tag === "HostDown") return error._tag
    return SocketFailure.isFin(error) ? "FIN" : SocketFailure.errno(error)
  })

/** A test in a simulation of its own, where each way takes 10 milliseconds. */
export const simulation = (
  name: string,
  body: () => Effect.fn.Return<void, unknown, Theatre.Services>,
  options: Simulation.Options = {}
) => it.effect(name, () => Effect.gen(body).pipe(Simulation.run({ link: { latency: "10 millis" }, ...options })))
