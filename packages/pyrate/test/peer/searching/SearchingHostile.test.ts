/** Searches and answers of strangers: a peer is no tool against others, and believes nothing that it did not ask for. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, MemoryTransport, PeerAddress } from "@peerage/transport"
import { Effect } from "effect"
import { ask, directory, elapse, ipOf, listener, peerAt, port, settle, sharer, world } from "../Network.ts"
import { scripted, searchesIn, wanted } from "./Topology.ts"

const stranger = "10.0.0.66"
const victim = "10.0.0.77"
const there = `${ipOf(1)}:${port}`

/** A peer 1 with a file, that knows the peers with these numbers, each a listener. */
const holder = Effect.fnUntraced(function*(...known: ReadonlyArray<number>) {
  yield* scripted(() => [peerAt(1), ...known.map(peerAt)])
  const ears = yield* Effect.forEach(known, (number) => listener(`${ipOf(number)}:${port}`))
  const peer = yield* sharer(1, { directory: yield* directory("wanted.txt") })
  return { peer, ears }
})

const search = (id: string, requester: string, { name = "wanted.txt", ttl = "3" } = {}) =>
  ask(stranger, `6:${id}:${name}:${requester}:${ttl}`, there)

describe("a search that names somebody else", () => {
  it.effect("has that one answered to five times at once, and five times a second from then on", () =>
    Effect.gen(function*() {
      yield* holder()
      const { raws } = yield* listener(`${victim}:5005`)
      for (let n = 0; n < 50; n++) yield* search(`a${n}`, `${victim}:5005`)
      assert.strictEqual(raws.length, 5)
      for (let second = 1; second <= 4; second++) {
        yield* elapse("1 second")
        for (let n = 0; n < 50; n++) yield* search(`b${second}-${n}`, `${victim}:5005`)
        assert.strictEqual(raws.length, 5 + 5 * second)
      }
    }).pipe(world()))

  it.effect("has that one's ports answered to no more often", () =>
    Effect.gen(function*() {
      yield* holder()
      for (let n = 0; n < 50; n++) yield* search(`a${n}`, `${victim}:${5000 + n}`)
      assert.strictEqual((yield* searchesIn).filter(({ kind }) => kind === "7").length, 0)
      const ears = yield* Effect.forEach([6000, 6001, 6002], (port) => listener(`${victim}:${port}`))
      yield* elapse("400 millis")
      for (let n = 0; n < 60; n++) yield* search(`b${n}`, `${victim}:${6000 + n % 3}`)
      assert.strictEqual(ears.flatMap(({ raws }) => raws).length, 2)
    }).pipe(world()))

  it.effect("takes nothing from others that search", () =>
    Effect.gen(function*() {
      yield* holder()
      const { heard } = yield* listener(`${ipOf(9)}:${port}`)
      yield* listener(`${victim}:5005`)
      for (let n = 0; n < 50; n++) yield* search(`a${n}`, `${victim}:5005`)
      yield* search("mine", `${ipOf(9)}:${port}`)
      assert.deepStrictEqual(heard(), [`7:mine:${ipOf(1)}:${port}:wanted.txt`])
    }).pipe(world()))

  const refused = [
    ["a service of a system", `${victim}:1023`],
    ["the web", `${victim}:80`],
    ["nobody", "0.0.0.0:5005"],
    ["a network", "0.1.2.3:5005"],
    ["a group", "224.0.0.1:5005"],
    ["a reserved address", "240.0.0.1:5005"],
    ["everybody", "255.255.255.255:5005"],
    ["the loopback address of the searcher's own machine", "127.0.0.1:5005"],
    ["another loopback address", "127.0.1.1:5005"]
  ] as const

  it.effect.each(refused.map(([whom, requester]) => ({ whom, requester })))(
    "is not answered where that is $whom",
    ({ requester }) =>
      Effect.gen(function*() {
        yield* holder()
        const before = yield* dials
        yield* search("id", requester)
        assert.deepStrictEqual((yield* dials).slice(before.length), [])
      }).pipe(world())
  )

  it.effect("is answered where that one can be a peer", () =>
    Effect.gen(function*() {
      yield* holder()
      const { heard } = yield* listener(`${victim}:1024`)
      yield* search("id", `${victim}:1024`)
      assert.deepStrictEqual(heard(), [`7:id:${ipOf(1)}:${port}:wanted.txt`])
    }).pipe(world()))
})

