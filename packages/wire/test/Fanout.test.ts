import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, Simulation } from "@peerage/transport"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { Fanout } from "../src/index.ts"
import { dial, listen, type Raw, simulated } from "./Listening.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"

const { elapse, settle } = Simulation
const bytes = (text: string) => new TextEncoder().encode(text)

/** Versions to receivers that the test plays; `set` makes a newer one. */
const fanningOutAt = Effect.fnUntraced(function*(rate: number) {
  const newest = (version: string): Fanout.Newest<string> => (receiver) =>
    bytes(`${version} for ${receiver}`.padEnd(100))
  const fanout = yield* Fanout.make<string>({
    newest: newest("version 0"),
    interval: "150 millis",
    timeout: "4 seconds",
    rate
  })
  yield* Effect.forkScoped(fanout.run)
  const listener = yield* listen()
  const set = (version: string) => fanout.update(newest(version))
  /** A connection from an address, whose other end receives for the life of a scope of its own. */
  const receiver = Effect.fnUntraced(function*(name: string, from: string) {
    const raw = yield* dial(from)
    const pipe = yield* Queue.take(listener.accepted)
    return { raw, join: fanout.add(name, pipe), leave: fanout.remove(name) }
  })
  const losses = Effect.map(
    Queue.clear(fanout.losses),
    (losses) => losses.map(({ reason, receiver }) => `${receiver} ${reason}`)
  )
  return { fanout, set, receiver, losses }
})

const fanningOut = fanningOutAt(10_000_000)

/** When and what arrived at the other end, as the network's trace says. */
const versionsTo = Effect.fnUntraced(function*({ pipe }: Raw) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const to = NetAddress.formatInet(pipe.local)
  return (yield* network.trace)
    .filter((entry) => entry.kind === "DATA" && entry.to === to)
    .map((entry) => [entry.at, new TextDecoder().decode(entry.bytes).trim().split(" for ")[0]] as const)
})

