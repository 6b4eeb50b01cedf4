import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, MemoryTransport, PeerAddress } from "@peerage/transport"
import { Effect, Fiber } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { DatagramSocketError, DatagramSocketWriteError, type Writer } from "effect/socket/DatagramSocket"
import * as Answering from "../../src/exchange/Answering.ts"
import * as Discovery from "../../src/exchange/Discovery.ts"
import * as PeerPyConfig from "../../src/PeerPyConfig.ts"
import { elapse, inet, settle, test } from "./Pair.ts"
import { header, textOf } from "./Raw.ts"

const seekerIp = "10.0.0.1"
const everybody = inet("255.255.255.255:1024")

/** Seeks from these addresses of one machine, and the fiber that does. */
const seek = (config: Partial<PeerPyConfig.PeerPyConfig> = {}, addresses: ReadonlyArray<string> = [seekerIp]) =>
  Effect.gen(function*() {
    const transport = yield* MemoryTransport.make(addresses)
    const from = addresses.map(NetAddress.ipFromStringUnsafe)
    const own = PeerAddress.at(seekerIp, 20_000)
    const question = { transport, from, to: everybody, isSelf: (peer: PeerAddress.PeerAddress) => peer === own }
    const asking = Effect.scoped(Discovery.initiate({ ...question, config: PeerPyConfig.make(config) })).pipe(
      Effect.map((found): ReadonlyArray<string> => found)
    )
    const fiber = yield* Effect.forkChild(asking)
    yield* settle
    return fiber
  })

const named = (name: PeerAddress.PeerAddress) => () => Effect.succeed(name)

/** A peer at a machine that answers. */
const answering = Effect.fnUntraced(function*(ip: string, port = 20_000) {
  const transport = yield* MemoryTransport.make(ip)
  yield* Effect.forkScoped(Discovery.respond(transport, 1024, named(PeerAddress.at(ip, port))))
  yield* settle
})

/** A socket at a machine, in the hand of the test: what it hears, from whom, and how it says something. */
const socketAt = Effect.fnUntraced(function*(ip: string, port: number) {
  const transport = yield* MemoryTransport.make(ip)
  const bind = NetAddress.inetAddressUnsafe(NetAddress.ipv4Unspecified, port)
  const socket = yield* transport.datagram({ bind, shared: true, broadcast: true })
  const reader = yield* socket.reader
  const writer = yield* socket.writer
  const heard: Array<{ readonly text: string; readonly from: string }> = []
  const reading = Effect.map(reader.pull, (datagrams) => {
    for (const { address, payload } of datagrams) {
      heard.push({ text: textOf(payload).replace(/\|+$/, ""), from: NetAddress.formatInet(address) })
    }
  })
  yield* Effect.forkScoped(Effect.forever(reading))
  const say = (to: string, ...payloads: ReadonlyArray<string | Uint8Array>) => {
    const [first, ...others] = payloads.map((payload) => ({ payload, address: inet(to) }))
    return Effect.andThen(first === undefined ? Effect.void : writer.writeAll([first, ...others]), settle)
  }
  return { heard, say }
})