/** Whom the peer 1 has dialed. */
const dials = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  return (yield* network.trace).flatMap(({ again, from, kind, to }) =>
    kind === "SYN" && !again && from.startsWith(`${ipOf(1)}:`) ? [to] : []
  )
})

describe("a storm of searches", () => {
  it.effect(
    "is passed on with so many messages in a second, and the peer is well behind them",
    () =>
      Effect.gen(function*() {
        const { ears, peer } = yield* holder(2, 3, 4, 5, 6)
        const passed = () => ears.reduce((sum, { raws }) => sum + raws.length, 0)
        const storm = (round: number) =>
          Effect.forEach(
            Array.from({ length: 300 }, (_, n) => n),
            (n) => search(`s${round}-${n}`, `${stranger}:5005`, { name: "none.txt" }),
            { concurrency: 10, discard: true }
          )
        yield* storm(0)
        assert.strictEqual(passed(), 200)
        yield* elapse("1 second")
        yield* storm(1)
        assert.strictEqual(passed(), 400)
        assert.deepStrictEqual(yield* peer.commands, [])
      }).pipe(world()),
    20_000
  )

  it.effect("is answered with so many messages in a second, whomever it names", () =>
    Effect.gen(function*() {
      yield* holder()
      const victims = Array.from({ length: 300 }, (_, n) => `10.2.${n >> 8}.${n & 255}`)
      yield* MemoryTransport.make(victims)
      const before = yield* dials
      for (const [n, ip] of victims.entries()) yield* search(`s${n}`, `${ip}:5005`)
      assert.strictEqual((yield* dials).length - before.length, 200)
    }).pipe(world()), 20_000)

  it.effect("for dead peers keeps nobody from being listed to", () =>
    Effect.gen(function*() {
      yield* scripted(() => [1, 2, 3, 4].map(peerAt))
      yield* sharer(1, { directory: yield* directory("wanted.txt") })
      for (let n = 0; n < 40; n++) yield* search(`s${n}`, `${stranger}:5005`, { name: "none.txt" })
      assert.strictEqual((yield* ask(stranger, "5:", there)).text, "wanted.txt\n")
    }).pipe(world()))
})

describe("a search that is passed on", () => {
  const passedOn = (ears: ReadonlyArray<{ readonly heard: () => ReadonlyArray<string> }>) =>
    ears.map(({ heard }) => heard())

  it.effect.each([
    { ttl: "99", next: ["9"] },
    { ttl: "11", next: ["9"] },
    { ttl: "10", next: ["9"] },
    { ttl: "1", next: ["0"] },
    { ttl: "0", next: [] },
    { ttl: "-1", next: [] },
    { ttl: "999999", next: [] },
    { ttl: "ten", next: [] },
    { ttl: "", next: [] },
    { ttl: "1e1", next: [] }
  ])("goes on with a TTL of $next when it came with $ttl", ({ next, ttl }) =>
    Effect.gen(function*() {
      const { ears } = yield* holder(2)
      yield* search("id", `${stranger}:5005`, { name: "none.txt", ttl })
      assert.deepStrictEqual(passedOn(ears), [next.map((left) => `6:id:none.txt:${stranger}:5005:${left}`)])
    }).pipe(world()))

  it.effect("goes neither back to whom it came from nor to the one that searches", () =>
    Effect.gen(function*() {
      const { ears } = yield* holder(2, 3, 4)
      yield* ask(ipOf(2), `6:id:none.txt:${peerAt(3)}:5`, there)
      assert.deepStrictEqual(passedOn(ears), [[], [], [`6:id:none.txt:${peerAt(3)}:4`]])
    }).pipe(world()))

  it.effect("is passed on once, whoever brings it", () =>
    Effect.gen(function*() {
      const { ears } = yield* holder(2)
      yield* search("id", `${stranger}:5005`, { name: "none.txt" })
      yield* ask(victim, `6:id:none.txt:${stranger}:5005:3`, there)
      yield* ask(victim, `6:id:wanted.txt:${victim}:5005:3`, there)
      assert.deepStrictEqual(passedOn(ears).map(({ length }) => length), [1])
    }).pipe(world()))
})

