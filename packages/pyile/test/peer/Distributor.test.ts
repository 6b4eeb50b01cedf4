import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, type Pipe } from "@peerage/transport"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Distributor from "../../src/peer/Distributor.ts"
import { elapse, hostIp, inet, settle, simulated } from "../exchange/Pair.ts"
import { Raw } from "../exchange/Raw.ts"

const encoder = new TextEncoder()

/** A host that distributes `list`, which the test changes, to members that the test plays. */
const distributingAt = Effect.fnUntraced(function*(rate: number) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const { admit, changed, release, run } = yield* Distributor.make({
    interval: "150 millis",
    timeout: "4 seconds",
    rate
  })
  yield* Effect.forkScoped(run)
  const dist = yield* network.transport(hostIp).listen(inet(`${hostIp}:50211`))
  const current = { list: "list 0" }
  const set = (list: string) => {
    current.list = list
    changed()
  }
  const member = Effect.fnUntraced(function*(ip: string) {
    const raw = new Raw(yield* network.transport(ip).connect(inet(`${hostIp}:50211`)))
    const pipe = yield* Queue.take(dist.accepted)
    const reasons: Array<string> = []
    const subscriber: Distributor.Subscriber = {
      pipe,
      list: () => encoder.encode(current.list),
      ended: (reason) => {
        if (reasons.length > 0) return
        reasons.push(reason._tag)
        release(subscriber)
        pipe.close()
      }
    }
    return { raw, pipe, reasons, subscriber, join: Effect.sync(() => admit(subscriber)) }
  })
  return { network, set, member, release }
})

const distributing = distributingAt(10_000_000)

/** When and what arrived at an address, off the network's trace. */
const listsTo = Effect.fnUntraced(function*(pipe: Pipe.Pipe) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const to = NetAddress.formatInet(pipe.remote)
  const entries = yield* network.trace
  return entries
    .filter((entry) => entry.kind === "DATA" && entry.to === to)
    .map((entry) => [entry.at, new TextDecoder().decode(entry.bytes)] as const)
})

