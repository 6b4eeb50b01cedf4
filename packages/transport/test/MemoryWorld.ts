/** Words the tests of the simulated network are written in. */
import { it } from "@effect/vitest"
import {
  type Listener,
  MemoryNetwork,
  type Options,
  type Pipe,
  SocketFailure,
  type Transport
} from "@peerage/transport"
import { Effect, Fiber, Queue, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import { TestClock } from "effect/testing"

export const at = NetAddress.inetAddressFromStringUnsafe
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const text = (chunks: ReadonlyArray<Uint8Array> | undefined): string =>
  (chunks ?? []).map((chunk) => new TextDecoder().decode(chunk)).join("")

type Host = Transport.Transport["Service"]

/** Lets everything happen that is due, and everything that this makes due. */
export const settle = Effect.repeat(Effect.yieldNow, { times: 8 })

/** Sends back what comes over each connection, for the scope's life. */
export const echo = (listener: Listener.Listener) =>
  Effect.forkScoped(listener.run((connection) =>
    Effect.gen(function*() {
      const reader = yield* connection.reader
      const writer = yield* connection.writer
      while (true) yield* writer.writeAll(yield* reader.pull)
    })
  ))

/** Both ends of a new connection from `near` to `far`, after as much time as the handshake takes. */
export const connect = Effect.fnUntraced(function*(
  near: Host,
  far: Host,
  address: string,
  options: { readonly dial?: Options.DialOptions; readonly listen?: Options.ListenOptions } = {}
) {
  const listener = yield* far.listen(at(address), options.listen)
  const dialing = yield* Effect.forkChild(near.connect(at(address), options.dial), { startImmediately: true })
  yield* TestClock.adjust("1 second")
  const dialed = yield* Fiber.join(dialing)
  const accepted = yield* Queue.take(listener.accepted)
  return { listener, dialed, accepted }
})

/** Both ends of a connection between two hosts of a new network. */
export const pair = Effect.fnUntraced(function*(
  options: MemoryNetwork.Options = {},
  ends: Parameters<typeof connect>[3] = {}
) {
  const network = yield* MemoryNetwork.make(options)
  const near = network.transport("10.0.0.1")
  const far = network.transport("10.0.0.2")
  return { network, near, far, ...(yield* connect(near, far, "10.0.0.2:4702", ends)) }
})

/** A test of these. */
export const paired = (
  title: string,
  body: (ends: Effect.Success<ReturnType<typeof pair>>) => Effect.fn.Return<void, unknown, Scope.Scope>,
  ...options: Parameters<typeof pair>
) => it.effect(title, () => Effect.flatMap(pair(...options), Effect.fnUntraced(body)))

/** A test in a new network. */
export const networked = (
  title: string,
  body: (network: MemoryNetwork.MemoryNetwork["Service"]) => Effect.fn.Return<void, unknown, Scope.Scope>,
  options?: MemoryNetwork.Options
) => it.effect(title, () => Effect.flatMap(MemoryNetwork.make(options), Effect.fnUntraced(body)))

/** How reading ended, in one word: "open", "FIN", "closed" or an errno. */
export const ended = (pipe: Pipe.Pipe): string => {
  const error = pipe.ended()
  if (error === undefined) return "open"
  if (SocketFailure.isFin(error)) return "FIN"
  return SocketFailure.errno(error) ?? "closed"
}

/** The errno of a failed dial. */
export const errno = (dial: Effect.Effect<unknown, SocketError>) => Effect.map(Effect.flip(dial), SocketFailure.errno)
