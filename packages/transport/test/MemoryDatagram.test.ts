import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, type Options, type Transport } from "@peerage/transport"
import { Effect } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Datagram, DatagramSocketError } from "effect/socket/DatagramSocket"
import { TestClock } from "effect/testing"
import { at, settle } from "./MemoryWorld.ts"

/** An open socket that collects what it receives. */
const open = Effect.fnUntraced(function*(
  host: Transport.Transport["Service"],
  bind: string,
  options: Omit<Options.DatagramOptions, "bind"> = {}
) {
  const socket = yield* host.datagram({ bind: at(bind), ...options })
  const reader = yield* socket.reader
  const writer = yield* socket.writer
  const received: Array<string> = []
  const collect = (datagrams: ReadonlyArray<Datagram>) => {
    for (const { payload } of datagrams) received.push(new TextDecoder().decode(payload))
  }
  yield* Effect.forkScoped(Effect.forever(Effect.map(reader.pull, collect)))
  const send = (payload: string | Uint8Array, to: string) => writer.write({ payload, address: at(to) })
  return { reader, received, send }
})

const why = <R>(send: Effect.Effect<void, DatagramSocketError, R>) =>
  Effect.map(Effect.flip(send), ({ reason }) => "kind" in reason ? reason.kind : reason._tag)

const pair = Effect.fnUntraced(function*(options: MemoryNetwork.Options) {
  const network = yield* MemoryNetwork.make(options)
  const near = yield* open(network.transport("10.0.0.1"), "10.0.0.1:53")
  const far = yield* open(network.transport("10.0.0.2"), "0.0.0.0:53", { capacity: 5000 })
  return { network, near, far }
})

const many = Array.from({ length: 1000 }, (_, number) => `${number}`)

it.effect("reaches the bound socket after the latency, with the sender's address", () =>
  Effect.gen(function*() {
    const { near, far } = yield* pair({ link: { latency: "5 millis" } })
    yield* near.send("hello", "10.0.0.2:53")
    yield* TestClock.adjust(4)
    assert.deepStrictEqual(far.received, [])
    yield* TestClock.adjust(1)
    assert.deepStrictEqual(far.received, ["hello"])
    assert.strictEqual(NetAddress.formatInet(near.reader.address), "10.0.0.1:53")
  }))

it.effect("loses about as many as it should, without telling", () =>
  Effect.gen(function*() {
    const { near, far } = yield* pair({ link: { loss: 0.25 } })
    for (const payload of many) yield* near.send(payload, "10.0.0.2:53")
    yield* settle
    assert.isAbove(far.received.length, 700)
    assert.isBelow(far.received.length, 800)
  }))

it.effect("delivers about as many twice as it should", () =>
  Effect.gen(function*() {
    const { near, far } = yield* pair({ link: { duplication: 0.25 } })
    for (const payload of many) yield* near.send(payload, "10.0.0.2:53")
    yield* settle
    assert.isAbove(far.received.length, 1200)
    assert.isBelow(far.received.length, 1300)
    assert.strictEqual(new Set(far.received).size, 1000)
  }))

it.effect("lets later ones overtake those held back", () =>
  Effect.gen(function*() {
    const { near, far } = yield* pair({ link: { latency: "1 millis", reordering: 0.2, reorderDelay: "3 millis" } })
    for (const payload of many.slice(0, 100)) {
      yield* near.send(payload, "10.0.0.2:53")
      yield* TestClock.adjust(1)
    }
    yield* TestClock.adjust(100)
    assert.notDeepEqual(far.received, many.slice(0, 100))
    assert.deepStrictEqual([...far.received].sort(), many.slice(0, 100).sort())
  }))

it.effect("is dropped by a partition, a dead host and a port nobody bound", () =>
  Effect.gen(function*() {
    const { network, near, far } = yield* pair({})
    yield* near.send("no port", "10.0.0.2:54")
    yield* near.send("no host", "10.0.0.3:53")
    yield* settle
    yield* network.partition("10.0.0.1", "10.0.0.2")
    yield* near.send("partition", "10.0.0.2:53")
    yield* network.healAll
    yield* network.kill("10.0.0.2")
    yield* near.send("dead", "10.0.0.2:53")
    yield* settle
    assert.deepStrictEqual(far.received, [])
    const fates = (yield* network.trace).map(({ fate }) => fate).filter((fate) => fate !== "Sent")
    assert.deepStrictEqual(fates.sort(), ["Dead", "NoHost", "NoPort", "Partitioned"])
  }))

describe("a broadcast", () => {
  it.effect.each([
    { to: "255.255.255.255:53", where: "the subnet", reached: ["sender", "beside", "far", "second"] },
    { to: "10.0.0.255:53", where: "the subnet", reached: ["sender", "beside", "far", "second"] },
    { to: "127.255.255.255:53", where: "the host", reached: ["sender", "beside"] }
  ])(
    "to $to reaches every socket of $where on that port, the sender's own included",
    ({ reached, to }) =>
      Effect.gen(function*() {
        const network = yield* MemoryNetwork.make()
        const bound = (host: string, bind = "0.0.0.0:53", shared = true) =>
          open(network.transport(host), bind, shared ? { shared, broadcast: true } : {})
        const sender = yield* bound("10.0.0.1")
        const others = {
          beside: yield* bound("10.0.0.1"),
          far: yield* bound("10.0.0.2"),
          second: yield* bound("10.0.0.2"),
          elsewhere: yield* bound("10.0.1.1", "0.0.0.0:53", false),
          otherPort: yield* bound("10.0.0.2", "0.0.0.0:54", false)
        }
        yield* sender.send("anyone?", to)
        yield* settle
        for (const [name, { received }] of Object.entries({ sender, ...others })) {
          assert.deepStrictEqual(received, reached.includes(name) ? ["anyone?"] : [])
        }
      })
  )

  it.effect("needs permission", () =>
    Effect.gen(function*() {
      const { near } = yield* pair({})
      assert.strictEqual(yield* why(near.send("anyone?", "255.255.255.255:53")), "PermissionDenied")
      assert.strictEqual(yield* why(near.send("anyone?", "10.0.0.255:53")), "PermissionDenied")
    }))
})

it.effect("binds a port once, unless all who bind it share it", () =>
  Effect.gen(function*() {
    const network = yield* MemoryNetwork.make()
    const host = network.transport("10.0.0.1")
    const bind = (address: string, shared: boolean) => why(Effect.asVoid(open(host, address, { shared })))
    yield* open(host, "0.0.0.0:53", { shared: true })
    yield* open(host, "0.0.0.0:53", { shared: true })
    assert.strictEqual(yield* bind("0.0.0.0:53", false), "AddressInUse")
    assert.strictEqual(yield* bind("10.0.0.1:53", false), "AddressInUse")
    assert.strictEqual(yield* bind("10.0.0.2:53", false), "AddressNotAvailable")
    const any = yield* open(host, "10.0.0.1:0")
    assert.strictEqual(any.reader.address.port, 32_768)
  }))

it.effect("never shares memory between sender and receivers", () =>
  Effect.gen(function*() {
    const { near, far } = yield* pair({})
    const payload = new TextEncoder().encode("before")
    yield* near.send(payload, "10.0.0.2:53")
    payload.fill(0)
    yield* settle
    assert.deepStrictEqual(far.received, ["before"])
  }))
