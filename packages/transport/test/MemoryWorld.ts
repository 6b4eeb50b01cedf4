/** Words the tests of the simulated network are written in. */
import { type Listener, type Options, type Pipe, SocketFailure, type Transport } from "@peerage/transport"
import { Effect, Fiber, Queue } from "effect"
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

/** How reading ended, in one word: "open", "FIN", "closed" or an errno. */
export const ended = (pipe: Pipe.Pipe): string => {
  const error = pipe.ended()
  if (error === undefined) return "open"
  if (SocketFailure.isFin(error)) return "FIN"
  return SocketFailure.errno(error) ?? "closed"
}

/** The errno of a failed dial. */
export const errno = (dial: Effect.Effect<unknown, SocketError>) => Effect.map(Effect.flip(dial), SocketFailure.errno)
