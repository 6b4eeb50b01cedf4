/** The commands of a chat room: what lines mean, what they do, how it looks, and what Tab offers. */
import { assert, it } from "@effect/vitest"
import { ChatError, type ChatEvent, PeerId } from "@peerage/p2p-chat"
import { Effect, SubscriptionRef } from "effect"
import { chatCommands, type ChatRoom } from "../../src/chat/Commands.ts"
import { type Event, type Message, narrate } from "../../src/chat/Narrate.ts"
import * as Conversations from "../../src/room/Conversations.ts"
import * as Journal from "../../src/room/Journal.ts"
import { plainView } from "../../src/room/Narrate.ts"
import { answering, completes, corrects, understands } from "../Tables.ts"

const [self, ann, far] = [PeerId.make(9n), PeerId.make(11n), PeerId.make(9223372036854775807n)]
const to = (peer: bigint, text: string) => ({ to: PeerId.make(peer), text })

understands("in a chat room", chatCommands, [
  [""],
  [" \t "],
  ["11 hello", "/to", to(11n, "hello")],
  ["  11   Hello  There  ", "/to", to(11n, "Hello  There")],
  ["11\thello", "/to", to(11n, "hello")],
  ["9223372036854775807 hi", "/to", to(9223372036854775807n, "hi")],
  ["11 /peers", "/to", to(11n, "/peers")],
  ["11 22", "/to", to(11n, "22")],
  ["11", "BadArgument"],
  ["0 hi", "BadArgument"],
  ["-5 hi", "BadArgument"],
  ["9223372036854775808 hi", "BadArgument"],
  ["11: hi", "BadArgument"],
  ["hello", "BadArgument"],
  ["hello 11", "BadArgument"],
  ["table", "/table"],
  ["TABLE", "/table"],
  ["buffer", "/buffer"],
  ["end", "/exit"],
  [" end ", "/exit"],
  ["exit", "/exit"],
  ["end now", "BadArgument"],
  ["peers", "BadArgument"],
  ["/to 11 hello  there", "/to", to(11n, "hello  there")],
  ["/TO 11 hi", "/to", to(11n, "hi")],
  ["/to 11", "BadArgument"],
  ["/to bob hi", "BadArgument"],
  ["/to", "BadArgument"],
  ["/table", "/table"],
  ["/table x", "BadArgument"],
  ["/buffer", "/buffer"],
  ["/peers", "/peers"],
  ["/history", "/history"],
  ["/history 11", "/history", ann],
  ["/history 11 12", "BadArgument"],
  ["/history bob", "BadArgument"],
  ["/log", "/log", "INFO"],
  ["/log debug", "/log", "INFO"],
  ["/log warning", "/log", "WARNING"],
  ["/log ERROR", "BadArgument"],
  ["/help", "/help"],
  ["/exit", "/exit"],
  ["/nope", "UnknownCommand"],
  ["/", "UnknownCommand"]
])

corrects(
  chatCommands,
  [
    ["hello", "Say to whom: an id and then the text, such as 11 hello. /peers shows who is there."],
    ["peers", "Did you mean /peers?"],
    ["11", "Say what to tell 11, such as 11 hello."],
    ["0 hi", "whole numbers from 1 to 9223372036854775807"],
    ["-5 hi", "\"-5\" is no id"],
    ["/to bob hi", "\"bob\" is no id"],
    ["/tabel", "Did you mean /table?"],
    ["/frobnicate", "/help lists"]
  ],
  "end",
  "/x\u0007",
  "1\u0007"
)

const known: ReadonlyArray<ChatEvent.Peer> = [{ id: ann, hops: 1, nextHop: ann }, { id: far, hops: 2, nextHop: ann }]

/** A room with these peers that can be reached: its peer keeps what is for others, and sends nothing to itself. */
const roomOf = (peers: ReadonlyArray<ChatEvent.Peer>): ChatRoom => ({
  peer: {
    self,
    peers: Effect.runSync(SubscriptionRef.make(peers)),
    send: (to: PeerId.PeerId) =>
      to === self
        ? Effect.fail(new ChatError.SendError({ reason: new ChatError.ToSelf({}) }))
        : Effect.succeed<ChatEvent.Sent>(
          peers.some(({ id }) => id === to) ? { _tag: "Delivered", nextHop: ann } : { _tag: "Buffered" }
        ),
    buffer: Effect.succeed([{ id: PeerId.make(12n), messages: 2 }])
  },
  conversations: Conversations.make<PeerId.PeerId, Message>(),
  journal: Journal.make<Event>((event) => narrate(event, plainView))
})

const answers = (...lines: ReadonlyArray<string>) => answering(chatCommands, roomOf(known))(...lines)

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
    assert.deepStrictEqual(yield* answers("end"), ["Leave"])
  }))

const twelve = PeerId.make(12n)
completes(chatCommands, () => roomOf([ann, twelve].map((id) => ({ id, hops: 1, nextHop: id }))), [
  ["/ta", ["/table"], "/ta"],
  ["12", ["12"], "12"],
  ["", ["11", "12"], ""],
  ["11 he", [], "11 he"],
  ["/to ", ["11", "12"], ""],
  ["/history 12", ["12"], "12"],
  ["/log 1", [], "1"]
])
