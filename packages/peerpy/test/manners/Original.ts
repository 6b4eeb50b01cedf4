/**
 * An original in the hand of a test: one end of a connection, which says headers, payloads or any bytes when it is told
 * to, never ends anything by itself, and keeps what comes, segment by segment. What it sent and heard has its time.
 */
import { Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Queue } from "effect"
import { inet } from "../exchange/Pair.ts"
import { header, textOf } from "../exchange/Raw.ts"
import { addressOf, ipOf, settle } from "../peer/Network.ts"

export { header } from "../exchange/Raw.ts"

/** Bytes as text, in which all padding is two bars. */
const describe = (bytes: Uint8Array): string => textOf(bytes).replaceAll(/\|{2,}/g, "||")

/** One end of a connection. */
export class Original extends Stranger {
  /** Says a header, and in a second write a payload, as originals do. */
  say(text: string, payload?: Uint8Array | string): void {
    this.write(header(text), ...payload === undefined ? [] : [payload])
  }

  /** What came, in words: a text for each segment. */
  get heard(): ReadonlyArray<string> {
    return this.segments.map(describe)
  }
}

/** How an original says hello. */
export const hello = (machine: number, rest = "data_type=bytes&strict=True"): string =>
  `HELLO|peer_name=${addressOf(machine)}&${rest}`

/** An original that has connected to a peer and said nothing yet. */
export const dialer = (machine: number, to: number) => Original.dial(ipOf(machine), addressOf(to))

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