describe("an answer", () => {
  const searching = Effect.gen(function*() {
    const { ears: [ear], peer } = yield* holder(2)
    yield* Effect.asVoid(peer.search(wanted))
    yield* settle
    const [, id = ""] = ear?.heard()[0]?.split(":") ?? []
    const hits = () => peer.told.flatMap((event) => event._tag === "Hit" ? [event.peer] : [])
    const answer = (text: string) => ask(stranger, text, there)
    return { answer, hits, id }
  })

  it.effect("to a search of its own is a hit, once for each peer", () =>
    Effect.gen(function*() {
      const { answer, hits, id } = yield* searching
      for (let n = 0; n < 3; n++) yield* answer(`7:${id}:10.0.0.9:5005:wanted.txt`)
      yield* answer(`7:${id}:10.0.0.9:5006:wanted.txt`)
      assert.deepStrictEqual(hits(), [PeerAddress.at("10.0.0.9", 5005), PeerAddress.at("10.0.0.9", 5006)])
    }).pipe(world()))

  it.effect("is none to a search of somebody else's, to another name, or of an address that no host has", () =>
    Effect.gen(function*() {
      const { answer, hits, id } = yield* searching
      yield* answer("7:other:10.0.0.9:5005:wanted.txt")
      yield* answer(`7:${id}:10.0.0.9:5005:other.txt`)
      yield* answer(`7:${id}:0.0.0.0:5005:wanted.txt`)
      yield* answer(`7:${id}:239.1.1.1:5005:wanted.txt`)
      assert.deepStrictEqual(hits(), [])
    }).pipe(world()))

  it.effect("is none to a search that is over", () =>
    Effect.gen(function*() {
      const { ears: [ear], peer } = yield* holder(2)
      yield* Effect.scoped(Effect.andThen(peer.search(wanted), settle))
      const [, id = ""] = ear?.heard()[0]?.split(":") ?? []
      assert.notStrictEqual(id, "")
      yield* ask(stranger, `7:${id}:10.0.0.9:5005:wanted.txt`, there)
      assert.deepStrictEqual(peer.told.filter(({ _tag }) => _tag === "Hit"), [])
    }).pipe(world()))

  it.effect("is one of a thousand at most, however many are invented", () =>
    Effect.gen(function*() {
      const { answer, hits, id } = yield* searching
      yield* Effect.forEach(
        Array.from({ length: 1100 }, (_, n) => n),
        (n) => answer(`7:${id}:10.2.${n >> 8}.${n & 255}:5005:wanted.txt`),
        { concurrency: 20, discard: true }
      )
      assert.strictEqual(hits().length, 1024)
    }).pipe(world()), 20_000)
})

describe("its own search", () => {
  it.effect("is nothing to a peer when it comes back", () =>
    Effect.gen(function*() {
      const { ears: [ear], peer } = yield* holder(2)
      yield* Effect.asVoid(peer.search(wanted))
      yield* settle
      const [message = ""] = ear?.heard() ?? []
      yield* ask(ipOf(2), message, there)
      assert.strictEqual(ear?.raws.length, 1)
      assert.notInclude((yield* searchesIn).map(({ kind }) => kind), "7")
    }).pipe(world()))
})
