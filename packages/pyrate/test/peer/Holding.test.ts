/** What many connections hold together: lists that nobody reads. */
import { assert, describe } from "@effect/vitest"
import { PyrateConfig } from "@peerage/pyrate"
import { Known } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { ByteLink } from "@peerage/wire"
import { Effect, Fiber, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as ListFiles from "../../src/exchange/ListFiles.ts"
import { suite } from "../Suite.ts"
import * as Network from "./Network.ts"

const { ask, bootstrap, bootstrapPort, dial, elapse, hub, ipOf, settle } = Network

/** Tests in a network in which little is under way at once. */
const narrowness = { window: 1024, sendBuffer: 1024, segment: 512 }
const narrow = suite<Network.Needs>(Network.world(narrowness))
const { sendBuffer, window } = Known.unreadBytes(narrowness)
const unread = sendBuffer + window

const there = `${hub}:${bootstrapPort}`
const line = "10.1.0.2,10000\n".length
/** So many that their list is more than a connection takes unread. */
const registered = Math.max(400, Math.ceil(1.2 * unread / line))
/** Bytes of the list of all of them. */
const list = registered * line
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

describe("a bootstrap whose lists nobody reads", () => {
  narrow("holds no more of them than it may, and answers who reads", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const config = { maxHeldBytes: 4 * list, maxRegistrationsPerAddress: registered }
    const { told } = yield* bootstrap(config)
    for (const number of numbers(registered)) yield* ask(ipOf(2), `0:${10_000 + number}`)
    yield* network.clog(ipOf(9))
    const silent = yield* Effect.forEach(numbers(20), () => dial(ipOf(9), there))
    for (const raw of silent) {
      raw.write("1:10000")
      yield* settle
    }
    assert.strictEqual((yield* ask(ipOf(3), "1:10000")).text.length, list)
    const lost = told.flatMap((event) => event._tag === "Rejected" ? [`${event.host} ${event.reason}`] : [])
    assert.deepStrictEqual(lost, numbers(17).map(() => `${ipOf(9)} TooMuchHeld`))
    yield* network.unclog(ipOf(9))
    yield* elapse("1 second")
    assert.strictEqual(silent.filter(({ text }) => text.length === list).length, 3)
  })
})

describe("a peer whose list nobody reads", () => {
  narrow("holds a piece of it for each requester, and not the whole", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const listener = yield* network.transport(ipOf(9)).listen(NetAddress.inetAddressFromStringUnsafe(`${ipOf(9)}:1`))
    const link = yield* ByteLink.dial(network.transport(ipOf(1)), listener.address)
    const names = numbers(5000).map((number) => Network.name(`${number}`.padStart(100, "n")))
    const answering = yield* Effect.forkChild(ListFiles.respond(link, names, PyrateConfig.defaults))
    yield* settle
    assert.isAtMost(link.written(), 63_488 + unread)
    const reader = yield* Effect.flatMap(Queue.take(listener.accepted), ByteLink.make)
    const reading = yield* Effect.forkChild(reader.reader.take(101 * names.length))
    yield* elapse("1 minute")
    yield* Fiber.join(answering)
    assert.strictEqual((yield* Fiber.join(reading)).length, 101 * names.length)
  })
})
