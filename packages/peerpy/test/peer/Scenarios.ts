/** What the original's own test suite asks of a peer, and then some. Each plays in any network. */
import { assert } from "@effect/vitest"
import { Duration, Effect, SubscriptionRef } from "effect"
import {
  begin,
  connected,
  connectedWith,
  finds,
  heard,
  refusal,
  soon,
  tags,
  type Test,
  until,
  values
} from "./World.ts"

const json = { type: "json" } as const
const large = 1 << 20

/** Bytes without a pattern. */
const noise = Uint8Array.from({ length: large }, (_, index) => Math.imul(index, 2654435761) >>> 24)

export const connecting = (test: Test) => {
  test("connects, and both ends have the connection and tell of it", function*(world) {
    const [alice, bob] = [yield* begin(world), yield* begin(world)]
    const { far, near } = yield* connected(alice, bob, json)
    assert.deepInclude(near, { peer: bob.self, type: "json", strict: true, stream: false, initiated: true })
    assert.deepInclude(far, { peer: alice.self, type: "json", strict: true, stream: false, initiated: false })
    yield* connectedWith(alice, bob.self)
    const told = { peer: alice.self, type: "json", strict: true, stream: false } as const
    assert.deepInclude((yield* heard(bob, "Offer"))[0], told)
    assert.deepStrictEqual(yield* heard(bob, "Connected"), [{ _tag: "Connected", ...told, initiated: false }])
    assert.deepInclude((yield* heard(alice, "Connected"))[0], { peer: bob.self, initiated: true })
  })

  test("is denied by a peer that does not want the connection, which then is at neither end", function*(world) {
    const alice = yield* begin(world)
    const bob = yield* begin(world, { offer: ({ type }) => Effect.succeed(type === "json") })
    assert.strictEqual(yield* refusal(alice.connect(bob.self, { type: "bytes" })), "Denied")
    assert.deepInclude((yield* heard(bob, "Rejected"))[0], { reason: "Denied" })
    assert.deepStrictEqual(yield* SubscriptionRef.get(bob.connections), [])
    assert.deepStrictEqual(yield* SubscriptionRef.get(alice.connections), [])
    yield* connected(alice, bob, json)
  })

  test("does not connect to itself, to nobody, and to what is no address", function*(world) {
    const [alice, bob] = [yield* begin(world), yield* begin(world)]
    yield* bob.leave
    assert.strictEqual(yield* refusal(alice.connect(alice.self, json)), "OwnAddress")
    assert.strictEqual(yield* refusal(alice.connect(bob.self, json)), "Unreachable")
    assert.strictEqual(yield* refusal(alice.connect("nobody", json)), "NotIpv4")
  })

  test("has one connection to a peer: the same for the same type, a new one for another", function*(world) {
    const [alice, bob] = [yield* begin(world), yield* begin(world)]
    const { near } = yield* connected(alice, bob, json)
    assert.strictEqual(yield* alice.connect(bob.self, json), near)
    const other = yield* alice.connect(bob.self, { type: "bytes" })
    assert.strictEqual((yield* near.closed)._tag, "Closed")
    yield* until(bob.connections, (all) => all.length === 1 && all[0]?.type === "bytes")
    yield* other.send(Uint8Array.of(1, 2, 3))
    assert.deepStrictEqual(yield* values(bob, 1), [Uint8Array.of(1, 2, 3)])
    // The other way round it is the same connection.
    assert.strictEqual((yield* bob.connect(alice.self, { type: "bytes" })).initiated, false)
  })

  test("notices at both ends when either closes, and tells why", function*(world) {
    const [alice, bob] = [yield* begin(world), yield* begin(world)]
    for (const closing of ["near", "far"] as const) {
      const both = yield* connected(alice, bob, json)
      const other = closing === "near" ? both.far : both.near
      yield* both[closing].close
      assert.strictEqual((yield* soon(other.closed))._tag, "PeerClosed")
      assert.strictEqual((yield* both[closing].closed)._tag, "Closed")
      assert.strictEqual((yield* Effect.flip(other.receive)).reason._tag, "PeerClosed")
      assert.strictEqual((yield* Effect.flip(other.send("late"))).reason._tag, "PeerClosed")
      assert.strictEqual((yield* Effect.flip(both[closing].send("late"))).reason._tag, "Closed")
      yield* Effect.all([connectedWith(alice), connectedWith(bob)])
    }
    const reasons = (yield* heard(bob, "Closed", 2)).map(({ reason }) => reason)
    assert.deepStrictEqual(reasons, ["PeerClosed", "Closed"])
  })

  test("closes all connections when it leaves", function*(world) {
    const alice = yield* begin(world)
    const others = yield* Effect.all([begin(world), begin(world), begin(world)])
    const [bob, carol, dave] = others
    yield* alice.connect(bob.self, json)
    yield* alice.connect(carol.self, { type: "raw" })
    yield* dave.connect(alice.self, { type: "bytes", stream: true })
    yield* Effect.forEach(others, (peer) => connectedWith(peer, alice.self))
    yield* alice.leave
    yield* Effect.forEach(others, (peer) => connectedWith(peer))
    assert.deepStrictEqual((yield* tags(alice)).slice(-4), ["Closed", "Closed", "Closed", "Stopped"])
    assert.strictEqual(yield* refusal(bob.connect(alice.self, json)), "Unreachable")
  })

  test("has the patience and the number of connections that it was given", function*(world) {
    const plain = yield* begin(world)
    const own = yield* begin(world, { config: { timeout: Duration.seconds(5), maxConnections: 7 } })
    assert.deepStrictEqual([Duration.toSeconds(plain.timeout), plain.maxConnections], [2, 1000])
    assert.deepStrictEqual([Duration.toSeconds(own.timeout), own.maxConnections], [5, 7])
  })
}

