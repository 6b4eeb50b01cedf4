import { assert, describe, it } from "@effect/vitest"
import { Machines } from "@peerage/testing"
import { MemoryNetwork, Simulation } from "@peerage/transport"
import { Effect } from "effect"
import { fanningOut, fanningOutAt, versionsTo } from "./FanningOut.ts"
import { ScriptedPipe } from "./ScriptedPipe.ts"
import { networked } from "./Testers.ts"

const { elapse, settle } = Simulation

describe("a fanout", () => {
  networked(
    "sends a version at once, as its receiver is to see it, and at each change, alone in a segment",
    function*() {
      const { joined, set } = yield* fanningOut
      const [ann, bob] = [yield* joined("Ann", "10.0.0.2"), yield* joined("Bob", "10.0.0.3")]
      yield* elapse("1 second")
      yield* set("version 1")
      yield* elapse("1 second")
      const segments = [ann, bob].map(({ raw }) => raw.texts.map((text) => text.trim()))
      assert.deepStrictEqual(segments, [
        ["version 0 for Ann", "version 1 for Ann"],
        ["version 0 for Bob", "version 1 for Bob"]
      ])
    }
  )

  networked(
    "serves receivers in turn where all at once were above its rate, each the newest, and each once",
    function*() {
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
    }
  )

  networked(
    "leaves at least its interval between two versions to one receiver, and merges the changes in between",
    function*() {
      const { joined, set } = yield* fanningOut
      const ann = yield* joined("Ann", "10.0.0.2")
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
    }
  )

  networked("keeps each receiver's own interval", function*() {
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
  })

  networked("sends nothing more to a receiver whose scope has ended, and reports nothing of it", function*() {
    const { losses, joined, set } = yield* fanningOut
    const ann = yield* joined("Ann", "10.0.0.2")
    yield* settle
    yield* set("version 1")
    yield* ann.leave
    yield* elapse("1 minute")
    ann.raw.pipe.reset()
    yield* settle
    assert.deepStrictEqual([ann.raw.texts.length, yield* losses], [1, []])
  })

  networked("sends nothing more over the earlier connection of a receiver that is added again", function*() {
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
  })

  networked("drops what a receiver sends, so that its window never fills", function*() {
    const { losses, joined, set } = yield* fanningOut
    const ann = yield* joined("Ann", "10.0.0.2")
    yield* settle
    for (let count = 0; count < 50; count++) ann.raw.write("x".repeat(50_000))
    yield* set("version 1")
    yield* elapse("1 second")
    assert.deepStrictEqual([ann.raw.texts.length, yield* losses], [2, []])
    assert.strictEqual(yield* (yield* MemoryNetwork.MemoryNetwork).buffered, 0)
  })
})

describe("a receiver that reads slowly", () => {
  networked("stays as long as it takes anything in the time it has, and is lost when it takes nothing", function*() {
    const { fanout, losses } = yield* fanningOut
    const pipe = new ScriptedPipe()
    pipe.congested = true
    pipe.stalled = 1
    yield* fanout.add("Ann", pipe)
    yield* elapse("1 minute")
    assert.deepStrictEqual(yield* losses, [])
    pipe.stalled = Infinity
    yield* elapse("4 seconds")
    assert.deepStrictEqual(yield* losses, ["Ann Unread"])
  })
})

describe("a receiver that ends its connection", () => {
  it.effect.each([{ end: "end" }, { end: "reset" }] as const)(
    "is reported at once, without a change, and once ($end)",
    ({ end }) =>
      Effect.gen(function*() {
        const { losses, joined, set } = yield* fanningOut
        const [ann, bob] = [yield* joined("Ann", "10.0.0.2"), yield* joined("Bob", "10.0.0.3")]
        yield* elapse("1 minute")
        ann.raw.pipe[end]()
        yield* settle
        assert.deepStrictEqual(yield* losses, ["Ann Ended"])
        yield* set("version 1")
        yield* elapse("1 second")
        assert.deepStrictEqual([ann.raw.texts.length, bob.raw.texts.length], [1, 2])
        yield* ann.leave
        assert.deepStrictEqual(yield* losses, [])
      }).pipe(Machines.simulated)
  )

  networked("before it is added is reported, and gets nothing", function*() {
    const { losses, receiver } = yield* fanningOut
    const ann = yield* receiver("Ann", "10.0.0.2")
    ann.raw.pipe.end()
    yield* settle
    yield* ann.join
    yield* settle
    assert.deepStrictEqual([ann.raw.texts, yield* losses], [[], ["Ann Ended"]])
  })
})

