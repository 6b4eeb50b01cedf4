/** Options that would turn a limit off. */
import { describe } from "@effect/vitest"
import { Misuse } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { Budget, ByteLink, Events, Fanout, Link, Rejoining, Requests } from "@peerage/wire"
import { Effect, Queue, Schema, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as JsonLines from "./JsonLines.ts"

const { format } = JsonLines
const address = NetAddress.inetAddressFromStringUnsafe("10.0.0.1:1")

const session = {
  join: () => Effect.void,
  stay: () => Effect.never,
  rejoin: undefined,
  mayRetry: () => false,
  reasonOf: () => "Ended",
  ended: () => Effect.void,
  failed: () => Effect.void
}

/** What takes an option, and the option. */
const misused = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const transport = network.transport("10.0.0.1")
  const listener = yield* transport.listen(address)
  const pipe = yield* transport.connect(address)
  const newest = () => new Uint8Array(0)
  return [
    ["buffer of Events.make is NaN", Events.make({ buffer: NaN })],
    ["limit of a link is -1", Link.make(pipe, { format, limit: -1 })],
    ["limit of a link is NaN", Link.dial(transport, address, { format, limit: NaN })],
    ["limit of a link is Infinity", Link.serve(listener, { format, limit: Infinity }, () => Effect.void)],
    ["coalesce of a link is NaN", Link.make(pipe, { format, coalesce: { maxBytes: NaN } })],
    ["keepAlive of a dial is -1", ByteLink.dial(transport, address, { keepAlive: -1 })],
    ["within of Requests.serve is Infinity", Requests.serve(listener, { format, within: Infinity })],
    ["capacity of Requests.serve is -1", Requests.serve(listener, { format, within: 1, capacity: -1 })],
    ["limit of Requests.serve is NaN", Requests.serve(listener, { format, within: 1, limit: NaN })],
    ["rate of Fanout.make is NaN", Fanout.make({ newest, interval: 1, timeout: 1, rate: NaN })],
    ["maxUnread of Fanout.make is NaN", Fanout.make({ newest, interval: 1, timeout: 1, rate: 1, maxUnread: NaN })],
    ["interval of Fanout.make is NaN", Fanout.make({ newest, interval: NaN, timeout: 1, rate: 1 })],
    ["lasting of Rejoining.make is -1", Rejoining.make({ ...session, lasting: -1 })]
  ] as const
})

/** What takes an argument, and the argument, as it is given for each step. */
const given = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const transport = network.transport("10.0.0.1")
  const { accepted } = yield* transport.listen(address)
  const link = yield* Link.dial(transport, address, { format })
  const { reader } = yield* ByteLink.make(yield* Queue.take(accepted))
  const step = "the time of a step is"
  return [
    [`${step} NaN`, Effect.suspend(() => link.receive(Schema.Json, NaN))],
    [`${step} -1`, Effect.suspend(() => link.receiveAll(Schema.Json, -1))],
    [`${step} NaN`, Effect.suspend(() => link.receiveLong(Schema.Json, NaN))],
    [`${step} of another kind`, Effect.suspend(() => link.receiveFrame({ seconds: NaN }))],
    [`${step} "-2 seconds"`, Effect.suspend(() => link.rest("-2 seconds"))],
    [`${step} NaN`, Effect.suspend(() => link.send(Schema.Json, 1, NaN))],
    [`${step} -1`, Effect.suspend(() => link.sendEncoded(new Uint8Array(1), -1))],
    [`${step} NaN`, Effect.suspend(() => reader.more(NaN))],
    [`${step} NaN`, Effect.suspend(() => reader.take(1, { within: NaN }))],
    ["the size of a read is NaN", Effect.suspend(() => reader.take(NaN))],
    ["the size of a read is -1", Effect.suspend(() => reader.takeSome(-1))],
    ["the size of a read is NaN", Effect.suspend(() => reader.takeToEnd(NaN))],
    ["the size of a read is NaN", Effect.suspend(() => Stream.runDrain(reader.stream(NaN)))],
    ["limit of Budget.make is NaN", Budget.make(NaN)],
    ["maxBytes of Events.make is -1", Events.make({ buffer: 1, maxBytes: -1 })]
  ] as const
})

describe("an argument that cannot be", () => Misuse.named(given))

describe("an option that cannot be", () => Misuse.named(misused))