export const sending = (test: Test) => {
  const kept = { text: "wörld ✓ 😀 \"\\\n\u0000", list: [1, -2.5, null, true, 12345678901234567890123n] }
  const samples = [
    { type: "json", samples: ["Hello world", kept, null, "", [], {}, 0, false] },
    { type: "raw", samples: ["Hello world", [1, [2, null]], new Map([[1, "one"]]), Uint8Array.of(0, 255), 2n ** 70n] },
    { type: "bytes", samples: [Uint8Array.of(), Uint8Array.of(0), new TextEncoder().encode("PING||||"), noise] }
  ] as const

  for (const { samples: sent, type } of samples) {
    test(`carries values of type ${type} in both directions, as events and to who asks for them`, function*(world) {
      const [alice, bob] = [yield* begin(world), yield* begin(world)]
      const { far, near } = yield* connected(alice, bob, { type })
      yield* Effect.forEach(sent, near.sendAny)
      assert.deepStrictEqual([...yield* values(bob, sent.length)], [...sent])
      yield* Effect.forEach(sent, far.sendAny)
      for (const value of sent) assert.deepStrictEqual(yield* soon(near.receive), value)
    })
  }

  test("keeps what several send at once apart, in the order of each", function*(world) {
    const bob = yield* begin(world)
    const senders = yield* Effect.all([begin(world), begin(world), begin(world)])
    yield* Effect.forEach(senders, (sender, who) =>
      Effect.gen(function*() {
        const connection = yield* sender.connect(bob.self, json)
        const numbers = Array.from({ length: 50 }, (_, number) => number)
        yield* Effect.forEach(numbers, (number) => connection.send({ who, number, pad: "x".repeat(number * 100) }))
      }), { concurrency: 3 })
    const events = yield* heard(bob, "Data", 150)
    for (const { self } of senders) {
      const own = events.filter(({ peer }) => peer === self).map(({ data }) => data)
      assert.strictEqual(own.length, 50)
      own.forEach((value, number) => assert.deepInclude(value, { number }))
    }
  })

  test("carries a stream of equal frames in both directions, and refuses others", function*(world) {
    const [alice, bob] = [yield* begin(world), yield* begin(world)]
    const { far, near } = yield* connected(alice, bob, { type: "bytes", stream: true })
    const frame = (number: number) => new Uint8Array(16).fill(number)
    const numbers = Array.from({ length: 100 }, (_, number) => number)
    const both = [
      Effect.forEach(numbers, (number) => near.send(frame(number))),
      Effect.forEach(numbers, (number) => far.send(frame(number)))
    ]
    yield* Effect.all(both, { concurrency: 2 })
    assert.deepStrictEqual(yield* values(bob, 100), numbers.map(frame))
    for (const number of numbers) assert.deepStrictEqual(yield* soon(near.receive), frame(number))
    for (const end of [near, far]) {
      assert.deepInclude((yield* Effect.flip(end.send(new Uint8Array(17)))).reason, { _tag: "WrongSize", agreed: 16 })
    }
    yield* near.send(frame(7))
    assert.deepStrictEqual((yield* values(bob, 101)).at(-1), frame(7))
  })

  test("carries a megabyte of each type intact", function*(world) {
    const text = Array.from(noise, (byte) => String.fromCodePoint(32 + byte)).join("")
    for (
      const { type, value } of [{ type: "bytes", value: noise }, { type: "json", value: text }, {
        type: "raw",
        value: noise
      }] as const
    ) {
      const [alice, bob] = [yield* begin(world), yield* begin(world)]
      const { near } = yield* connected(alice, bob, { type })
      yield* near.sendAny(value)
      assert.deepStrictEqual((yield* values(bob, 1))[0], value)
    }
  })

  test("sends a value to everybody who can be sent it", function*(world) {
    const alice = yield* begin(world)
    const [bob, carol, dave] = yield* Effect.all([begin(world), begin(world), begin(world)])
    yield* alice.connect(bob.self, json)
    yield* carol.connect(alice.self, { type: "raw" })
    yield* alice.connect(dave.self, { type: "bytes" })
    yield* connectedWith(alice, bob.self, carol.self, dave.self)
    const { failed, sent } = yield* alice.broadcast(["hello", 1])
    assert.deepStrictEqual([...sent].sort(), [bob.self, carol.self].sort())
    assert.deepStrictEqual(failed.map(({ error, peer }) => [peer, error.reason._tag]), [[
      dave.self,
      "UnsendableValue"
    ]])
    for (const peer of [bob, carol]) assert.deepStrictEqual(yield* values(peer, 1), [["hello", 1]])
  })
}

