/** A bootstrap's list, as plain state. */
import { assert, describe, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import { Duration, Effect, Random } from "effect"
import { drawFrom, pick, Registry } from "../../../src/peer/bootstrap/Registry.ts"

const at = PeerAddress.at
const [one, two, three] = [at("10.0.0.1", 5001), at("10.0.0.2", 5002), at("10.0.0.3", 5003)]
const expiry = 600_000

const empty = (limits: { readonly maxRegistrations?: number; readonly maxRegistrationsPerAddress?: number } = {}) =>
  new Registry({
    expiry: Duration.minutes(10),
    maxRegistrations: limits.maxRegistrations ?? 100,
    maxRegistrationsPerAddress: limits.maxRegistrationsPerAddress ?? 100
  })

describe("a registry", () => {
  it("lists peers in the order of their registration, each once", () => {
    const registry = empty()
    assert.deepStrictEqual([two, one, two, three, one].map((peer) => registry.register(peer, 0)), [
      "Registered",
      "Registered",
      "Refreshed",
      "Registered",
      "Refreshed"
    ])
    assert.deepStrictEqual(registry.all, [two, one, three])
  })

  it("keeps the place of a peer that is heard of again", () => {
    const registry = empty()
    for (const peer of [one, two]) registry.register(peer, 0)
    assert.isTrue(registry.refresh(one, 5))
    assert.deepStrictEqual(registry.all, [one, two])
  })

  it("tells peers at one address apart by their ports", () => {
    const registry = empty()
    registry.register(at("10.0.0.1", 5001), 0)
    registry.register(at("10.0.0.1", 5002), 0)
    assert.isTrue(registry.unregister(at("10.0.0.1", 5001)))
    assert.deepStrictEqual(registry.all, [at("10.0.0.1", 5002)])
  })

  it("forgets who asks for it, and nobody twice", () => {
    const registry = empty()
    registry.register(one, 0)
    assert.deepStrictEqual([registry.unregister(one), registry.unregister(one)], [true, false])
    assert.deepStrictEqual([registry.size, registry.earliest], [0, Infinity])
  })

  it("lets nobody come back by a keep-alive", () => {
    const registry = empty()
    assert.isFalse(registry.refresh(one, 0))
    assert.deepStrictEqual(registry.all, [])
  })
})

describe("expiry", () => {
  it("keeps a peer up to its last moment and no longer", () => {
    const registry = empty()
    registry.register(one, 7)
    assert.strictEqual(registry.earliest, 7 + expiry)
    assert.deepStrictEqual(registry.expire(7 + expiry), [])
    assert.deepStrictEqual(registry.expire(7 + expiry + 1), [one])
    assert.strictEqual(registry.size, 0)
  })

  it("counts from when a peer was last heard of, in whatever way", () => {
    const registry = empty()
    for (const peer of [one, two, three]) registry.register(peer, 0)
    registry.refresh(one, 1000)
    registry.register(two, 2000)
    assert.deepStrictEqual(registry.expire(expiry + 1), [three])
    assert.strictEqual(registry.earliest, 1000 + expiry)
    assert.deepStrictEqual(registry.expire(expiry + 2001), [one, two])
  })

  it("takes as long for a long list as for those who are gone", () => {
    const registry = empty({ maxRegistrations: 20_000, maxRegistrationsPerAddress: 1 })
    for (let n = 0; n < 20_000; n++) registry.register(at(`10.1.${n >> 8}.${n & 255}`, 5000), n)
    let gone = 0
    // One after the other: a look at the whole list each time would be 200,000,000 looks.
    for (let n = 1; n <= 20_000; n++) gone += registry.expire(expiry + n).length
    assert.strictEqual(gone, 20_000)
  })
})

describe("the bounds of a registry", () => {
  it("keep the oldest, in all and at one address", () => {
    const small = empty({ maxRegistrations: 2 })
    assert.deepStrictEqual([one, two, three].map((peer) => small.register(peer, 0)), [
      "Registered",
      "Registered",
      "Full"
    ])
    const narrow = empty({ maxRegistrationsPerAddress: 1 })
    const peers = [at("10.0.0.1", 1), at("10.0.0.1", 2), at("10.0.0.2", 1)]
    assert.deepStrictEqual(peers.map((peer) => narrow.register(peer, 0)), ["Registered", "Full", "Registered"])
  })

  it("refuse nobody a sign of life", () => {
    const full = empty({ maxRegistrations: 1 })
    full.register(one, 0)
    assert.strictEqual(full.register(one, 1), "Refreshed")
  })

  it("make room again when somebody leaves or expires", () => {
    const narrow = empty({ maxRegistrations: 1, maxRegistrationsPerAddress: 1 })
    narrow.register(one, 0)
    narrow.unregister(one)
    assert.strictEqual(narrow.register(at("10.0.0.1", 9), 0), "Registered")
    narrow.expire(expiry + 1)
    assert.strictEqual(narrow.register(two, expiry + 1), "Registered")
  })
})

describe("picking", () => {
  const list = Array.from({ length: 20 }, (_, index) => index)

  it("gives the whole list in its order when it is short enough", () => {
    for (const count of [3, 4, 99]) {
      assert.deepStrictEqual(pick(["a", "b", "c"], count, (below) => below - 1), ["a", "b", "c"])
    }
    assert.deepStrictEqual(pick([], 0, () => 0), [])
  })

  it.effect("gives so many, none twice, whatever chance says", () =>
    Effect.gen(function*() {
      const draw = drawFrom(yield* Random.Random)
      for (let round = 0; round < 500; round++) {
        const count = draw(list.length)
        const picked = pick(list, count, draw)
        assert.strictEqual(picked.length, count)
        assert.strictEqual(new Set(picked).size, count)
        assert.isTrue(picked.every((item) => list.includes(item)))
      }
    }).pipe(Random.withSeed(1)))

  it("gives each of all ordered choices exactly once when all chances are gone through", () => {
    const seen = new Map<string, number>()
    for (let first = 0; first < 4; first++) {
      for (let second = 0; second < 3; second++) {
        const draws = [first, second]
        const picked = pick(["a", "b", "c", "d"], 2, () => draws.shift() ?? 0).join("")
        seen.set(picked, (seen.get(picked) ?? 0) + 1)
      }
    }
    assert.strictEqual(seen.size, 12)
    assert.isTrue([...seen.values()].every((times) => times === 1))
  })

  it("takes as long for a long list as for what is picked", () => {
    const long = Array.from({ length: 200_000 }, (_, index) => index)
    assert.strictEqual(new Set(pick(long, 199_999, (below) => below >> 1)).size, 199_999)
  })
})