describe("a fanout", () => {
  it.effect("sends a version at once, as its receiver is to see it, and at each change, alone in a segment", () =>
    Effect.gen(function*() {
      const { receiver, set } = yield* fanningOut
      const [ann, bob] = [yield* receiver("Ann", "10.0.0.2"), yield* receiver("Bob", "10.0.0.3")]
      yield* ann.join
      yield* bob.join
      yield* elapse("1 second")
      yield* set("version 1")
      yield* elapse("1 second")
      const segments = [ann, bob].map(({ raw }) => raw.segments.map((text) => text.trim()))
      assert.deepStrictEqual(segments, [
        ["version 0 for Ann", "version 1 for Ann"],
        ["version 0 for Bob", "version 1 for Bob"]
      ])
    }).pipe(simulated))

  it.effect("serves receivers in turn where all at once were above its rate, each the newest, and each once", () =>
    Effect.gen(function*() {
      // A version is 100 bytes, so 10 of them a second; 150 ms may run ahead: two at once, and then 200 ms for both.
      const { receiver, set } = yield* fanningOutAt(1000)
      const receivers = yield* Effect.forEach([2, 3, 4, 5, 6], (host) => receiver(`${host}`, `10.0.0.${host}`))
      yield* Effect.forEach(receivers, ({ join }) => join)
      yield* elapse("1 second")
      yield* set("version 1")
      yield* elapse(300)
      yield* set("version 2")
      yield* elapse("10 seconds")
      // The five first versions at once, as adding waits for nothing, are paid for until 500 ms have gone.
      assert.deepStrictEqual(yield* Effect.forEach(receivers, ({ raw }) => versionsTo(raw)), [
        [[0, "version 0"], [1000, "version 1"], [1400, "version 2"]],
        [[0, "version 0"], [1000, "version 1"], [1600, "version 2"]],
        [[0, "version 0"], [1200, "version 1"], [1600, "version 2"]],
        [[0, "version 0"], [1200, "version 1"], [1800, "version 2"]],
        [[0, "version 0"], [1400, "version 2"]]
      ])
    }).pipe(simulated))

  it.effect("leaves at least its interval between two versions to one receiver, and merges the changes in between", () =>
    Effect.gen(function*() {
      const { receiver, set } = yield* fanningOut
      const ann = yield* receiver("Ann", "10.0.0.2")
      yield* ann.join
      yield* settle
      for (let change = 1; change <= 40; change++) {
        yield* set(`version ${change}`)
        yield* elapse(10)
      }
      yield* elapse("1 second")
      assert.deepStrictEqual(yield* versionsTo(ann.raw), [
        [0, "version 0"],
        [150, "version 15"],
        [300, "version 30"],
        [450, "version 40"]
      ])
    }).pipe(simulated))

  it.effect("keeps each receiver's own interval", () =>
    Effect.gen(function*() {
      const { receiver, set } = yield* fanningOut
      const [ann, bob] = [yield* receiver("Ann", "10.0.0.2"), yield* receiver("Bob", "10.0.0.3")]
      yield* ann.join
      yield* elapse(100)
      yield* bob.join
      yield* settle
      yield* set("version 1")
      yield* elapse("1 second")
      assert.deepStrictEqual(yield* versionsTo(ann.raw), [[0, "version 0"], [150, "version 1"]])
      assert.deepStrictEqual(yield* versionsTo(bob.raw), [[100, "version 0"], [250, "version 1"]])
    }).pipe(simulated))

  it.effect("sends nothing more to a receiver whose scope has ended, and reports nothing of it", () =>
    Effect.gen(function*() {
      const { losses, receiver, set } = yield* fanningOut
      const ann = yield* receiver("Ann", "10.0.0.2")
      yield* ann.join
      yield* settle
      yield* set("version 1")
      yield* ann.leave
      yield* elapse("1 minute")
      ann.raw.pipe.reset()
      yield* settle
      assert.deepStrictEqual([ann.raw.segments.length, yield* losses], [1, []])
    }).pipe(simulated))

  it.effect("sends nothing more over the earlier connection of a receiver that is added again", () =>
    Effect.gen(function*() {
      const { fanout, losses, set } = yield* fanningOut
      const pipes = [new ScriptedPipe(), new ScriptedPipe()]
      for (const pipe of pipes) yield* fanout.add("Ann", pipe)
      yield* set("version 1")
      yield* elapse("1 second")
      assert.deepStrictEqual(pipes.map(({ writes }) => writes.length), [1, 2])
      pipes[0]?.breakOff()
      assert.deepStrictEqual(yield* losses, [])
      yield* fanout.remove("Ann")
      yield* set("version 2")
      yield* elapse("1 second")
      assert.deepStrictEqual(pipes.map(({ writes }) => writes.length), [1, 2])
    }).pipe(simulated))

  it.effect("drops what a receiver sends, so that its window never fills", () =>
    Effect.gen(function*() {
      const { losses, receiver, set } = yield* fanningOut
      const ann = yield* receiver("Ann", "10.0.0.2")
      yield* ann.join
      yield* settle
      for (let count = 0; count < 50; count++) ann.raw.say("x".repeat(50_000))
      yield* set("version 1")
      yield* elapse("1 second")
      assert.deepStrictEqual([ann.raw.segments.length, yield* losses], [2, []])
      assert.strictEqual(yield* (yield* MemoryNetwork.MemoryNetwork).buffered, 0)
    }).pipe(simulated))
})

describe("a receiver that ends its connection", () => {
  it.effect.each([{ end: "end" }, { end: "reset" }] as const)(
    "is reported at once, without a change, and once ($end)",
    ({ end }) =>
      Effect.gen(function*() {
        const { losses, receiver, set } = yield* fanningOut
        const [ann, bob] = [yield* receiver("Ann", "10.0.0.2"), yield* receiver("Bob", "10.0.0.3")]
        yield* ann.join
        yield* bob.join
        yield* elapse("1 minute")
        ann.raw.pipe[end]()
        yield* settle
        assert.deepStrictEqual(yield* losses, ["Ann Ended"])
        yield* set("version 1")
        yield* elapse("1 second")
        assert.deepStrictEqual([ann.raw.segments.length, bob.raw.segments.length], [1, 2])
        yield* ann.leave
        assert.deepStrictEqual(yield* losses, [])
      }).pipe(simulated)
  )

  it.effect("before it is added is reported, and gets nothing", () =>
    Effect.gen(function*() {
      const { losses, receiver } = yield* fanningOut
      const ann = yield* receiver("Ann", "10.0.0.2")
      ann.raw.pipe.end()
      yield* settle
      yield* ann.join
      yield* settle
      assert.deepStrictEqual([ann.raw.segments, yield* losses], [[], ["Ann Ended"]])
    }).pipe(simulated))
})

