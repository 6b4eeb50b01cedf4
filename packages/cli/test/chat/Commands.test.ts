/** The commands of a chat room: what lines mean, and what Tab offers. */
import type { Message } from "@peerage/console/ChatTalk"
import * as Conversations from "@peerage/console/Conversations"
import * as Journal from "@peerage/console/Journal"
import { type ChatEvent, PeerId } from "@peerage/p2p-chat"
import { Effect, SubscriptionRef } from "effect"
import { chatCommands, type ChatRoom } from "../../src/chat/Commands.ts"
import type { Event } from "../../src/chat/Narrate.ts"
import { completes, corrects, everywhere, statusOf, understands } from "../Tables.ts"

const ann = PeerId.make(11n)
const to = (peer: bigint, text: string) => ({ to: PeerId.make(peer), text })

understands(
  "in a chat room",
  chatCommands,
  [
    ...everywhere,
    ["11 hello", "/to", to(11n, "hello")],
    ["  11   Hello  There  ", "/to", to(11n, "  Hello  There  ")],
    ["11     three spaces ", "/to", to(11n, "    three spaces ")],
    ["/to 11  one space ", "/to", to(11n, " one space ")],
    ["11   ", "BadArgument"],
    [" table ", "/table"],
    ["11\thello", "/to", to(11n, "hello")],
    ["9223372036854775807 hi", "/to", to(9223372036854775807n, "hi")],
    ["11 /peers", "/to", to(11n, "/peers")],
    ["11 22", "/to", to(11n, "22")],
    ["11 one\n  two\nend", "/to", to(11n, "one\n  two\nend")],
    ["table", "/table"],
    ["TABLE", "/table"],
    ["buffer", "/buffer"],
    ["end", "/exit"],
    [" end ", "/exit"],
    ["exit", "/exit"],
    ["/to 11 hello  there", "/to", to(11n, "hello  there")],
    ["/TO 11 hi", "/to", to(11n, "hi")],
    ["/table", "/table"],
    ["/buffer", "/buffer"],
    ["/history", "/history"],
    ["/history 11", "/history", ann]
  ],
  `11 | 0 hi | -5 hi | 9223372036854775808 hi | 11: hi | hello | hello 11 | end now | peers | /to 11 |
  /to bob hi | /to | /table x | /history 11 12 | /history bob | /log ERROR`
)

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

const reachable = [ann, PeerId.make(12n)].map((id) => ({ id, hops: 1, nextHop: id }))

const room: ChatRoom = {
  peer: {
    self: PeerId.make(9n),
    peers: Effect.runSync(SubscriptionRef.make<ReadonlyArray<ChatEvent.Peer>>(reachable)),
    status: statusOf({ _tag: "Joined" }),
    send: () => Effect.die("unused"),
    buffer: Effect.succeed([]),
    keys: Effect.succeed(new Map())
  },
  conversations: Conversations.make<PeerId.PeerId, Message>(),
  journal: Journal.make<Event>(() => undefined)
}

completes(chatCommands, () => room, [
  ["/ta", ["/table"], "/ta"],
  ["12", ["12"], "12"],
  ["", ["11", "12"], ""],
  ["11 he", [], "11 he"],
  ["/to ", ["11", "12"], ""],
  ["/history 12", ["12"], "12"],
  ["/log 1", [], "1"]
])
