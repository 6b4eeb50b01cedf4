/** Frames become what a page shows: bounded, each message once, nothing lost by opening another conversation. */
import { assert, beforeEach, it } from "@effect/vitest"
import type { Frame, Said } from "../../src/api/Frame.ts"
import {
  happenings,
  lines,
  look,
  loudness,
  said,
  take,
  takeHistory,
  title,
  unread,
  whole
} from "../../web/state/room.ts"
import { chosen, hidden } from "../../web/state/view.ts"

const quiet = { at: 1000, first: false, said: [], lines: [], happenings: [], counted: 0, skipped: 0 }
const frame = (parts: Partial<Frame>): Frame => ({ ...quiet, ...parts })
const message = (n: number, conversation = "", own = false): Said => ({
  n,
  conversation,
  at: n,
  from: "10.0.0.2:1",
  own,
  data: `message ${n}`,
  cut: false
})
const numbers = (conversation = "") => said.value.get(conversation)?.map(({ n }) => n)

beforeEach(() => {
  chosen.value = ""
  hidden.value = false
  said.value = new Map()
  unread.value = new Map()
  whole.value = new Set()
  loudness.value = []
  happenings.value = []
})

it("appends what is new, and once: a message may be in the first frame and in the next", () => {
  take(frame({ first: true, said: [message(1), message(2)] }))
  take(frame({ said: [message(2), message(3)] }))
  assert.deepStrictEqual(numbers(), [1, 2, 3])
})

it("replaces the open conversation with the first frame, and keeps the others", () => {
  take(frame({ first: true, said: [message(1)] }))
  take(frame({ said: [message(2, "ada")] }))
  chosen.value = "ada"
  take(frame({ first: true, said: [message(0, "ada"), message(2, "ada")] }))
  assert.deepStrictEqual([numbers(), numbers("ada")], [[1], [0, 2]])
})

it("counts what others said elsewhere, until somebody looks", () => {
  take(frame({ said: [message(1), message(2, "ada"), message(3, "ada"), message(4, "ada", true)] }))
  assert.deepStrictEqual([...unread.value], [["ada", 2]])
  assert.match(title.value, /^\(2\) /)
  look("ada")
  assert.deepStrictEqual([...unread.value], [])
})

it("counts what comes into the open conversation while nobody sees the page", () => {
  hidden.value = true
  take(frame({ said: [message(1)] }))
  assert.deepStrictEqual([...unread.value], [["", 1]])
})

it("keeps at most 2,000 messages of a conversation", () => {
  for (let at = 0; at < 50; at++) {
    take(frame({ said: Array.from({ length: 64 }, (_, index) => message(at * 64 + index)) }))
  }
  assert.strictEqual(numbers()?.length, 2000)
  assert.strictEqual(numbers()?.at(-1), 50 * 64 - 1)
})

it("knows that a conversation is whole when the first frame is short, and else asks for what is before", () => {
  take(frame({ first: true, said: Array.from({ length: 200 }, (_, index) => message(index + 300)) }))
  assert.isFalse(whole.value.has(""))
  takeHistory("", Array.from({ length: 200 }, (_, index) => message(index + 100)))
  assert.deepStrictEqual([numbers()?.[0], numbers()?.length, whole.value.has("")], [100, 400, false])
  takeHistory("", [])
  assert.isTrue(whole.value.has(""))
})

it("does not take a short frame of long messages for all of them", () => {
  const long = Array.from({ length: 60 }, (_, index) => ({ ...message(index + 900), data: "x".repeat(4096) }))
  take(frame({ first: true, said: long }))
  assert.isFalse(whole.value.has(""))
})

it("tells how many of the last ten seconds' events are not shown", () => {
  take(frame({ at: 1000, counted: 500, skipped: 436 }))
  take(frame({ at: 2000, counted: 10, skipped: 0 }))
  const sum = (read: (count: { readonly counted: number; readonly skipped: number }) => number) =>
    loudness.value.reduce((total, count) => total + read(count), 0)
  assert.deepStrictEqual([sum(({ counted }) => counted), sum(({ skipped }) => skipped)], [510, 436])
  take(frame({ at: 12_500 }))
  assert.deepStrictEqual(loudness.value, [])
})

it("keeps events over a first frame, and replaces the log", () => {
  const happening = (n: number) => ({ n, at: n, event: { _tag: "PeerJoined" }, cut: false })
  const line = (n: number) => ({ n, at: n, level: "INFO" as const, text: `line ${n}` })
  take(frame({ first: true, happenings: [happening(1)], lines: [line(1), line(2)] }))
  take(frame({ first: true, happenings: [happening(1), happening(2)], lines: [line(2)] }))
  assert.deepStrictEqual(happenings.value.map(({ n }) => n), [1, 2])
  assert.deepStrictEqual(lines.value.map(({ n }) => n), [2])
})