describe("who seeks peers", () => {
  test("asks everybody once, saying where answers go, and finds each that answers", function*() {
    const neighbour = yield* socketAt("10.0.0.9", 1024)
    yield* answering("10.0.0.2")
    yield* answering("10.0.0.3", 31_000)
    const seeking = yield* seek()
    yield* elapse("500 millis")
    assert.deepStrictEqual(yield* Fiber.join(seeking), ["10.0.0.2:20000", "10.0.0.3:31000"])
    const [question] = neighbour.heard
    assert.strictEqual(neighbour.heard.length, 1)
    assert.strictEqual(question?.text, `PING|pinger=${question?.from}`)
    assert.match(question?.from ?? "", /^10\.0\.0\.1:(?!1024$)\d+$/)
  })

  test("asks on every network of its machine, with the address that it has there", function*() {
    yield* answering("10.0.0.2")
    yield* answering("192.168.7.2")
    const neighbour = yield* socketAt("192.168.7.9", 1024)
    const seeking = yield* seek({}, [seekerIp, "192.168.7.1"])
    yield* elapse("500 millis")
    assert.deepStrictEqual(yield* Fiber.join(seeking), ["10.0.0.2:20000", "192.168.7.2:20000"])
    assert.deepStrictEqual(neighbour.heard.map(({ text }) => text), [`PING|pinger=${neighbour.heard[0]?.from}`])
    assert.match(neighbour.heard[0]?.from ?? "", /^192\.168\.7\.1:/)
  })

  test("goes on where one of its networks is gone, and fails where all are", function*() {
    yield* answering("10.0.0.2")
    const transport = yield* MemoryTransport.make(seekerIp)
    const question = { transport, to: everybody, isSelf: () => false, config: PeerPyConfig.make() }
    const asking = (...from: ReadonlyArray<string>) =>
      Effect.scoped(Discovery.initiate({ ...question, from: from.map(NetAddress.ipFromStringUnsafe) }))
    const seeking = yield* Effect.forkChild(asking("172.16.0.1", seekerIp))
    yield* elapse("500 millis")
    assert.deepStrictEqual<ReadonlyArray<string>>(yield* Fiber.join(seeking), ["10.0.0.2:20000"])
    assert.strictEqual((yield* Effect.flip(asking("172.16.0.1")))._tag, "DatagramSocketError")
  })

  test("waits for half a second after the latest answer", function*() {
    const neighbour = yield* socketAt("10.0.0.9", 1024)
    const seeking = yield* seek()
    const to = neighbour.heard[0]?.from ?? ""
    for (const port of [1, 2, 3]) {
      yield* elapse("499 millis")
      yield* neighbour.say(to, header(`PONG|ponger=10.0.0.9:${port}`))
    }
    yield* elapse("499 millis")
    assert.isUndefined(seeking.pollUnsafe())
    yield* elapse("1 millis")
    assert.deepStrictEqual(yield* Fiber.join(seeking), ["10.0.0.9:1", "10.0.0.9:2", "10.0.0.9:3"])
  })

  test("finds each once, never itself, and passes over what is no answer", function*() {
    const neighbour = yield* socketAt("10.0.0.9", 1024)
    const seeking = yield* seek()
    yield* neighbour.say(
      neighbour.heard[0]?.from ?? "",
      header("PONG|ponger=10.0.0.9:1"),
      header("PONG|ponger=10.0.0.9:1"),
      header("PONG|ponger=10.0.0.1:20000"),
      header("PONG|ponger=nobody"),
      header("PONG|ponger=10.0.0.9:0"),
      header("PONG"),
      header("PING|pinger=10.0.0.9:5"),
      new Uint8Array(0),
      new Uint8Array(60_000).fill(0xff),
      "PONG 10.0.0.9:2",
      "PONG|ponger=10.0.0.9:3"
    )
    yield* elapse("500 millis")
    assert.deepStrictEqual(yield* Fiber.join(seeking), ["10.0.0.9:1", "10.0.0.9:2", "10.0.0.9:3"])
  })

  test("finds at most as many as it can hold, and does not wait for more", function*() {
    const neighbour = yield* socketAt("10.0.0.9", 1024)
    const seeking = yield* seek({ maxDiscovered: 10 })
    const liar = Array.from({ length: 50 }, (_, index) => header(`PONG|ponger=10.0.0.9:${index + 1}`))
    yield* neighbour.say(neighbour.heard[0]?.from ?? "", ...liar)
    assert.strictEqual((yield* Fiber.join(seeking)).length, 10)
  })

  test("does not listen for ever to one that answers for ever", function*() {
    const neighbour = yield* socketAt("10.0.0.9", 1024)
    const seeking = yield* seek()
    for (let port = 1; port <= 39; port++) {
      yield* elapse("250 millis")
      yield* neighbour.say(neighbour.heard[0]?.from ?? "", header(`PONG|ponger=10.0.0.9:${port}`))
    }
    assert.isUndefined(seeking.pollUnsafe())
    yield* elapse("250 millis")
    assert.strictEqual((yield* Fiber.join(seeking)).length, 39)
  })
})

