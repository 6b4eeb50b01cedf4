import { assert } from "@effect/vitest"
import { type Options, SocketFailure, Transport } from "@peerage/transport"
import { Effect, Fiber, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { TestClock } from "effect/testing"
import { at, errno, networked } from "./MemoryWorld.ts"

const listenErrno = (host: Transport.Transport["Service"], address: string) =>
  Effect.map(
    Effect.exit(Effect.map(Effect.flip(host.listen(at(address))), SocketFailure.errno)),
    (exit) => exit._tag === "Success" ? exit.value : "listens"
  )

networked("refuses a port that is taken, on the same address or on all", function*(network) {
  const host = network.transport(["10.0.0.1", "10.0.0.2", "fd00::1"])
  yield* host.listen(at("10.0.0.1:80"))
  assert.strictEqual(yield* listenErrno(host, "10.0.0.1:80"), "EADDRINUSE")
  assert.strictEqual(yield* listenErrno(host, "0.0.0.0:80"), "EADDRINUSE")
  assert.strictEqual(yield* listenErrno(host, "[::]:80"), "EADDRINUSE")
  assert.strictEqual(yield* listenErrno(host, "10.0.0.2:80"), "listens")
  assert.strictEqual(yield* listenErrno(host, "[fd00::1]:80"), "listens")
  assert.strictEqual(yield* listenErrno(host, "10.0.0.3:81"), "EADDRNOTAVAIL")
})

networked("gives ports from 32768 upward, and each port again after its listener's scope", function*(network) {
  const host = network.transport("10.0.0.1")
  const first = yield* host.listen(at("10.0.0.1:0"))
  const second = yield* host.listen(at("10.0.0.1:0"))
  assert.deepStrictEqual([first.address.port, second.address.port], [32_768, 32_769])
  yield* Effect.scoped(host.listen(at("10.0.0.1:80")))
  assert.strictEqual(yield* listenErrno(host, "10.0.0.1:80"), "listens")
})

networked("does not answer for addresses that nobody has", function*(network) {
  const host = network.transport("10.0.0.1")
  const dial = yield* Effect.forkChild(errno(host.connect(at("10.0.0.9:80"))))
  yield* TestClock.adjust("127 seconds")
  assert.strictEqual(yield* Fiber.join(dial), "ETIMEDOUT")
  const sent = (yield* network.trace).map(({ at }) => at)
  assert.deepStrictEqual(sent, [0, 1000, 3000, 7000, 15_000, 31_000, 63_000])
})

networked("keeps each host's loopback to itself", function*(network) {
  const host = network.transport("10.0.0.1")
  const other = network.transport("10.0.0.2")
  const listener = yield* host.listen(at("127.0.0.1:80"))
  assert.strictEqual(yield* errno(other.connect(at("127.0.0.1:80"))), "ECONNREFUSED")
  const pipe = yield* host.connect(at("127.0.0.1:80"))
  const accepted = yield* Queue.take(listener.accepted)
  assert.strictEqual(NetAddress.formatInet(accepted.remote), NetAddress.formatInet(pipe.local))
  assert.strictEqual(NetAddress.formatIp(pipe.local.address), "127.0.0.1")
}, { link: { latency: "1 hour" } })

networked("dials from the host's first address of the family, or the one asked for", function*(network) {
  const host = network.transport(["10.0.0.1", "fd00::1", "10.0.0.2"])
  const server = network.transport(["10.0.0.9", "fd00::9"])
  yield* server.listen(at("[::]:80"))
  const from = (address: string, options?: Options.DialOptions) =>
    Effect.map(host.connect(at(address), options), ({ local }) => NetAddress.formatIp(local.address))
  assert.strictEqual(yield* from("10.0.0.9:80"), "10.0.0.1")
  assert.strictEqual(yield* from("[fd00::9]:80"), "fd00::1")
  const second = NetAddress.ipFromStringUnsafe("10.0.0.2")
  assert.strictEqual(yield* from("10.0.0.9:80", { from: { host: second } }), "10.0.0.2")
  const foreign = NetAddress.ipFromStringUnsafe("10.0.0.9")
  assert.strictEqual(yield* errno(host.connect(at("10.0.0.9:80"), { from: { host: foreign } })), "EADDRNOTAVAIL")
})

networked("answers with RST when the listener closes before the handshake ends", function*(network) {
  const server = network.transport("10.0.0.1")
  const dial = yield* Effect.scoped(Effect.gen(function*() {
    yield* server.listen(at("10.0.0.1:80"))
    const dial = yield* Effect.forkDetach(network.transport("10.0.0.2").connect(at("10.0.0.1:80")))
    yield* TestClock.adjust(20)
    return dial
  }))
  const pipe = yield* Fiber.join(dial)
  yield* TestClock.adjust(20)
  assert.isDefined(pipe.ended())
}, { link: { latency: "10 millis" } })
