/** One end of a connection in the hand of a test: it says any bytes, reads at once, and keeps what comes. */
import { MemoryNetwork, type Pipe, Simulation, SocketFailure } from "@peerage/transport"
import { Effect, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A pipe that is read at once. Protocols extend it by what they say. */
export class Stranger {
  readonly pipe: Pipe.Pipe
  /** What came, as it came. */
  readonly segments: Array<Uint8Array> = []

  constructor(pipe: Pipe.Pipe) {
    this.pipe = pipe
    pipe.observe({ readable: () => this.segments.push(...pipe.take() ?? []), drained: () => {}, closed: () => {} })
  }

  /** Connects from a machine to an address, on which nothing is said yet. */
  static dial<S extends Stranger>(
    this: new(pipe: Pipe.Pipe) => S,
    from: string,
    to: string
  ): Effect.Effect<S, SocketError, MemoryNetwork.MemoryNetwork | Scope.Scope> {
    return Effect.flatMap(
      MemoryNetwork.MemoryNetwork,
      (network) =>
        network.transport(from).connect(NetAddress.inetAddressFromStringUnsafe(to)).pipe(
          Effect.map((pipe) => new this(pipe)),
          Effect.tap(() => Simulation.settle)
        )
    )
  }

  /** Sends bytes or text, each in a segment of its own. */
  write(...parts: ReadonlyArray<Uint8Array | string>): void {
    for (const part of parts) this.pipe.write([typeof part === "string" ? encoder.encode(part) : part])
  }

  /** The same as text, one for each segment. */
  get texts(): ReadonlyArray<string> {
    return this.segments.map((segment) => decoder.decode(segment))
  }

  /** Everything that came. */
  get bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.segments))
  }

  /** Everything that came, as text. */
  get text(): string {
    return decoder.decode(this.bytes)
  }

  /** How reading ended: not yet, politely, or with an errno. */
  get end(): string {
    const ended = this.pipe.ended()
    if (ended === undefined) return "Open"
    return SocketFailure.isFin(ended) ? "Fin" : SocketFailure.errno(ended) ?? "Closed"
  }
}