describe("who can be found", () => {
  test("answers to the port inside the question, whichever it came from", function*() {
    yield* answering("10.0.0.2")
    const [asker, other] = [yield* socketAt("10.0.0.9", 5000), yield* socketAt("10.0.0.9", 6000)]
    yield* asker.say("10.0.0.2:1024", header("PING|pinger=10.0.0.9:6000"))
    assert.deepStrictEqual([asker.heard, other.heard], [[], [{
      text: "PONG|ponger=10.0.0.2:20000",
      from: "10.0.0.2:1024"
    }]])
  })

  test("answers to no address but that of the sender", function*() {
    yield* answering("10.0.0.2")
    const [asker, victim] = [yield* socketAt("10.0.0.9", 5000), yield* socketAt("10.0.0.8", 6000)]
    yield* asker.say("10.0.0.2:1024", header("PING|pinger=10.0.0.8:6000"), "PING 10.0.0.8:6000")
    assert.deepStrictEqual([asker.heard, victim.heard], [[], []])
    yield* asker.say("10.0.0.2:1024", header("PING|pinger=10.0.0.9:5000"))
    assert.strictEqual(asker.heard.length, 1)
  })

  test("answers ten questions of an address in a second, whatever ports it names, and others all the same", function*() {
    yield* answering("10.0.0.2")
    const [asker, other] = [yield* socketAt("10.0.0.9", 5000), yield* socketAt("10.0.0.8", 6000)]
    const flood = Array.from({ length: 100 }, () => header("PING|pinger=10.0.0.9:5000"))
    for (let round = 1; round <= 3; round++) {
      yield* asker.say("10.0.0.2:1024", ...flood)
      yield* other.say("10.0.0.2:1024", header("PING|pinger=10.0.0.8:6000"))
      assert.deepStrictEqual([asker.heard.length, other.heard.length], [10 * round, round])
      yield* elapse("1 second")
    }
  })

  it("answers 200 questions in a second in all", () => {
    let answered = Answering.nobody
    let count = 0
    for (let host = 0; host < 1000; host++) {
      const [isAllowed, after] = Answering.allow(answered, `10.0.${host >> 8}.${host & 255}`, host / 2)
      answered = after
      if (isAllowed) count++
    }
    assert.strictEqual(count, 200)
    assert.isTrue(Answering.allow(answered, "10.0.0.1", 1000)[0])
  })

  test("answers in the form of the question", function*() {
    yield* answering("10.0.0.2")
    const asker = yield* socketAt("10.0.0.9", 5000)
    const where = "10.0.0.9:5000"
    yield* asker.say("10.0.0.2:1024", header(`PING|pinger=${where}`), `PING|pinger=${where}`, `PING ${where}`)
    const padded = "PONG|ponger=10.0.0.2:20000"
    assert.deepStrictEqual(asker.heard.map(({ text }) => text), [padded, padded, "PONG 10.0.0.2:20000"])
  })

  test("answers on after everything that is no question, and to that with nothing", function*() {
    yield* answering("10.0.0.2")
    const asker = yield* socketAt("10.0.0.9", 5000)
    const to = "10.0.0.2:1024"
    yield* asker.say(to, "PING", "PING 192", "PING|a=b", header("PING|pinger="), header("PING|pinger=10.0.0.9"), "")
    yield* asker.say(to, header("PONG|ponger=10.0.0.9:5000"), header("PING|pinger=::1:1"), new Uint8Array(65_000))
    for (let length = 0; length < 200; length++) yield* asker.say(to, new Uint8Array(length).fill(length))
    assert.deepStrictEqual(asker.heard, [])
    yield* asker.say(to, header("PING|pinger=10.0.0.9:5000"))
    assert.strictEqual(asker.heard.length, 1)
  })

  test("answers on after a question with an address that nothing can be sent to", function*() {
    const transport = yield* MemoryTransport.make("10.0.0.2")
    const cause = new DatagramSocketWriteError({ kind: "Unreachable", cause: "no way" })
    const failing = (writer: Writer): Writer => ({
      ...writer,
      write: (datagram) =>
        "address" in datagram && `${datagram.address}`.includes("10.0.0.77")
          ? Effect.fail(new DatagramSocketError({ reason: cause }))
          : writer.write(datagram)
    })
    const datagram: typeof transport.datagram = (options) =>
      Effect.map(transport.datagram(options), (socket) => ({ ...socket, writer: Effect.map(socket.writer, failing) }))
    yield* Effect.forkScoped(
      Discovery.respond({ ...transport, datagram }, 1024, named(PeerAddress.at("10.0.0.2", 20_000)))
    )
    yield* settle
    const asker = yield* socketAt("10.0.0.9", 5000)
    for (const pinger of ["10.0.0.77:1", "0.0.0.0:1", "255.255.255.255:9", "10.0.0.9:5000"]) {
      yield* asker.say("10.0.0.2:1024", header(`PING|pinger=${pinger}`))
    }
    assert.deepStrictEqual(asker.heard.map(({ text }) => text), ["PONG|ponger=10.0.0.2:20000"])
  })

  test("is not found across a broken network, and is again when that heals", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    yield* answering("10.0.0.2")
    yield* network.partition(seekerIp, "10.0.0.2")
    const first = yield* seek()
    yield* elapse("500 millis")
    yield* network.healAll
    const second = yield* seek()
    yield* elapse("500 millis")
    assert.deepStrictEqual([yield* Fiber.join(first), yield* Fiber.join(second)], [[], ["10.0.0.2:20000"]])
  })
})
