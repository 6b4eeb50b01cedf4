/** What a room remembers: conversations and the log, and how much of them. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Conversations from "../../src/talk/Conversations.ts"
import * as Journal from "../../src/talk/Journal.ts"
import { effect } from "../Test.ts"

const texts = (messages: ReadonlyArray<Conversations.Kept<string, string>>) => messages.map(({ message }) => message)
const roomy = { conversations: 10, messages: 10, characters: 1000 }

/** A history of these limits with these messages, each as `peer text`. */
const remembering = Effect.fnUntraced(function*(limits: Partial<Conversations.Limits>, ...said: ReadonlyArray<string>) {
  const memory = Conversations.make<string, string>({ ...roomy, ...limits })
  const file = (line: string) => {
    const [peer = "", text = ""] = line.split(" ")
    return memory.file({ peer, message: text, characters: text.length })
  }
  yield* Effect.forEach(said, file)
  return { ...memory, file }
})

effect("keeps what was said to and by a peer together, with its time", function*() {
  const memory = yield* remembering({})
  yield* memory.file("ann hi")
  yield* TestClock.adjust("1 second")
  yield* memory.file("ann ho")
  yield* memory.file("bob psst")
  assert.deepStrictEqual((yield* memory.with("ann")).map(({ at, message }) => [at, message]), [[0, "hi"], [
    1000,
    "ho"
  ]])
  assert.deepStrictEqual(texts(yield* memory.with("eve")), [])
  assert.deepStrictEqual(texts(yield* memory.latest), ["hi", "ho", "psst"])
})

effect("tells all conversations in the order in which things were said", function*() {
  const memory = yield* remembering({ messages: 3 }, "ann 1", "bob 2", "ann 3", "bob 4")
  assert.deepStrictEqual(texts(yield* memory.latest), ["2", "3", "4"])
})

effect("tells what was said since a message, the latest of it, in the order in which it was said", function*() {
  const memory = yield* remembering({}, "ann 1", "bob 2", "ann 3", "eve 4")
  assert.deepStrictEqual(texts(yield* memory.since(-1, 9)), ["1", "2", "3", "4"])
  assert.deepStrictEqual(texts(yield* memory.since(1, 9)), ["3", "4"])
  assert.deepStrictEqual(texts(yield* memory.since(-1, 2)), ["3", "4"])
  assert.deepStrictEqual(texts(yield* memory.since(3, 9)), [])
})

effect("forgets the oldest message of a long conversation, and no other", function*() {
  const memory = yield* remembering({ messages: 2 }, "bob 0", "ann 1", "ann 2", "ann 3")
  assert.deepStrictEqual(texts(yield* memory.with("ann")), ["2", "3"])
  assert.deepStrictEqual(texts(yield* memory.with("bob")), ["0"])
})

effect("forgets the conversation that rested longest when there are too many", function*() {
  const memory = yield* remembering({ conversations: 2 }, "ann 1", "bob 2", "ann 3", "eve 4")
  assert.deepStrictEqual(yield* memory.peers, ["ann", "eve"])
  assert.deepStrictEqual(texts(yield* memory.with("bob")), [])
})

effect("forgets as much as is needed when there is too much text", function*() {
  const memory = yield* remembering({ characters: 10 }, "ann aaaa", "ann bb", "bob ccccc", "bob dd")
  assert.deepStrictEqual(texts(yield* memory.latest), ["bb", "ccccc", "dd"])
  yield* memory.file(`eve ${"x".repeat(10)}`)
  assert.deepStrictEqual(yield* memory.peers, ["eve"])
  yield* memory.file(`eve ${"x".repeat(11)}`)
  assert.deepStrictEqual(yield* memory.peers, [])
  yield* memory.file("eve short")
  assert.deepStrictEqual(texts(yield* memory.latest), ["short"])
})

const logged = (journal: Journal.Journal<never>, level: Journal.Level) =>
  Effect.map(journal.entries(level), (log) => log.map(({ text }) => text))

effect("logs events that have a level, and warnings, from a level upward", function*() {
  const journal = Journal.make<Journal.Note>((told) => told)
  yield* journal.note({ text: "11 joined", level: "INFO" })
  yield* journal.note({ text: "10.0.0.4 was turned away", level: "WARNING" })
  yield* journal.note({ text: "said" })
  yield* journal.warn("Nothing was sent.")
  assert.deepStrictEqual(yield* logged(journal, "INFO"), [
    "11 joined",
    "10.0.0.4 was turned away",
    "Nothing was sent."
  ])
  assert.deepStrictEqual(yield* logged(journal, "WARNING"), ["10.0.0.4 was turned away", "Nothing was sent."])
})

effect("forgets the oldest lines of a long log", function*() {
  const journal = Journal.make<Journal.Note>((told) => told, 2)
  for (const text of ["1", "2", "3"]) yield* journal.warn(text)
  assert.deepStrictEqual(yield* logged(journal, "INFO"), ["2", "3"])
})
