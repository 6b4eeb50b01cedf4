/**
 * An original in the hand of a test: one end of a connection, which says headers, payloads or any bytes when it is told
 * to, never ends anything by itself, and keeps what comes, segment by segment. What it sent and heard has its time.
 */
import { MemoryNetwork, type Pipe, SocketFailure } from "@peerage/transport"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { addressOf, ipOf, settle } from "../peer/Network.ts"

const inet = NetAddress.inetAddressFromStringUnsafe
const encoder = new TextEncoder()

/** A header of 128 bytes. */
export const header = (text: string): Uint8Array => encoder.encode(text.padEnd(128, "|"))

/** Bytes of some length, no two neighbours alike. */
export const bytesOfLength = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251)

/** Bytes as text, in which all padding is two bars. */
const describe = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1").replaceAll(/\|{2,}/g, "||")

/** One end of a connection. */
export class Original {
  readonly pipe: Pipe.Pipe
  /** What came, as it came. */
  readonly segments: Array<Uint8Array> = []

  constructor(pipe: Pipe.Pipe) {
    this.pipe = pipe
    pipe.observe({ readable: () => this.segments.push(...pipe.take() ?? []), drained: () => {}, closed: () => {} })
  }

  /** Says a header, and in a second write a payload, as originals do. */
  say(text: string, payload?: Uint8Array | string): void {
    this.pipe.write([header(text)])
    if (payload !== undefined) this.write(payload)
  }

  /** Sends bytes in one write. */
  write(bytes: Uint8Array | string): void {
    this.pipe.write([typeof bytes === "string" ? encoder.encode(bytes) : bytes])
  }

  /** What came, in words: a text for each segment. */
  get heard(): ReadonlyArray<string> {
    return this.segments.map(describe)
  }

  /** Everything that came. */
  get bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.segments))
  }

  /** How reading ended: not yet, politely, or with an errno. */
  get end(): string {
    const ended = this.pipe.ended()
    if (ended === undefined) return "Open"
    return SocketFailure.isFin(ended) ? "FIN" : SocketFailure.errno(ended) ?? "Closed"
  }
}

/** How an original says hello. */
export const hello = (machine: number, rest = "data_type=bytes&strict=True"): string =>
  `HELLO|peer_name=${addressOf(machine)}&${rest}`

/** An original that has connected to a peer and said nothing yet. */
export const dialer = Effect.fnUntraced(function*(machine: number, to: number) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const original = new Original(yield* network.transport(ipOf(machine)).connect(inet(addressOf(to))))
  yield* settle
  return original
})

/** An original that has connected to a peer and said hello. */
export const connector = Effect.fnUntraced(function*(machine: number, to: number, rest?: string) {
  const original = yield* dialer(machine, to)
  original.say(hello(machine, rest))
  yield* settle
  return original
})

/** An original that takes connections; `next` waits for one and leaves its HELLO without an answer. */
export const listener = Effect.fnUntraced(function*(machine: number) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const { accepted } = yield* network.transport(ipOf(machine)).listen(inet(addressOf(machine)))
  const next = Effect.map(Queue.take(accepted), (pipe) => new Original(pipe))
  return { next: Effect.tap(next, () => settle) }
})

/** Something that a machine sent. */
export interface Sent {
  readonly at: number
  readonly kind: string
  readonly length: number
}

/** What a machine sent, in order, with the milliseconds of the clock. */
export const sentBy = (
  machine: number
): Effect.Effect<ReadonlyArray<Sent>, never, MemoryNetwork.MemoryNetwork> =>
  Effect.gen(function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const trace = yield* network.trace
    return trace
      .filter(({ again, from, kind }) => from.startsWith(`${ipOf(machine)}:`) && !again && kind !== "SYN-ACK")
      .map(({ at, kind, length }) => ({ at, kind, length }))
  })
