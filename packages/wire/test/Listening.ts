/** A listener of a simulated network, and the other end of its connections in the hand of a test. */
import { MemoryNetwork, type Options, type Pipe, SocketFailure } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"

export const simulated = Effect.provide(MemoryNetwork.layer())

const address = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:4702")

/** A listener at 10.0.0.1. */
export const listen = Effect.fnUntraced(function*(options: Options.ListenOptions = {}) {
  const network = yield* MemoryNetwork.MemoryNetwork
  return yield* network.transport("10.0.0.1").listen(address, options)
})

/** One end of a connection, as plain text. */
export class Raw {
  readonly pipe: Pipe.Pipe
  /** What came, one text for each segment. */
  readonly segments: Array<string> = []

  constructor(pipe: Pipe.Pipe) {
    this.pipe = pipe
    pipe.observe({ readable: () => this.read(), drained: () => {}, closed: () => {} })
  }

  private read() {
    for (const chunk of this.pipe.take() ?? []) this.segments.push(new TextDecoder().decode(chunk))
  }

  /** Sends each text as a segment of its own. */
  say(...texts: ReadonlyArray<string>) {
    for (const text of texts) this.pipe.write([new TextEncoder().encode(text)])
  }

  /** How reading ended: not yet, politely, or with an errno. */
  get end(): string {
    const ended = this.pipe.ended()
    if (ended === undefined) return "Open"
    return SocketFailure.isFin(ended) ? "Fin" : SocketFailure.errno(ended) ?? "Closed"
  }
}

/** Dials the listener from an address. */
export const dial = Effect.fnUntraced(function*(from = "10.0.0.2") {
  const network = yield* MemoryNetwork.MemoryNetwork
  return new Raw(yield* network.transport(from).connect(address))
})
