/** What a typed line does at a peer, what is answered, and the answers as JSON. */
import { assert, it } from "@effect/vitest"
import { ChatError, type ChatEvent, PeerId } from "@peerage/p2p-chat"
import { Effect, SubscriptionRef } from "effect"
import { encode } from "../../src/chat/Answer.ts"
import { complete } from "../../src/chat/Complete.ts"
import * as Conversations from "../../src/chat/Conversations.ts"
import * as Journal from "../../src/chat/Journal.ts"
import { obey } from "../../src/chat/Obey.ts"

const [self, ann, far] = [PeerId.make(9n), PeerId.make(11n), PeerId.make(9223372036854775807n)]
const known: ReadonlyArray<ChatEvent.Peer> = [{ id: ann, hops: 1, nextHop: ann }, { id: far, hops: 2, nextHop: ann }]

/** A peer that reaches `known`, keeps what is for others, and sends nothing to itself. */
const place = Effect.map(SubscriptionRef.make(known), (peers) => ({
  peer: {
    self,
    peers,
    send: (to: PeerId.PeerId) =>
      to === self
        ? Effect.fail(new ChatError.SendError({ reason: new ChatError.ToSelf({}) }))
        : Effect.succeed<ChatEvent.Sent>(
          known.some(({ id }) => id === to) ? { _tag: "Delivered", nextHop: ann } : { _tag: "Buffered" }
        ),
    buffer: Effect.succeed([{ id: PeerId.make(12n), messages: 2 }])
  },
  conversations: Conversations.make(),
  journal: Journal.make()
}))

/** The answers to lines, as JSON. */
const answers = Effect.fnUntraced(function*(...lines: ReadonlyArray<string>) {
  const does = obey(yield* place)
  const outcomes = yield* Effect.forEach(lines, does)
  return outcomes.flatMap((outcome) => outcome._tag === "Exit" ? ["Exit"] : outcome.events.map(encode))
})

it.effect("sends, and tells how that went with ids as strings", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* answers("9223372036854775807 Hi There", "12 psst"), [
      { _tag: "Sent", to: "9223372036854775807", data: "Hi There", result: { _tag: "Delivered", nextHop: "11" } },
      { _tag: "Sent", to: "12", data: "psst", result: { _tag: "Buffered" } }
    ])
  }))

it.effect("does not send to itself, says so, and logs it", () =>
  Effect.gen(function*() {
    const [failed, log] = yield* answers("9 me", "/log warning")
    const message = "You cannot send a message to yourself."
    assert.deepStrictEqual(failed, { _tag: "Failed", command: "9 me", reason: "ToSelf", message })
    assert.deepStrictEqual(log, {
      _tag: "Log",
      entries: [{ at: "1970-01-01T00:00:00.000Z", level: "WARNING", text: `Nothing was sent to 9. ${message}` }]
    })
  }))

it.effect("says of a mistake which line it was", () =>
  Effect.gen(function*() {
    const [failed] = yield* answers(" hello ")
    assert.deepInclude(failed, { _tag: "Failed", command: "hello", reason: "BadArgument" })
  }))

it.effect("shows who is there, how they are reached, and what is kept", () =>
  Effect.gen(function*() {
    const peers = [{ id: "11", hops: 1, nextHop: "11" }, { id: "9223372036854775807", hops: 2, nextHop: "11" }]
    assert.deepStrictEqual(yield* answers("/peers", "table", "buffer"), [
      { _tag: "Peers", peers },
      { _tag: "Table", rows: peers },
      { _tag: "Buffer", rows: [{ id: "12", messages: 2 }] }
    ])
  }))

it.effect("remembers what it sent, by receiver", () =>
  Effect.gen(function*() {
    const [, , , history] = yield* answers("11 one", "12 two", "9 three", "/history 12")
    assert.deepStrictEqual(history, {
      _tag: "History",
      peer: "12",
      messages: [{ at: "1970-01-01T00:00:00.000Z", from: "9", to: "12", own: true, data: "two" }],
      conversations: ["11", "12"]
    })
  }))

it.effect("leaves at the word of the original", () =>
  Effect.gen(function*() {
    assert.deepStrictEqual(yield* answers("end"), ["Exit"])
  }))

for (
  const [line, words, replaced] of [
    ["/ta", ["/table "], "/ta"],
    ["12", ["12 "], "12"],
    ["", ["11 ", "12 "], ""],
    ["11 he", [], "11 he"],
    ["/to ", ["11 ", "12 "], ""],
    ["/history 12", ["12 "], "12"],
    ["/log 1", [], "1"]
  ] as const
) {
  it(`completes ${JSON.stringify(line)}`, () => {
    assert.deepStrictEqual(complete(() => ["11", "12"])(line), [[...words], replaced])
  })
}
