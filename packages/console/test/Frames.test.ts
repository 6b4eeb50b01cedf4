/** What pages are told of a peer, how often, and how much of it. */
import { assert, describe } from "@effect/vitest"
import { Array, Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { bounds, type Frame } from "../src/api/Frame.ts"
import * as FakePanel from "./FakePanel.ts"
import { open, reading, scene } from "./Pages.ts"
import { effect } from "./Test.ts"

const datas = ({ said }: Frame) => said.map(({ data }) => data)

describe("a page", () => {
  effect("is told all with the first frame, at once", function*() {
    const { frames } = yield* scene({
      members: [FakePanel.member("ann")],
      rows: [{ id: "10.0.0.7", cells: ["10.0.0.7"] }],
      said: Array.makeBy(300, (n) => FakePanel.message(n, `message ${n}`)),
      lines: Array.makeBy(400, (n) => ({ n, at: 0, level: "INFO", text: `line ${n}` }))
    })
    const { first } = yield* open(frames)
    assert.isTrue(first.first)
    assert.strictEqual(first.status?.word, "joined")
    assert.deepStrictEqual(first.members, { list: [FakePanel.member("ann")], more: 0 })
    assert.deepStrictEqual(first.tables, { bans: { rows: [{ id: "10.0.0.7", cells: ["10.0.0.7"] }], more: 0 } })
    assert.deepStrictEqual([first.said.length, first.said[0]?.data], [bounds.messages, "message 100"])
    assert.deepStrictEqual([first.lines.length, first.lines[0]?.text], [bounds.lines, "line 100"])
    assert.deepStrictEqual([first.counted, first.skipped], [0, 0])
    assert.strictEqual(first.meters?.[0]?.total, 7)
  })

  effect("gets ten frames a second at most, however much happens", function*() {
    const { frames, publish } = yield* scene()
    const sent = yield* reading(frames)
    for (let count = 0; count < 500; count++) {
      yield* publish({ _tag: "Message", count })
      yield* TestClock.adjust(10)
    }
    assert.isAtMost(sent.length, 1 + 50)
    assert.isAtLeast(sent.length, 45)
    yield* TestClock.adjust(100)
    assert.strictEqual(sent.reduce((sum, { counted }) => sum + counted, 0), 500)
  })

  effect("gets four a second while more happens than frames can show, and ten as soon as that is over", function*() {
    const { frames, publish } = yield* scene()
    const sent = yield* reading(frames)
    for (let time = 0; time < 2000; time += 10) {
      yield* publish(...Array.makeBy(20, (count) => ({ _tag: "Message", count })))
      yield* TestClock.adjust(10)
    }
    const loud = sent.length
    assert.isAtMost(loud, 1 + 1 + 8)
    assert.isAtLeast(loud, 1 + 7)
    for (let time = 0; time < 2000; time += 10) {
      yield* publish({ _tag: "Message", count: time })
      yield* TestClock.adjust(10)
    }
    assert.isAtLeast(sent.length - loud, 17)
    yield* TestClock.adjust(100)
    assert.strictEqual(sent.reduce((sum, { counted }) => sum + counted, 0), 200 * 20 + 200)
    // All that was not too much to read is there.
    assert.strictEqual(sent.slice(loud + 1).reduce((sum, { skipped }) => sum + skipped, 0), 0)
  })

  effect("that is hidden gets one a second", function*() {
    const { frames, publish } = yield* scene()
    const sent = yield* reading(frames, { hidden: true })
    for (let count = 0; count < 50; count++) {
      yield* publish({ _tag: "Message", count })
      yield* TestClock.adjust(100)
    }
    assert.strictEqual(sent.length, 1 + 5)
  })

  effect("gets nothing while nothing happens but the counts, once a second", function*() {
    const { frames } = yield* scene()
    const sent = yield* reading(frames)
    for (let tenth = 0; tenth < 50; tenth++) yield* TestClock.adjust(100)
    assert.strictEqual(sent.length, 1 + 5)
    for (const frame of sent.slice(1)) {
      assert.deepStrictEqual(Object.keys(frame).sort(), [
        "at",
        "counted",
        "first",
        "happenings",
        "lines",
        "meters",
        "said",
        "skipped"
      ])
    }
  })

  effect("is told the true number of events, and the latest of them", function*() {
    const { counts, frames, publish } = yield* scene()
    const { after } = yield* open(frames)
    yield* publish(...Array.makeBy(10_058, (count) => ({ _tag: "Message", count })))
    const frame = yield* after(100)
    assert.deepStrictEqual([frame.counted, frame.skipped], [10_058, 10_058 - bounds.news])
    assert.deepStrictEqual(frame.happenings.map(({ n }) => n), Array.range(10_058 - bounds.news, 10_057))
    assert.deepStrictEqual(frame.happenings.at(-1)?.event, { _tag: "Message", count: 10_057 })
    // What is not shown is not made.
    assert.strictEqual(counts.encoded, bounds.news)
  })

  effect("is told no more than the latest of them where they came in parts", function*() {
    const { frames, publish } = yield* scene()
    const { after } = yield* open(frames)
    const part = bounds.news - 4
    for (const first of [0, part]) {
      yield* publish(...Array.makeBy(part, (count) => ({ _tag: "Message", count: first + count })))
      yield* TestClock.adjust(30)
    }
    const frame = yield* after(100)
    assert.deepStrictEqual([frame.counted, frame.skipped], [2 * part, 2 * part - bounds.news])
    assert.deepStrictEqual(frame.happenings.map(({ n }) => n), Array.range(2 * part - bounds.news, 2 * part - 1))
  })

  effect("is told a list that one event among many touches", function*() {
    const { frames, publish, stuff } = yield* scene()
    const { after } = yield* open(frames)
    stuff.members = [FakePanel.member("ann")]
    const many = Array.makeBy(100, (count) => ({ _tag: "Message", count }))
    yield* publish(...many, { _tag: "Joined" }, ...many)
    assert.strictEqual((yield* after(100)).members?.list.length, 1)
  })

  effect("that is slow gets fewer frames, with more in each, and loses none of the counts", function*() {
    const { frames, publish, stuff } = yield* scene()
    const { after } = yield* open(frames)
    for (let count = 0; count < 100; count++) {
      yield* publish({ _tag: "Message", count })
      yield* TestClock.adjust(100)
    }
    stuff.said = Array.makeBy(100, (n) => FakePanel.message(n, n))
    const frame = yield* after(100)
    assert.deepStrictEqual([frame.counted, frame.skipped], [100, 100 - bounds.news])
    assert.deepStrictEqual(datas(frame), Array.range(100 - bounds.news, 99))
  })

  effect("is told a list when an event touches it, and within a second when it changes by itself", function*() {
    const { frames, publish, stuff } = yield* scene()
    const { after } = yield* open(frames)
    stuff.members = [FakePanel.member("ann")]
    yield* publish({ _tag: "Joined" })
    assert.strictEqual((yield* after(100)).members?.list.length, 1)
    stuff.members = [{ ...FakePanel.member("ann"), state: "overdue" }]
    const later = yield* after(1000)
    assert.strictEqual(later.members?.list[0]?.state, "overdue")
    assert.isUndefined(later.tables)
    yield* publish({ _tag: "Joined" })
    assert.isUndefined((yield* after(100)).members)
  })

  effect("sees a join in a frame that is made within 200 ms of it, at whatever moment it comes", function*() {
    const { frames, publish, stuff } = yield* scene()
    const sent = yield* reading(frames)
    for (let count = 1; count <= 40; count++) {
      yield* TestClock.adjust(100 + 7 * count)
      stuff.members = Array.makeBy(count, (n) => FakePanel.member(`peer ${n}`))
      yield* publish({ _tag: "Joined" })
      const joined = yield* Clock.currentTimeMillis
      for (let passed = 0; passed < 500; passed += 10) yield* TestClock.adjust(10)
      const told = sent.find(({ members }) => members?.list.length === count)
      assert.isAtLeast(told?.at ?? -1, joined)
      assert.isAtMost(told?.at ?? Infinity, joined + 200)
    }
  })

  effect("sees a join that comes among messages", function*() {
    const { frames, publish, stuff } = yield* scene()
    const { after } = yield* open(frames)
    stuff.members = [FakePanel.member("ann")]
    yield* publish({ _tag: "Message" }, { _tag: "Message" }, { _tag: "Joined" }, { _tag: "Message" })
    assert.deepStrictEqual((yield* after(100)).members, { list: stuff.members, more: 0 })
  })

  effect("is told a new status at once", function*() {
    const { frames, stuff } = yield* scene()
    const { after } = yield* open(frames)
    stuff.status = { tone: "waiting", word: "reconnecting", sentence: "The connection was lost." }
    assert.deepStrictEqual((yield* after(100)).status, stuff.status)
  })

  effect("is told what is new of all conversations, whichever is open", function*() {
    const { frames, stuff } = yield* scene({ said: [FakePanel.message(0, "old"), FakePanel.message(1, "old", "ann")] })
    const { after, first } = yield* open(frames, { conversation: "ann" })
    assert.deepStrictEqual(first.said.map(({ n }) => n), [1])
    stuff.said = [...stuff.said, FakePanel.message(2, "new"), FakePanel.message(3, "new", "bob")]
    assert.deepStrictEqual((yield* after(100)).said.map(({ n }) => n), [2, 3])
  })

  effect("sees the same serials as every other, and the latest events of before it was opened", function*() {
    const { frames, publish } = yield* scene()
    const one = yield* open(frames)
    yield* publish({ _tag: "Message" }, { _tag: "Joined" })
    const other = yield* open(frames)
    const happened = (yield* one.after(100)).happenings
    assert.deepStrictEqual(other.first.happenings, happened)
    yield* publish({ _tag: "Left" })
    assert.deepStrictEqual((yield* other.after(100)).happenings.map(({ n }) => n), [2])
  })

  effect("reads back in a conversation, before a message", function*() {
    const { frames } = yield* scene({ said: Array.makeBy(500, (n) => FakePanel.message(n, n)) })
    const before = yield* frames.history("", 300)
    assert.deepStrictEqual([before.length, before[0]?.n, before.at(-1)?.n], [200, 100, 299])
    assert.deepStrictEqual((yield* frames.history("")).at(-1)?.n, 499)
    assert.deepStrictEqual(yield* frames.history("nobody"), [])
  })
})

describe("a peer that leaves", () => {
  effect("tells all pages so, and ends what they watch", function*() {
    const { counts, frames } = yield* scene()
    const pages = [yield* reading(frames), yield* reading(frames, { hidden: true })]
    yield* frames.leave
    for (const sent of pages) {
      assert.deepStrictEqual(sent.at(-1)?.status, {
        tone: "bad",
        word: "left",
        sentence: "This peer has left. Start it again to go on."
      })
    }
    assert.strictEqual(counts.listening, 0)
  })

  effect("says why, where it knows", function*() {
    const { frames, stuff } = yield* scene()
    const sent = yield* reading(frames)
    stuff.status = { tone: "bad", word: "left", sentence: "It is over: removed by the host." }
    yield* frames.leave
    assert.deepStrictEqual(sent.at(-1)?.status, stuff.status)
  })

  effect("does not wait for a page that takes nothing", function*() {
    const { frames } = yield* scene()
    yield* open(frames)
    const leaving = yield* Effect.forkChild(frames.leave)
    yield* TestClock.adjust("1 second")
    assert.isDefined(leaving.pollUnsafe())
  })

  effect("does not wait where no page is open", function*() {
    const { frames } = yield* scene()
    yield* frames.leave
  })
})

describe("while no page is open", () => {
  effect("nothing listens, and nothing is asked", function*() {
    const { counts, frames, publish } = yield* scene()
    yield* publish({ _tag: "Joined" })
    yield* TestClock.adjust("1 minute")
    assert.deepStrictEqual(counts, { listening: 0, asked: 0, encoded: 0 })
    const [one, other] = [yield* open(frames), yield* open(frames)]
    assert.strictEqual(counts.listening, 1)
    yield* one.leave
    assert.strictEqual(counts.listening, 1)
    yield* other.leave
    const { asked } = counts
    yield* publish({ _tag: "Joined" })
    yield* TestClock.adjust("1 minute")
    assert.deepStrictEqual([counts.listening, counts.asked], [0, asked])
  })

  effect("serials go on for the next one", function*() {
    const { frames, publish } = yield* scene()
    const one = yield* open(frames)
    yield* publish({ _tag: "Joined" })
    yield* one.leave
    const other = yield* open(frames)
    assert.deepStrictEqual(other.first.happenings, [])
    yield* publish({ _tag: "Left" })
    assert.deepStrictEqual((yield* other.after(100)).happenings.map(({ n }) => n), [1])
  })
})
