/** Addresses: what both ends are called, what may be bound, and what may be dialed from. */
import { assert } from "@effect/vitest"
import { SocketFailure } from "@peerage/transport"
import { Effect, Equal, Queue, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { at, open, pair, port0, type Test, type World } from "./World.ts"

const foreign = NetAddress.ipFromStringUnsafe("192.0.2.77")

const same = (actual: NetAddress.InetAddress, expected: NetAddress.InetAddress) =>
  assert.isTrue(Equal.equals(actual, expected), `${actual} is not ${expected}`)

const freePort = ({ transport, v4 }: World["near"]) =>
  Effect.scoped(Effect.map(transport.listen(port0(v4)), ({ address }) => address.port))

const listenErrno = (world: World, address: NetAddress.InetAddress) =>
  Effect.map(Effect.flip(world.far.transport.listen(address)), SocketFailure.errno)

export const addresses = (test: Test) => {
  test("tells each end both addresses", function*(world) {
    const { listener, near, far } = yield* pair(world)
    same(near.reader.remote, listener.address)
    same(far.reader.local, listener.address)
    same(far.reader.remote, near.reader.local)
    same(at(near.reader.local.address, 0), port0(world.near.v4))
  })

  test("knows the address that leads to another host, and those of its networks", function*(world) {
    const { near } = yield* pair(world)
    const { addresses, route } = world.near.transport
    const leading = yield* route(near.reader.remote.address)
    assert.strictEqual(`${leading}`, `${near.reader.local.address}`)
    assert.strictEqual(`${yield* route(NetAddress.ipv4Loopback)}`, "127.0.0.1")
    assert.isFalse((yield* addresses).some((address) => NetAddress.isLoopback(address)))
  })

  test("gives each listener on port 0 a port of its own", function*({ far }) {
    const one = yield* far.transport.listen(port0(far.v4))
    const other = yield* far.transport.listen(port0(far.v4))
    assert.isAbove(one.address.port, 0)
    assert.notStrictEqual(one.address.port, other.address.port)
  })

  test("dials from the host and port asked for", function*(world) {
    const port = yield* freePort(world.near)
    const { near, far } = yield* pair(world, { dial: { from: { host: world.near.v4, port } } })
    same(near.reader.local, at(world.near.v4, port))
    same(far.reader.remote, at(world.near.v4, port))
  })

  test("gives a listener on all addresses connections with the address that was dialed", function*({ near, far }) {
    const listener = yield* far.transport.listen(port0(NetAddress.ipv4Unspecified))
    same(at(listener.address.address, 0), port0(NetAddress.ipv4Unspecified))
    yield* open(near.transport.dial(at(far.v4, listener.address.port)))
    const accepted = yield* Queue.take(listener.accepted)
    same(accepted.local, at(far.v4, listener.address.port))
    accepted.close()
  })

  test("speaks IPv6", function*({ near, far }) {
    if (far.v6 === undefined) return
    const listener = yield* far.transport.listen(port0(far.v6))
    const dialed = yield* open(near.transport.dial(listener.address))
    const accepted = yield* Queue.take(listener.accepted)
    same(dialed.reader.remote, listener.address)
    same(accepted.remote, dialed.reader.local)
    assert.strictEqual(accepted.remote._tag, "InetAddressV6")
    accepted.close()
  })

  test("shows an IPv4 peer of a listener on :: with its IPv4 address", function*({ near, far }) {
    if (far.v6 === undefined) return
    const listener = yield* far.transport.listen(port0(NetAddress.ipv6Unspecified))
    const dialed = yield* open(near.transport.dial(at(far.v4, listener.address.port)))
    const accepted = yield* Queue.take(listener.accepted)
    same(accepted.remote, dialed.reader.local)
    same(accepted.local, at(far.v4, listener.address.port))
    accepted.close()
  })

  test("does not listen on a port that is taken, and does when it is free again", function*(world) {
    const scope = yield* Scope.make()
    const { address } = yield* Scope.provide(world.far.transport.listen(port0(world.far.v4)), scope)
    assert.strictEqual(yield* listenErrno(world, address), "EADDRINUSE")
    yield* Scope.close(scope, yield* Effect.exit(Effect.void))
    same((yield* world.far.transport.listen(address)).address, address)
  })

  test("does not listen on an address of another host", function*(world) {
    assert.strictEqual(yield* listenErrno(world, port0(foreign)), "EADDRNOTAVAIL")
  })

  test(
    "does not dial from an address of another host, a listener's port, or a pair of addresses in use",
    function*(world) {
      const { listener, near } = yield* pair(world, { dial: { from: { host: world.near.v4 } } })
      const other = yield* world.near.transport.listen(port0(world.near.v4))
      const dialFrom = (host: NetAddress.IpAddress, port: number) =>
        Effect.map(
          Effect.flip(world.near.transport.connect(listener.address, { from: { host, port } })),
          SocketFailure.errno
        )
      assert.strictEqual(yield* dialFrom(foreign, 0), "EADDRNOTAVAIL")
      assert.strictEqual(yield* dialFrom(world.near.v4, other.address.port), "EADDRINUSE")
      assert.strictEqual(yield* dialFrom(world.near.v4, near.reader.local.port), "EADDRNOTAVAIL")
    }
  )
}
