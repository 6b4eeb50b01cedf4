/**
 * Searches and answers of strangers: a peer is no tool against others, and believes nothing that it did not ask for.
 */
import { assert, describe } from "@effect/vitest"
import type { PyrateConfig } from "@peerage/pyrate"
import { MemoryNetwork, MemoryTransport } from "@peerage/transport"
import { Effect } from "effect"
import { ask, directory, elapse, ipOf, listener, peerAt, port, settle, sharer, simulated } from "../Network.ts"
import { scripted, wanted } from "./Topology.ts"

const stranger = "10.0.0.66"
const victim = "10.0.0.77"
const there = `${ipOf(1)}:${port}`

/** A peer 1 with a file, that knows the peers with these numbers, each a listener. */
const holder = Effect.fnUntraced(function*(
  known: ReadonlyArray<number> = [],
  config: Partial<PyrateConfig.PyrateConfig> = {}
) {
  yield* scripted(() => [peerAt(1), ...known.map(peerAt)])
  const ears = yield* Effect.forEach(known, (number) => listener(`${ipOf(number)}:${port}`))
  const peer = yield* sharer(1, { directory: yield* directory("wanted.txt"), config })
  return { peer, ears }
})

const search = (id: string, requester: string, { name = "wanted.txt", ttl = "3" } = {}) =>
  ask(stranger, `6:${id}:${name}:${requester}:${ttl}`, there)

describe("a search that names somebody else", () => {
  simulated("has that one answered to five times at once, and five times a second from then on", function*() {
    yield* holder()
    const { raws } = yield* listener(`${victim}:5005`)
    for (let n = 0; n < 50; n++) yield* search(`a${n}`, `${victim}:5005`)
    assert.strictEqual(raws.length, 5)
    for (let second = 1; second <= 4; second++) {
      yield* elapse("1 second")
      for (let n = 0; n < 50; n++) yield* search(`b${second}-${n}`, `${victim}:5005`)
      assert.strictEqual(raws.length, 5 + 5 * second)
    }
  })
})

/** Whom the peer 1 has dialed. */
const dials = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  return (yield* network.trace).flatMap(({ again, from, kind, to }) =>
    kind === "SYN" && !again && from.startsWith(`${ipOf(1)}:`) ? [to] : []
  )
})

describe("a storm of searches", () => {
  const few = { maxSearchesPerSecond: 20 }
  const storm = (round: number, requesterOf: (n: number) => string, name?: string) =>
    Effect.forEach(
      Array.from({ length: 30 }, (_, n) => n),
      (n) => search(`s${round}-${n}`, requesterOf(n), name === undefined ? {} : { name }),
      { concurrency: 10, discard: true }
    )

  simulated("is passed on with so many messages in a second, and the peer is well behind them", function*() {
    const { ears, peer } = yield* holder([2, 3, 4, 5, 6], few)
    const passed = () => ears.reduce((sum, { raws }) => sum + raws.length, 0)
    yield* storm(0, () => `${stranger}:5005`, "none.txt")
    assert.strictEqual(passed(), 20)
    yield* elapse("1 second")
    yield* storm(1, () => `${stranger}:5005`, "none.txt")
    assert.strictEqual(passed(), 40)
    assert.deepStrictEqual(yield* peer.commands, [])
  })

  simulated("is answered with so many messages in a second, whomever it names", function*() {
    yield* holder([], few)
    const victimOf = (n: number) => `10.2.0.${n}`
    yield* MemoryTransport.make(Array.from({ length: 30 }, (_, n) => victimOf(n)))
    const before = yield* dials
    yield* storm(0, (n) => `${victimOf(n)}:5005`)
    assert.strictEqual((yield* dials).length - before.length, 20)
  })

  simulated("from one address keeps none from another from being answered and passed on", function*() {
    const { ears } = yield* holder([2, 3], few)
    const honest = yield* listener("10.0.0.55:5005")
    // They refuse at once, so that the answers to them keep nobody waiting.
    yield* MemoryTransport.make(Array.from({ length: 30 }, (_, n) => `10.2.0.${n}`))
    for (let round = 0; round < 5; round++) {
      yield* storm(2 * round, (n) => `10.2.0.${n}:5005`)
      yield* storm(2 * round + 1, () => `${stranger}:5005`, "none.txt")
      const passed = ears[0]?.raws.length ?? 0
      yield* ask("10.0.0.55", `6:here${round}:wanted.txt:10.0.0.55:5005:3`, there)
      yield* ask("10.0.0.55", `6:far${round}:other.txt:10.0.0.55:5005:3`, there)
      assert.deepStrictEqual([honest.raws.length, (ears[0]?.raws.length ?? 0) - passed], [round + 1, 1])
      yield* elapse("1 second")
    }
  })

  simulated("for dead peers keeps nobody from being listed to", function*() {
    yield* scripted(() => [1, 2, 3, 4].map(peerAt))
    const peer = yield* sharer(1, { directory: yield* directory("wanted.txt") })
    for (let n = 0; n < 40; n++) yield* search(`s${n}`, `${stranger}:5005`, { name: "none.txt" })
    assert.strictEqual((yield* ask(stranger, "5:", there)).text, "wanted.txt\n")
    const commands = (yield* peer.commands).map(({ _tag, kind }) => `${_tag} ${kind}`)
    assert.deepStrictEqual([...new Set(commands)], ["Relayed SearchRequest"])
  })
})

describe("a search that is passed on", () => {
  const passedOn = (ears: ReadonlyArray<{ readonly heard: () => ReadonlyArray<string> }>) =>
    ears.map(({ heard }) => heard())

  simulated.each([
    { ttl: "99", next: ["9"] },
    { ttl: "11", next: ["9"] },
    { ttl: "10", next: ["9"] },
    { ttl: "1", next: ["0"] },
    { ttl: "0", next: [] }
  ])("goes on with a TTL of $next when it came with $ttl", function*({ next, ttl }) {
    const { ears } = yield* holder([2])
    yield* search("id", `${stranger}:5005`, { name: "none.txt", ttl })
    assert.deepStrictEqual(passedOn(ears), [next.map((left) => `6:id:none.txt:${stranger}:5005:${left}`)])
  })

  simulated("goes neither back to whom it came from nor to the one that searches", function*() {
    const { ears } = yield* holder([2, 3, 4])
    yield* ask(ipOf(2), `6:id:none.txt:${peerAt(3)}:5`, there)
    assert.deepStrictEqual(passedOn(ears), [[], [], [`6:id:none.txt:${peerAt(3)}:4`]])
  })
})

describe("an answer", () => {
  simulated("is none to a search that is over", function*() {
    const { ears: [ear], peer } = yield* holder([2])
    yield* Effect.scoped(Effect.andThen(peer.search(wanted), settle))
    const [, id = ""] = ear?.heard()[0]?.split(":") ?? []
    assert.notStrictEqual(id, "")
    yield* ask(stranger, `7:${id}:10.0.0.9:5005:wanted.txt`, there)
    assert.deepStrictEqual(peer.told.filter(({ _tag }) => _tag === "Hit"), [])
  })
})
