/** What only real sockets can get wrong: handles left behind, socket options, an event loop kept alive. */
import { assert, describe, it } from "@effect/vitest"
import { type Pipe, Transport } from "@peerage/transport"
import { NodeTransport } from "@peerage/transport/node"
import { Clock, Context, Effect, Exit, Fiber, Queue, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import * as Net from "node:net"
import { dial } from "../../src/node/NodeConnect.ts"
import * as NodeSource from "../../src/node/NodeSource.ts"
import * as SendQueues from "../../src/node/SendQueues.ts"
import * as SocketOptions from "../../src/node/SocketOptions.ts"
import { ascii, port0 } from "../conformance/World.ts"
import { unanswering } from "./Unanswering.ts"

const loopback = port0(NetAddress.ipv4Loopback)

/** Handles of connections, open or still dialing, in this process. */
const sockets = () => process.getActiveResourcesInfo().filter((name) => /^TCP(Socket|Connect)Wrap$/.test(name)).length

/** Waits until as many are left as there were: handles are freed a turn after their socket is destroyed. */
const leftBehind = Effect.fnUntraced(function*(before: number) {
  for (let turns = 0; turns < 100 && sockets() > before; turns++) yield* Effect.sleep("10 millis")
  return sockets() - before
})

/** What other tests left has to go first. */
const live = <E>(title: string, body: Effect.Effect<void, E, Scope.Scope | Transport.Transport>) =>
  it.live(title, () => Effect.andThen(leftBehind(0), Effect.provide(body, NodeTransport.layer)))

describe("NodeTransport leaves no socket behind", () => {
  live(
    "after a dial that timed out or was interrupted",
    Effect.gen(function*() {
      const transport = yield* Transport.Transport
      const address = yield* unanswering
      const before = sockets()
      yield* Effect.flip(transport.connect(address, { connectTimeout: "20 millis" }))
      const dial = yield* Effect.forkChild(transport.connect(address), { startImmediately: true })
      assert.isAbove(sockets(), before)
      yield* Fiber.interrupt(dial)
      assert.strictEqual(yield* leftBehind(before), 0)
    })
  )

  live(
    "after connections that ended in every way",
    Effect.gen(function*() {
      const transport = yield* Transport.Transport
      const listener = yield* transport.listen(loopback)
      const before = sockets()
      const ways: ReadonlyArray<(pipe: { close: () => void; end: () => void; reset: () => void }) => void> = [
        (pipe) => pipe.close(),
        (pipe) => pipe.reset(),
        (pipe) => {
          pipe.end()
          pipe.reset()
        },
        (pipe) => {
          pipe.close()
          pipe.reset()
        }
      ]
      for (const one of ways) {
        for (const other of ways) {
          const dialed = yield* transport.connect(listener.address)
          const accepted = yield* Queue.take(listener.accepted)
          dialed.write([ascii("unread")])
          one(dialed)
          other(accepted)
        }
      }
      assert.strictEqual(yield* leftBehind(before), 0)
    })
  )

  live(
    "when a peer that never closes is closed",
    Effect.gen(function*() {
      const transport = yield* Transport.Transport
      const listener = yield* transport.listen(loopback)
      const before = sockets()
      const silent = yield* Effect.acquireRelease(
        Effect.sync(() => Net.connect({ port: listener.address.port, host: "127.0.0.1", allowHalfOpen: true })),
        (socket) => Effect.sync(() => socket.destroy())
      )
      const accepted = yield* Queue.take(listener.accepted)
      accepted.write([ascii("bye")])
      accepted.close()
      assert.strictEqual(yield* leftBehind(before + 1), 0)
      assert.isFalse(silent.destroyed)
    })
  )
})

describe("NodeTransport's listener", () => {
  live(
    "leaves its port at once though connections stay open",
    Effect.gen(function*() {
      const transport = yield* Transport.Transport
      const scope = yield* Scope.make()
      const listener = yield* Scope.provide(transport.listen(loopback), scope)
      const dialed = yield* transport.connect(listener.address)
      const accepted = yield* Queue.take(listener.accepted)
      yield* Scope.close(scope, Exit.void)
      const again = yield* transport.listen(listener.address)
      assert.strictEqual(again.address.port, listener.address.port)
      dialed.close()
      accepted.close()
    })
  )
})

describe("socket options", () => {
  it("leave Nagle on and keep-alive off by default", () => {
    assert.deepStrictEqual(SocketOptions.make({}), { noDelay: false, keepAlive: false, keepAliveInitialDelay: 0 })
  })

  it("round keep-alive up to whole seconds, as Node rounds down to never", () => {
    assert.deepStrictEqual(SocketOptions.make({ noDelay: true, keepAlive: "1500 millis" }), {
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 2000
    })
    assert.strictEqual(SocketOptions.make({ keepAlive: "10 millis" }).keepAliveInitialDelay, 1000)
  })
})

describe("a dial from an address of this machine", () => {
  const other = NetAddress.ipFromStringUnsafe("127.0.0.2")
  const linux = process.platform === "linux"

  const dialFrom = (host: NetAddress.IpAddress, address: NetAddress.InetAddress, sources: NodeSource.Sources) =>
    Effect.withFiber<Pipe.Pipe, SocketError>(({ context: services }) => {
      const clock = Context.get(services, Clock.Clock)
      const dialing = {
        system: { clock, sendQueues: SendQueues.make(clock), traffic: { received: 0, sent: 0 } },
        services,
        sources
      }
      return Effect.callback((resume) =>
        void dial(address, { from: { host } }, dialing, (result) => resume(Effect.fromResult(result)))
      )
    })

  it.live.runIf(linux)(
    "comes from there however often, whether the system would have chosen it or not",
    () =>
      Effect.gen(function*() {
        const transport = yield* Transport.Transport
        const listener = yield* transport.listen(loopback)
        const sources = NodeSource.make()
        const chosen = Effect.sync(() => sources.expects("127.0.0.1", listener.address))
        for (const host of [NetAddress.ipv4Loopback, other, NetAddress.ipv4Loopback, other, NetAddress.ipv4Loopback]) {
          const pipe = yield* dialFrom(host, listener.address, sources)
          const accepted = yield* Queue.take(listener.accepted)
          assert.strictEqual(NetAddress.formatHost(accepted.remote), NetAddress.formatIp(host))
          assert.strictEqual(NetAddress.formatInet(pipe.local), NetAddress.formatInet(accepted.remote))
          assert.strictEqual(NetAddress.formatInet(pipe.remote), NetAddress.formatInet(accepted.local))
          pipe.close()
          accepted.close()
          // From the second on, what the system would choose is known.
          yield* Effect.repeat(chosen, { until: (known) => known })
        }
      }).pipe(Effect.scoped, Effect.provide(NodeTransport.layer))
  )

  it.live.runIf(linux)(
    "is made again, bound, where the system chose otherwise than it did before",
    () =>
      Effect.gen(function*() {
        const transport = yield* Transport.Transport
        const listener = yield* transport.listen(loopback)
        const forgotten: Array<string> = []
        const sources = {
          expects: () => true,
          forget: (address: NetAddress.InetAddress) => void forgotten.push(NetAddress.formatInet(address))
        }
        const pipe = yield* dialFrom(other, listener.address, sources)
        assert.strictEqual(NetAddress.formatHost(pipe.local), "127.0.0.2")
        assert.deepStrictEqual(forgotten, [NetAddress.formatInet(listener.address)])
        pipe.close()
      }).pipe(Effect.scoped, Effect.provide(NodeTransport.layer))
  )
})
