/** Somebody in the middle: a host that dials the server for each connection, and does with the bytes what a test says. */
import { type Pipe, SocketFailure, type Transport } from "@peerage/transport"
import { Effect, Queue } from "effect"
import { at } from "./Peers.ts"

/** Which way bytes go. */
export type Way = "toServer" | "toClient"

/** Both connections of the one in the middle. */
export interface Ends {
  readonly client: Pipe.Pipe
  readonly server: Pipe.Pipe
}

/** What becomes of bytes: nothing, unless it passes some on. */
export type Meddle = (way: Way, bytes: Uint8Array, pass: (bytes: Uint8Array) => void, ends: Ends) => void

const join = (from: Pipe.Pipe, to: Pipe.Pipe, meddle: (bytes: Uint8Array, pass: (bytes: Uint8Array) => void) => void) =>
  from.observe({
    readable: () => {
      for (let chunks = from.take(); chunks !== undefined; chunks = from.take()) {
        for (const chunk of chunks) meddle(chunk, (bytes) => void to.write([bytes]))
      }
      const ended = from.ended()
      if (ended === undefined) return
      if (SocketFailure.isFin(ended)) to.end()
      else to.reset()
    },
    drained: () => {},
    closed: () => to.reset()
  })

/** Relays connections from `here` to `there`, to several in turn, for the scope's life. Succeeds with the bound address. */
export const relay = Effect.fnUntraced(function*(
  transport: Transport.Transport["Service"],
  { here, there }: { readonly here: string; readonly there: string | ReadonlyArray<string> },
  meddle: Meddle
) {
  const listener = yield* transport.listen(at(here))
  yield* Effect.forkScoped(Effect.gen(function*() {
    const servers = [there].flat()
    for (let turn = 0;; turn++) {
      const client = yield* Queue.take(listener.accepted)
      const server = yield* transport.connect(at(servers[turn % servers.length] ?? ""))
      const ends = { client, server }
      join(client, server, (bytes, pass) => meddle("toServer", bytes, pass, ends))
      join(server, client, (bytes, pass) => meddle("toClient", bytes, pass, ends))
    }
  }))
  return listener.address
})

/** Passes everything on as it is. */
export const honest: Meddle = (_, bytes, pass) => pass(bytes)

/** Passes everything on, one bit of one byte of one way changed. */
export const flipping = (way: Way, byte: number, bit = 0): Meddle => {
  let seen = 0
  return (from, bytes, pass) => {
    if (from !== way) return pass(bytes)
    const at = byte - seen
    seen += bytes.length
    pass(at >= 0 && at < bytes.length ? bytes.with(at, (bytes[at] ?? 0) ^ 1 << bit) : bytes)
  }
}

/** Passes so many bytes of one way on, then ends both connections with FIN. */
export const cutting = (way: Way, after: number): Meddle => {
  let left = after
  return (from, bytes, pass, { client, server }) => {
    if (from !== way) return pass(bytes)
    if (left > 0) pass(bytes.subarray(0, left))
    left -= bytes.length
    if (left > 0) return
    client.end()
    server.end()
  }
}
