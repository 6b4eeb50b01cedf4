/** A peer joins somebody who is no peer, or no good one: it learns why not, and its own joiners lose nothing but him. */
import { assert, describe } from "@effect/vitest"
import { Effect, Fiber, SubscriptionRef } from "effect"
import { assertPeace, hostile, village } from "./HostileVillage.ts"
import { elapse, id, reached, refusal, settle, simulate } from "./Network.ts"
import { chat, join, leave, type Raw, response, server, start } from "./Raw.ts"

interface Answer {
  readonly name: string
  readonly act: (raw: Raw) => void
  /** Milliseconds after which the peer gives up. */
  readonly patience?: number
  readonly reason: string
}

const says = (...bytes: ReadonlyArray<string>) => (raw: Raw) => raw.writeHex(...bytes)

const answers: ReadonlyArray<Answer> = [
  { name: "the joiner's own id", act: (raw) => raw.say(response(20)), reason: "AlreadyReachable" },
  { name: "an id that no peer can have", act: (raw) => raw.say(response(-5)), reason: "InvalidId" },
  { name: "that the id is taken", act: (raw) => raw.say(response(0, { error: true })), reason: "DuplicateId" },
  { name: "a message", act: (raw) => raw.say(chat(66, 20, "hello")), reason: "UnexpectedMessage" },
  { name: "a JOIN", act: (raw) => raw.say(join(30, 66)), reason: "UnexpectedMessage" },
  { name: "a handshake of its own", act: (raw) => raw.say(start(66)), reason: "UnexpectedMessage" },
  { name: "an empty frame", act: says("00000000"), reason: "UnexpectedMessage" },
  { name: "a header of 4 GB", act: says("ffffffff"), reason: "FrameTooLarge" },
  { name: "what is no protobuf", act: (raw) => raw.write("\0\0\0\x05hello"), reason: "MalformedMessage" },
  {
    name: "half a frame and the end",
    act: (raw) => (raw.writeHex("00000006 08"), raw.pipe.end()),
    reason: "FrameTruncated"
  },
  { name: "the end", act: (raw) => raw.pipe.end(), reason: "TurnedAway" },
  { name: "a reset", act: (raw) => raw.pipe.reset(), reason: "TurnedAway" },
  { name: "silence for 4 seconds", act: () => {}, patience: 4000, reason: "PeerUnresponsive" }
]

describe("a peer that joins where the answer is", () => {
  simulate.each(answers)("$name fails with $reason and is gone", function*({ act, patience = 0, reason }) {
    const { next } = yield* server(hostile)
    const joining = yield* Effect.forkChild(refusal(20, hostile))
    const raw = yield* next
    yield* settle
    assert.deepStrictEqual(raw.words, ["START 20"])
    if (patience > 0) yield* elapse(patience - 1)
    assert.strictEqual(raw.end, "Open")
    act(raw)
    yield* elapse(patience > 0 ? 1 : 0)
    assert.strictEqual(yield* Fiber.join(joining), reason)
    assert.notStrictEqual(raw.end, "Open")
    assert.deepStrictEqual(raw.words, ["START 20"])
  })
})

/** The village, whose first peer has joined a hostile one. */
const captured = Effect.gen(function*() {
  const { next } = yield* server(hostile)
  const founding = yield* Effect.forkChild(village({}, hostile))
  const raw = yield* next
  yield* settle
  raw.say(response(hostile))
  return { honest: yield* Fiber.join(founding), raw }
})

describe("a peer whose server", () => {
  simulate.each([
    { name: "claims its joiners", messages: [10, 11, 12, 13].map((number) => join(number, hostile)) },
    { name: "withdraws its joiners", messages: [10, 11, 12, 13, 66, 0, 500].map(leave) },
    { name: "greets again", messages: [response(hostile), response(11), response(0, { error: true }), start(11)] }
  ])("$name goes on as before", function*({ messages }) {
    const { honest, raw } = yield* captured
    yield* settle
    yield* assertPeace(honest)
    raw.say(...messages)
    yield* settle
    yield* assertPeace(honest)
    assert.strictEqual(raw.end, "Open")
    assert.deepStrictEqual(yield* reached(honest.fourth), [10, 11, 12, hostile])
  })

  simulate.each([
    { name: "a header of 4 GB", bytes: "ffffffff", reason: "FrameTooLarge" as const },
    { name: "what is no protobuf", bytes: "00000002 ffff", reason: "MalformedMessage" as const }
  ])("sends $name leaves it, and keeps its joiners", function*({ bytes, reason }) {
    const { honest, raw } = yield* captured
    yield* settle
    honest.first.told.length = 0
    const leaving = yield* Effect.forkChild(Effect.flip(honest.first.left))
    raw.writeHex(bytes)
    yield* settle
    assert.strictEqual((yield* Fiber.join(leaving)).reason._tag, reason)
    assert.deepStrictEqual(yield* SubscriptionRef.get(honest.first.status), { _tag: "Left", reason })
    assert.deepInclude(honest.first.told, { _tag: "Closed", peer: id(hostile), address: "10.0.0.66:5000", reason })
    assert.strictEqual(raw.end, "Fin")
    assert.deepStrictEqual(yield* reached(honest.fourth), [10, 11, 12])
    yield* assertPeace(honest)
  })
})
