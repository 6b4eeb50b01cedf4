/** What pages are told of a peer, how often, and how much of it. */
import { assert, describe } from "@effect/vitest"
import { Array, Effect, Fiber, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import { bounds, type Frame } from "../src/api/Frame.ts"
import { bytesOf } from "../src/Cut.ts"
import * as Frames from "../src/Frames.ts"
import * as FakePanel from "./FakePanel.ts"
import { effect } from "./Test.ts"

/** A peer, and the frames of it. */
const scene = Effect.fnUntraced(function*(given: Partial<FakePanel.Stuff> = {}) {
  const fake = yield* FakePanel.make(given)
  const frames = yield* Frames.make(fake.panel)
  return { ...fake, frames }
})

/** A page: `next` is the next frame, for which the page is ready only then; `leave` closes it. */
const open = Effect.fnUntraced(function*(frames: Frames.Frames, watching: Partial<Frames.Watching> = {}) {
  const scope = yield* Scope.fork(yield* Effect.scope)
  const pull = yield* Scope.provide(
    Stream.toPull(Stream.take(frames.watch({ conversation: "", hidden: false, ...watching }), 1000)),
    scope
  )
  const frame = Effect.map(pull, ([frame]) => frame)
  const after = (time: number) =>
    Effect.gen(function*() {
      const coming = yield* Effect.forkChild(frame)
      yield* TestClock.adjust(time)
      return yield* Fiber.join(coming)
    })
  return { first: yield* frame, after, leave: Scope.close(scope, yield* Effect.exit(Effect.void)) }
})

/** A page that takes every frame at once, and all that it was sent. */
const reading = Effect.fnUntraced(function*(frames: Frames.Frames, watching: Partial<Frames.Watching> = {}) {
  const sent: Array<Frame> = []
  const reading = Stream.runForEach(
    frames.watch({ conversation: "", hidden: false, ...watching }),
    (frame) => Effect.sync(() => void sent.push(frame))
  )
  yield* Effect.forkScoped(reading, { startImmediately: true })
  return sent
})

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

  effect("sees the same serials as any other, and the latest events of before it was opened", function*() {
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

describe("a frame", () => {
  const long = "é".repeat(100_000)

  effect("is no longer than its bytes, whatever the peer has", function*() {
    const rows = Array.makeBy(2000, (n) => ({ id: `${n}`, cells: [long, long] }))
    const { frames } = yield* scene({
      members: Array.makeBy(2000, (n) => ({ ...FakePanel.member(`${n}`), name: long, detail: long })),
      rows,
      said: Array.makeBy(500, (n) => FakePanel.message(n, long)),
      lines: Array.makeBy(500, (n) => ({ n, at: 0, level: "INFO", text: long }))
    })
    const { first } = yield* open(frames)
    assert.isAtMost(bytesOf(first), bounds.frame)
    for (const list of [first.members?.list, first.tables?.["bans"]?.rows, first.said, first.lines]) {
      assert.isNotEmpty(list)
    }
    assert.strictEqual(first.said.at(-1)?.n, 499)
    assert.strictEqual((first.members?.list.length ?? 0) + (first.members?.more ?? 0), 2000)
    const bans = first.tables?.["bans"]
    assert.strictEqual((bans?.rows.length ?? 0) + (bans?.more ?? 0), 2000)
    assert.isAtMost(bytesOf(yield* frames.history("")), bounds.frame)
  })

  effect("has five hundred rows of a list, and says how many more there are", function*() {
    const { frames } = yield* scene({ members: Array.makeBy(1704, (n) => FakePanel.member(`${n}`)) })
    const { first } = yield* open(frames)
    assert.deepStrictEqual([first.members?.list.length, first.members?.more], [500, 1204])
  })

  effect("has what came from elsewhere as text that controls nothing, and says what is cut", function*() {
    const { frames } = yield* scene({
      members: [{ ...FakePanel.member("x"), name: "\u001B[31mann\n\u202Ebob" }],
      said: [
        FakePanel.message(0, "<img src=x onerror=alert(1)>\nline\u0007"),
        FakePanel.message(1, long),
        FakePanel.message(2, { big: 12345678901234567890n, "\u001Bkey": ["\u202E"] })
      ]
    })
    const { first } = yield* open(frames)
    assert.strictEqual(first.members?.list[0]?.name, "\uFFFD[31mann \uFFFDbob")
    const [html, cut, json] = first.said
    assert.deepStrictEqual([html?.data, html?.cut], ["<img src=x onerror=alert(1)>\nline\uFFFD", false])
    assert.isTrue(cut?.cut)
    assert.isAtMost(bytesOf(cut?.data), bounds.text + 8)
    assert.deepStrictEqual(json?.data, { big: "12345678901234567890", "\uFFFDkey": ["\uFFFD"] })
  })
})
