/** What a chat room remembers: conversations and the log, and how much of them. */
import { assert, it } from "@effect/vitest"
import { PeerId } from "@peerage/p2p-chat"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Conversations from "../../src/chat/Conversations.ts"
import * as Journal from "../../src/chat/Journal.ts"

const [self, ann, bob, eve] = [PeerId.make(9n), PeerId.make(11n), PeerId.make(12n), PeerId.make(13n)]
const from = (peer: PeerId.PeerId, data: string) => ({ from: peer, to: self, sender: "Verified", data }) as const
const to = (peer: PeerId.PeerId, data: string) => ({ from: self, to: peer, sender: undefined, data })
const texts = (messages: ReadonlyArray<Conversations.Said>) => messages.map(({ data }) => data)
const roomy = { conversations: 10, messages: 10, characters: 1000 }

it.effect("keeps what was said to and by a peer together, with its time", () =>
  Effect.gen(function*() {
    const memory = Conversations.make(roomy)
    yield* memory.file(from(ann, "hi"))
    yield* TestClock.adjust("1 second")
    yield* memory.file(to(ann, "ho"))
    yield* memory.file(to(bob, "psst"))
    assert.deepStrictEqual((yield* memory.with(ann)).map(({ at, data }) => [at, data]), [[0, "hi"], [1000, "ho"]])
    assert.deepStrictEqual(texts(yield* memory.with(eve)), [])
    assert.deepStrictEqual(texts(yield* memory.latest), ["hi", "ho", "psst"])
  }))

it.effect("tells all conversations in the order in which things were said", () =>
  Effect.gen(function*() {
    const memory = Conversations.make({ ...roomy, messages: 3 })
    for (const said of [from(ann, "1"), from(bob, "2"), from(ann, "3"), from(bob, "4")]) yield* memory.file(said)
    assert.deepStrictEqual(texts(yield* memory.latest), ["2", "3", "4"])
  }))

it.effect("forgets the oldest message of a long conversation, and no other", () =>
  Effect.gen(function*() {
    const memory = Conversations.make({ ...roomy, messages: 2 })
    for (const said of [from(bob, "0"), from(ann, "1"), from(ann, "2"), from(ann, "3")]) yield* memory.file(said)
    assert.deepStrictEqual(texts(yield* memory.with(ann)), ["2", "3"])
    assert.deepStrictEqual(texts(yield* memory.with(bob)), ["0"])
  }))

it.effect("forgets the conversation that rested longest when there are too many", () =>
  Effect.gen(function*() {
    const memory = Conversations.make({ ...roomy, conversations: 2 })
    for (const said of [from(ann, "1"), from(bob, "2"), from(ann, "3"), from(eve, "4")]) yield* memory.file(said)
    assert.deepStrictEqual(yield* memory.peers, [ann, eve])
    assert.deepStrictEqual(texts(yield* memory.with(bob)), [])
  }))

it.effect("forgets as much as is needed when there is too much text", () =>
  Effect.gen(function*() {
    const memory = Conversations.make({ ...roomy, characters: 10 })
    for (const said of [from(ann, "aaaa"), from(ann, "bb"), from(bob, "ccccc"), from(bob, "dd")]) {
      yield* memory.file(said)
    }
    assert.deepStrictEqual(texts(yield* memory.latest), ["bb", "ccccc", "dd"])
    yield* memory.file(from(eve, "x".repeat(10)))
    assert.deepStrictEqual(yield* memory.peers, [eve])
    yield* memory.file(from(eve, "x".repeat(11)))
    assert.deepStrictEqual(yield* memory.peers, [])
    yield* memory.file(from(eve, "short"))
    assert.deepStrictEqual(texts(yield* memory.latest), ["short"])
  }))

it.effect("logs what happened to the network, by level, and not what was said", () =>
  Effect.gen(function*() {
    const journal = Journal.make()
    yield* journal.note({ _tag: "Joined", peer: ann })
    yield* journal.note({ _tag: "Rejected", host: "10.0.0.4", reason: "TooMany" })
    yield* journal.note({ _tag: "Message", from: ann, to: self, via: ann, sender: "Verified", data: "secret" })
    yield* journal.note({ _tag: "Peers", peers: [] })
    yield* journal.warn("Nothing was sent.")
    const logged = (level: Journal.Level) => Effect.map(journal.entries(level), (log) => log.map(({ text }) => text))
    assert.deepStrictEqual(yield* logged("INFO"), [
      "11 joined",
      "turned 10.0.0.4 away: there are too many already",
      "Nothing was sent."
    ])
    assert.deepStrictEqual(yield* logged("WARNING"), [
      "turned 10.0.0.4 away: there are too many already",
      "Nothing was sent."
    ])
  }))

it.effect("forgets the oldest lines of a long log", () =>
  Effect.gen(function*() {
    const journal = Journal.make(2)
    for (const text of ["1", "2", "3"]) yield* journal.warn(text)
    assert.deepStrictEqual((yield* journal.entries("INFO")).map(({ text }) => text), ["2", "3"])
  }))