describe("a receiver that does not read", () => {
  const large = (change: number) => `version ${change} ${"x".repeat(50_000)}`

  it.effect("is lost when a version has been unread for exactly the timeout, even if nothing changes", () =>
    Effect.gen(function*() {
      const { losses, receiver, set } = yield* fanningOut
      const slow = yield* receiver("Slow", "10.0.0.2")
      yield* slow.join
      yield* settle
      yield* (yield* MemoryNetwork.MemoryNetwork).clog("10.0.0.2")
      yield* set(`version 1 ${"x".repeat(200_000)}`)
      yield* elapse(150)
      yield* elapse(3999)
      assert.deepStrictEqual(yield* losses, [])
      yield* elapse(1)
      assert.deepStrictEqual(yield* losses, ["Slow Unread"])
      slow.raw.pipe.reset()
      yield* slow.leave
      yield* elapse("1 minute")
      assert.deepStrictEqual(yield* losses, [])
    }).pipe(simulated))

  it.effect("is lost when its first version has been unread for the timeout", () =>
    Effect.gen(function*() {
      const { fanout, losses } = yield* fanningOut
      const pipe = new ScriptedPipe()
      yield* settle
      pipe.congested = true
      yield* fanout.add("Ann", pipe)
      yield* elapse(3999)
      assert.deepStrictEqual(yield* losses, [])
      yield* elapse(1)
      assert.deepStrictEqual(yield* losses, ["Ann Unread"])
    }).pipe(simulated))

  it.effect("disturbs no other", () =>
    Effect.gen(function*() {
      const { losses, receiver, set } = yield* fanningOut
      const [slow, bob] = [yield* receiver("Slow", "10.0.0.2"), yield* receiver("Bob", "10.0.0.3")]
      yield* slow.join
      yield* bob.join
      yield* settle
      yield* (yield* MemoryNetwork.MemoryNetwork).clog("10.0.0.2")
      const lost: Array<string> = []
      let change = 0
      while (lost.length === 0 && change < 100) {
        yield* set(large(++change))
        yield* elapse(200)
        lost.push(...yield* losses)
      }
      // The window and the buffer take three, the fourth waits: 4 seconds later it has waited long enough.
      assert.deepStrictEqual(lost, ["Slow Unread"])
      assert.isAtMost(change, 30)
      assert.strictEqual(bob.raw.segments.length, change + 1)
    }).pipe(simulated))

  it.effect("but reads again in time is kept, and gets the newest version a whole interval later", () =>
    Effect.gen(function*() {
      const { losses, receiver, set } = yield* fanningOut
      const network = yield* MemoryNetwork.MemoryNetwork
      const ann = yield* receiver("Ann", "10.0.0.2")
      yield* ann.join
      yield* settle
      yield* network.clog("10.0.0.2")
      for (let change = 1; change <= 4; change++) {
        yield* set(large(change))
        yield* elapse(150)
      }
      yield* set("version 5")
      yield* elapse(3000)
      yield* network.unclog("10.0.0.2")
      yield* elapse(149)
      assert.notStrictEqual((yield* versionsTo(ann.raw)).at(-1)?.[1], "version 5")
      yield* elapse(1)
      assert.deepStrictEqual((yield* versionsTo(ann.raw)).at(-1), [3750, "version 5"])
      yield* elapse("1 minute")
      assert.deepStrictEqual(yield* losses, [])
      yield* set("version 6")
      yield* elapse("1 second")
      assert.strictEqual((yield* versionsTo(ann.raw)).at(-1)?.[1], "version 6")
    }).pipe(simulated))

  it.effect("until the middle of a write has read it", () =>
    Effect.gen(function*() {
      const { fanout, losses, set } = yield* fanningOut
      const pipe = new ScriptedPipe()
      pipe.onWrite = () => pipe.drain(true)
      pipe.congested = true
      yield* fanout.add("Ann", pipe)
      yield* set("version 1")
      yield* elapse("10 seconds")
      assert.deepStrictEqual([pipe.writes.length, yield* losses], [2, []])
    }).pipe(simulated))

  it.effect("has nothing more written to it when the write ended its connection", () =>
    Effect.gen(function*() {
      const { fanout, losses, set } = yield* fanningOut
      const pipe = new ScriptedPipe()
      pipe.onWrite = () => pipe.breakOff()
      pipe.congested = true
      yield* fanout.add("Ann", pipe)
      yield* set("version 1")
      yield* elapse("10 seconds")
      assert.deepStrictEqual([pipe.writes.length, yield* losses], [1, ["Ann Ended"]])
    }).pipe(simulated))
})