export const discovering = (test: Test) => {
  const config = { discoverFor: Duration.millis(200) }

  test("finds each of ten peers that can be seen, and itself not", function*(world) {
    const peers = yield* Effect.forEach(Array.from({ length: 10 }), () => begin(world, { config }))
    yield* Effect.forEach(
      peers,
      (peer) => finds(peer, ...peers.filter((other) => other !== peer).map(({ self }) => self)),
      { concurrency: 10 }
    )
  })

  test("does not find a peer that hides, which finds others, until it shows itself", function*(world) {
    const [alice, bob] = [yield* begin(world, { config }), yield* begin(world, { config, invisible: true })]
    yield* finds(bob, alice.self)
    assert.deepStrictEqual(yield* alice.discover, [])
    yield* SubscriptionRef.set(bob.invisible, false)
    yield* finds(alice, bob.self)
    yield* SubscriptionRef.set(bob.invisible, true)
    yield* finds(alice)
    yield* finds(bob, alice.self)
    yield* connected(alice, bob, json)
  })

  test("does not find a peer that has left", function*(world) {
    const [alice, bob] = [yield* begin(world, { config }), yield* begin(world)]
    yield* finds(alice, bob.self)
    yield* bob.leave
    assert.deepStrictEqual(yield* alice.discover, [])
  })
}
