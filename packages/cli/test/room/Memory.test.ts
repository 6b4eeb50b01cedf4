/** What a room remembers: conversations and the log, and how much of them. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Conversations from "../../src/room/Conversations.ts"
import * as Journal from "../../src/room/Journal.ts"
import type { Level, Told } from "../../src/room/Narrate.ts"

const message = (peer: string, text: string) => ({ peer, message: text, characters: text.length })
const texts = (messages: ReadonlyArray<Conversations.Kept<string, string>>) => messages.map(({ message }) => message)
const roomy = { conversations: 10, messages: 10, characters: 1000 }

const memoryOf = (limits: Conversations.Limits) => Conversations.make<string, string>(limits)

it.effect("keeps what was said to and by a peer together, with its time", () =>
  Effect.gen(function*() {
    const memory = memoryOf(roomy)
    yield* memory.file(message("ann", "hi"))
    yield* TestClock.adjust("1 second")
    yield* memory.file(message("ann", "ho"))
    yield* memory.file(message("bob", "psst"))
    assert.deepStrictEqual((yield* memory.with("ann")).map(({ at, message }) => [at, message]), [[0, "hi"], [
      1000,
      "ho"
    ]])
    assert.deepStrictEqual(texts(yield* memory.with("eve")), [])
    assert.deepStrictEqual(texts(yield* memory.latest), ["hi", "ho", "psst"])
  }))

it.effect("tells all conversations in the order in which things were said", () =>
  Effect.gen(function*() {
    const memory = memoryOf({ ...roomy, messages: 3 })
    for (const [peer, text] of [["ann", "1"], ["bob", "2"], ["ann", "3"], ["bob", "4"]] as const) {
      yield* memory.file(message(peer, text))
    }
    assert.deepStrictEqual(texts(yield* memory.latest), ["2", "3", "4"])
  }))

it.effect("forgets the oldest message of a long conversation, and no other", () =>
  Effect.gen(function*() {
    const memory = memoryOf({ ...roomy, messages: 2 })
    for (const [peer, text] of [["bob", "0"], ["ann", "1"], ["ann", "2"], ["ann", "3"]] as const) {
      yield* memory.file(message(peer, text))
    }
    assert.deepStrictEqual(texts(yield* memory.with("ann")), ["2", "3"])
    assert.deepStrictEqual(texts(yield* memory.with("bob")), ["0"])
  }))

it.effect("forgets the conversation that rested longest when there are too many", () =>
  Effect.gen(function*() {
    const memory = memoryOf({ ...roomy, conversations: 2 })
    for (const [peer, text] of [["ann", "1"], ["bob", "2"], ["ann", "3"], ["eve", "4"]] as const) {
      yield* memory.file(message(peer, text))
    }
    assert.deepStrictEqual(yield* memory.peers, ["ann", "eve"])
    assert.deepStrictEqual(texts(yield* memory.with("bob")), [])
  }))

it.effect("forgets as much as is needed when there is too much text", () =>
  Effect.gen(function*() {
    const memory = memoryOf({ ...roomy, characters: 10 })
    for (const [peer, text] of [["ann", "aaaa"], ["ann", "bb"], ["bob", "ccccc"], ["bob", "dd"]] as const) {
      yield* memory.file(message(peer, text))
    }
    assert.deepStrictEqual(texts(yield* memory.latest), ["bb", "ccccc", "dd"])
    yield* memory.file(message("eve", "x".repeat(10)))
    assert.deepStrictEqual(yield* memory.peers, ["eve"])
    yield* memory.file(message("eve", "x".repeat(11)))
    assert.deepStrictEqual(yield* memory.peers, [])
    yield* memory.file(message("eve", "short"))
    assert.deepStrictEqual(texts(yield* memory.latest), ["short"])
  }))

const logged = (journal: Journal.Journal<never>, level: Level) =>
  Effect.map(journal.entries(level), (log) => log.map(({ text }) => text))

it.effect("logs events that have a level, and warnings, from a level upward", () =>
  Effect.gen(function*() {
    const journal = Journal.make<Told>((told) => told)
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
  }))

it.effect("forgets the oldest lines of a long log", () =>
  Effect.gen(function*() {
    const journal = Journal.make<Told>((told) => told, 2)
    for (const text of ["1", "2", "3"]) yield* journal.warn(text)
    assert.deepStrictEqual(yield* logged(journal, "INFO"), ["2", "3"])
  }))