describe("a receiver that does not read", () => {
  const large = (change: number) => `version ${change} ${"x".repeat(50_000)}`

  networked("is lost when a version has been unread for exactly the timeout, even if nothing changes", function*() {
    const { losses, joined, set } = yield* fanningOut
    const slow = yield* joined("Slow", "10.0.0.2")
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
  })

  networked("is lost when its first version has been unread for the timeout", function*() {
    const { fanout, losses } = yield* fanningOut
    const pipe = new ScriptedPipe()
    yield* settle
    pipe.congested = true
    yield* fanout.add("Ann", pipe)
    yield* elapse(3999)
    assert.deepStrictEqual(yield* losses, [])
    yield* elapse(1)
    assert.deepStrictEqual(yield* losses, ["Ann Unread"])
  })

  networked("is lost and reset where old versions take more than there is room for, and nobody else is", function*() {
    // A version is 100 bytes, and here each receiver has one of its own.
    const { fanout, losses } = yield* fanningOutAt(10_000_000, 250)
    const pipes = ["Ann", "Bob", "Cleo", "Dora"].map((name, at) => ({ name, pipe: new ScriptedPipe(4703 + at) }))
    for (const { name, pipe } of pipes) {
      pipe.congested = name !== "Bob"
      yield* fanout.add(name, pipe)
    }
    assert.deepStrictEqual([yield* losses, pipes.map(({ pipe }) => pipe.left)], [
      ["Ann Unread"],
      ["reset", undefined, undefined, undefined]
    ])
    // What is closed here still sends, until it is freed.
    yield* fanout.remove("Cleo")
    const eve = new ScriptedPipe(4707)
    eve.congested = true
    yield* fanout.add("Eve", eve)
    assert.deepStrictEqual([yield* losses, pipes[2]?.pipe.left], [[], "reset"])
  })

  networked("keeps the newest version however large it is", function*() {
    const { fanout, losses } = yield* fanningOutAt(10_000_000, 50)
    const pipe = new ScriptedPipe()
    pipe.congested = true
    yield* fanout.add("Ann", pipe)
    assert.deepStrictEqual(yield* losses, [])
  })

  networked("disturbs no other", function*() {
    const { losses, joined, set } = yield* fanningOut
    const [, bob] = [yield* joined("Slow", "10.0.0.2"), yield* joined("Bob", "10.0.0.3")]
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
    assert.strictEqual(bob.raw.texts.length, change + 1)
  })

  networked("but reads again in time is kept, and gets the newest version a whole interval later", function*() {
    const { losses, joined, set } = yield* fanningOut
    const network = yield* MemoryNetwork.MemoryNetwork
    const ann = yield* joined("Ann", "10.0.0.2")
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
  })

  networked("until the middle of a write has read it", function*() {
    const { fanout, losses, set } = yield* fanningOut
    const pipe = new ScriptedPipe()
    pipe.onWrite = () => pipe.drain(true)
    pipe.congested = true
    yield* fanout.add("Ann", pipe)
    yield* set("version 1")
    yield* elapse("10 seconds")
    assert.deepStrictEqual([pipe.writes.length, yield* losses], [2, []])
  })

  networked("has nothing more written to it when the write ended its connection", function*() {
    const { fanout, losses, set } = yield* fanningOut
    const pipe = new ScriptedPipe()
    pipe.onWrite = () => pipe.breakOff()
    pipe.congested = true
    yield* fanout.add("Ann", pipe)
    yield* set("version 1")
    yield* elapse("10 seconds")
    assert.deepStrictEqual([pipe.writes.length, yield* losses], [1, ["Ann Ended"]])
  })
})