describe("a host that distributes its list", () => {
  it.effect("sends it to a member at once, and at each change, alone in a segment", () =>
    Effect.gen(function*() {
      const { member, set } = yield* distributing
      const ann = yield* member("10.0.0.2")
      yield* ann.join
      yield* elapse("1 second")
      set("list 1")
      yield* elapse("1 second")
      assert.deepStrictEqual(ann.raw.segments, ["list 0", "list 1"])
    }).pipe(simulated))

  it.effect("sends lists in turn where all at once were above its rate, each the newest, and each once", () =>
    Effect.gen(function*() {
      // A list is 100 bytes, so 10 of them a second; 150 ms may run ahead: two at once, and then 200 ms for both.
      const { member, set } = yield* distributingAt(1000)
      const list = (change: number) => `list ${change}`.padEnd(100)
      set(list(0))
      const members = yield* Effect.forEach([2, 3, 4, 5, 6], (index) => member(`10.0.0.${index}`))
      yield* Effect.forEach(members, ({ join }) => join)
      yield* elapse("1 second")
      set(list(1))
      yield* elapse(300)
      set(list(2))
      yield* elapse("10 seconds")
      const lists = yield* Effect.forEach(members, ({ pipe }) => listsTo(pipe))
      // The five first lists at once, as joining waits for nothing, are paid for until 500 ms have gone.
      assert.deepStrictEqual(
        lists.map((own) => own.map(([at, text]) => [at, text.trim()])),
        [
          [[0, "list 0"], [1000, "list 1"], [1400, "list 2"]],
          [[0, "list 0"], [1000, "list 1"], [1600, "list 2"]],
          [[0, "list 0"], [1200, "list 1"], [1600, "list 2"]],
          [[0, "list 0"], [1200, "list 1"], [1800, "list 2"]],
          [[0, "list 0"], [1400, "list 2"]]
        ]
      )
    }).pipe(simulated))

  it.effect("leaves at least 150 ms between two lists to a member, and merges the changes in between", () =>
    Effect.gen(function*() {
      const { member, set } = yield* distributing
      const ann = yield* member("10.0.0.2")
      yield* ann.join
      yield* settle
      for (let change = 1; change <= 40; change++) {
        set(`list ${change}`)
        yield* elapse(10)
      }
      yield* elapse("1 second")
      assert.deepStrictEqual(yield* listsTo(ann.pipe), [[0, "list 0"], [150, "list 15"], [300, "list 30"], [
        450,
        "list 40"
      ]])
      assert.strictEqual(ann.raw.segments.length, 4)
    }).pipe(simulated))

  it.effect("keeps each member's own interval", () =>
    Effect.gen(function*() {
      const { member, set } = yield* distributing
      const [ann, bob] = [yield* member("10.0.0.2"), yield* member("10.0.0.3")]
      yield* ann.join
      yield* elapse(100)
      yield* bob.join
      yield* settle
      set("list 1")
      yield* elapse("1 second")
      assert.deepStrictEqual(yield* listsTo(ann.pipe), [[0, "list 0"], [150, "list 1"]])
      assert.deepStrictEqual(yield* listsTo(bob.pipe), [[100, "list 0"], [250, "list 1"]])
    }).pipe(simulated))

  it.effect("sends nothing more to a member that was released", () =>
    Effect.gen(function*() {
      const { member, release, set } = yield* distributing
      const ann = yield* member("10.0.0.2")
      yield* ann.join
      yield* settle
      set("list 1")
      release(ann.subscriber)
      yield* elapse("1 minute")
      assert.deepStrictEqual([ann.raw.segments, ann.reasons], [["list 0"], []])
    }).pipe(simulated))

  it.effect("drops a member that does not read within 4 seconds, and disturbs no other by it", () =>
    Effect.gen(function*() {
      const { member, network, set } = yield* distributing
      const [slow, bob] = [yield* member("10.0.0.2"), yield* member("10.0.0.3")]
      yield* slow.join
      yield* bob.join
      yield* settle
      yield* network.clog("10.0.0.2")
      const large = (change: number) => `list ${change} ${"x".repeat(50_000)}`
      let change = 0
      while (slow.pipe.broken() === undefined && change < 100) {
        set(large(++change))
        yield* elapse(200)
      }
      // The window and the buffer take three, the fourth waits: 4 seconds later it has waited long enough.
      assert.deepStrictEqual([slow.reasons, bob.reasons], [["SlowReader"], []])
      assert.isAtMost(change, 30)
      assert.strictEqual(bob.raw.segments.length, change + 1)
    }).pipe(simulated))

  it.effect("drops a member that does not read for exactly 4 seconds, even if nothing changes any more", () =>
    Effect.gen(function*() {
      const { member, network, set } = yield* distributing
      const slow = yield* member("10.0.0.2")
      yield* slow.join
      yield* settle
      yield* network.clog("10.0.0.2")
      set(`list 1 ${"x".repeat(200_000)}`)
      yield* elapse(150)
      yield* elapse(3999)
      assert.deepStrictEqual(slow.reasons, [])
      yield* elapse(1)
      assert.deepStrictEqual(slow.reasons, ["SlowReader"])
    }).pipe(simulated))

  it.effect("keeps a slow member that reads again in time, and gives it the latest list", () =>
    Effect.gen(function*() {
      const { member, network, set } = yield* distributing
      const ann = yield* member("10.0.0.2")
      yield* ann.join
      yield* settle
      yield* network.clog("10.0.0.2")
      for (let change = 1; change <= 4; change++) {
        set(`list ${change} ${"x".repeat(50_000)}`)
        yield* elapse(150)
      }
      set("list 5")
      yield* elapse(3000)
      yield* network.unclog("10.0.0.2")
      yield* elapse("1 minute")
      assert.deepStrictEqual(ann.reasons, [])
      assert.strictEqual(ann.raw.segments.at(-1), "list 5")
    }).pipe(simulated))

  it.effect.each([
    { name: "ends", end: (raw: Raw) => raw.pipe.end() },
    { name: "resets", end: (raw: Raw) => raw.pipe.reset() }
  ])("notices at once, without a change, that a member $name its connection", ({ end }) =>
    Effect.gen(function*() {
      const { member, set } = yield* distributing
      const [ann, bob] = [yield* member("10.0.0.2"), yield* member("10.0.0.3")]
      yield* ann.join
      yield* bob.join
      yield* elapse("1 minute")
      end(ann.raw)
      yield* settle
      assert.deepStrictEqual([ann.reasons, bob.reasons], [["DistributionLost"], []])
      set("list 1")
      yield* elapse("1 second")
      assert.deepStrictEqual(bob.raw.segments, ["list 0", "list 1"])
    }).pipe(simulated))

  it.effect("does not choke on a member that talks where nothing is expected", () =>
    Effect.gen(function*() {
      const { member, network, set } = yield* distributing
      const ann = yield* member("10.0.0.2")
      yield* ann.join
      yield* settle
      for (let count = 0; count < 50; count++) ann.raw.say("x".repeat(50_000))
      set("list 1")
      yield* elapse("1 second")
      assert.deepStrictEqual([ann.raw.segments, ann.reasons], [["list 0", "list 1"], []])
      assert.strictEqual(yield* network.buffered, 0)
    }).pipe(simulated))
})
