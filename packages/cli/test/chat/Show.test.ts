/** What people see of a chat room, as tables of events. */
import { assert, it } from "@effect/vitest"
import * as Journal from "@peerage/console/Journal"
import { PeerId } from "@peerage/p2p-chat"
import { Endpoint } from "@peerage/transport"
import { Effect, Result } from "effect"
import { chatCommands } from "../../src/chat/Commands.ts"
import { type Event, narrate } from "../../src/chat/Narrate.ts"
import { welcomeOf } from "../../src/chat/Room.ts"
import { plainView, render } from "../../src/room/Narrate.ts"
import { bare, coloured, plain, shownEverywhere, shows } from "../Tables.ts"
import { effect } from "../Test.ts"

const [ann, bob, far, self] = [
  PeerId.make(11n),
  PeerId.make(12n),
  PeerId.make(306_000_000_000_000_001n),
  PeerId.make(9n)
]
const showing = { commands: chatCommands.commands, narrate }
const address = "10.0.0.1:5000"

const message = { _tag: "Message", from: ann, to: self, via: ann, sender: "Verified", data: "Hi" } as const
const sent = { _tag: "Sent", to: bob, data: "x" } as const

shows(showing, plain, false, [
  [{ _tag: "Self", id: self }],
  [{ _tag: "Listening", address }, "Welcome."],
  [{ _tag: "Connected", peer: ann, address }, "You are in the network through 11 at 10.0.0.1:5000."],
  [
    { _tag: "Closed", peer: ann, address, reason: "PeerClosed" },
    "The connection to 11 at 10.0.0.1:5000 ended. Trying to come back."
  ],
  [
    { _tag: "Closed", peer: ann, address, reason: "ECONNRESET" },
    "The connection to 11 at 10.0.0.1:5000 ended: the connection was reset. Trying to come back."
  ],
  [{ _tag: "Joined", peer: bob }, "+ 12 joined"],
  [{ _tag: "Left", peer: bob, reason: "PeerClosed" }, "- 12 left"],
  [{ _tag: "Left", peer: bob, reason: "Withdrawn" }, "- 12 left"],
  [{ _tag: "Left", peer: bob, reason: "SlowReader" }, "- 12 left: it did not read what it was sent"],
  [{ _tag: "Left", peer: bob, reason: "ENOBUFS" }, "- 12 left: this machine has no room for more connections"],
  [{ _tag: "Peers", peers: [{ id: bob, hops: 1, nextHop: bob }] }],
  [message, "11: Hi"],
  [{ ...message, sender: "Relayed" }, "11: Hi"],
  [{ ...message, sender: "Mismatch" }, "NOT FROM WHOM IT SAYS: 11: Hi"],
  [{ ...message, data: "a\nb\u202E\u001B[2J" }, "11: a b\uFFFD\uFFFD[2J"],
  [{ ...sent, result: { _tag: "Delivered", nextHop: ann } }],
  [{ ...sent, result: { _tag: "Buffered" } }, "12 cannot be reached now: kept until it can."],
  [
    { _tag: "Discarded", to: bob, messages: 1, reason: "Expired" },
    "! 1 message for 12 was given up: nobody could be found to take them in time"
  ],
  [
    { _tag: "Discarded", to: bob, messages: 3, reason: "BufferFull" },
    "! 3 messages for 12 were given up: there was no more room"
  ],
  [{ _tag: "Rejected", host: "10.0.0.4", reason: "DuplicateId" }, "! turned 10.0.0.4 away: its id is in use"]
])

shows(showing, plain, true, [
  ...shownEverywhere,
  [{ _tag: "Peers", peers: [] }, "Nobody else is here yet."],
  [{ _tag: "Peers", peers: [{ id: bob, hops: 2, nextHop: ann }] }, "1 other is here:", "  12"],
  [{ _tag: "Table", rows: [] }, "Nobody else can be reached yet."],
  [
    { _tag: "Table", rows: [{ id: ann, hops: 1, nextHop: ann }, { id: far, hops: 12, nextHop: ann }] },
    "ID                  HOPS  VIA",
    "11                     1  direct",
    "306000000000000001    12  11"
  ],
  [{ _tag: "Buffer", rows: [] }, "No messages are kept: everybody they were for could be reached."],
  [
    { _tag: "Buffer", rows: [{ id: bob, messages: 1 }, { id: far, messages: 2 }] },
    "12: 1 message",
    /^3060+1: 2 messages$/
  ],
  [{ _tag: "History", messages: [], conversations: [] }, "Nothing was said yet."],
  [{ _tag: "History", peer: bob, messages: [], conversations: [] }, "Nothing was said to or by 12 yet."],
  [
    {
      _tag: "History",
      peer: ann,
      messages: [
        { at: "2026-01-01T00:00:00.000Z", from: ann, to: self, own: false, sender: "Mismatch", data: "hi\n" },
        { at: "2026-01-01T00:00:00.000Z", from: self, to: ann, own: true, data: "ho" }
      ],
      conversations: [bob, ann]
    },
    /^[\d:]{8} NOT FROM WHOM IT SAYS: 11: hi $/,
    /^[\d:]{8} you to 11: ho$/,
    "Also: /history 12"
  ]
])

effect("logs what happened to the network, by level, and not what was said", function*() {
  const journal = Journal.make<Event>((event) => narrate(event, plainView))
  yield* journal.note({ _tag: "Joined", peer: ann })
  yield* journal.note({ _tag: "Rejected", host: "10.0.0.4", reason: "TooMany" })
  yield* journal.note({ ...message, data: "secret" })
  yield* journal.note({ _tag: "Peers", peers: [] })
  const logged = (level: Journal.Level) => Effect.map(journal.entries(level), (log) => log.map(({ text }) => text))
  assert.deepStrictEqual(yield* logged("INFO"), [
    "11 joined",
    "turned 10.0.0.4 away: there are too many already"
  ])
  assert.deepStrictEqual(yield* logged("WARNING"), ["turned 10.0.0.4 away: there are too many already"])
})

it("colours each id, the same every time, and keeps the columns of the table", () => {
  const shown = render(showing, coloured)
  assert.match(shown(message, "", false)[0] ?? "", /\u001B\[\d+m11\u001B\[39m: Hi$/)
  assert.deepStrictEqual(shown(message, "", false), shown(message, "", false))
  const rows = [{ id: ann, hops: 1, nextHop: ann }, { id: far, hops: 2, nextHop: ann }]
  const inColours = shown({ _tag: "Table", rows }, "", true)
  assert.notDeepEqual(inColours, inColours.map(bare))
  assert.deepStrictEqual(inColours.map(bare), render(showing, plain)({ _tag: "Table", rows }, "", true))
})

const welcome = (address: string) =>
  welcomeOf(
    "peerage",
    { self: PeerId.make(10n), address: Result.getOrThrow(Endpoint.address(address)) },
    { passphrase: undefined, secured: undefined }
  )

it("gives the command that joins it, to be typed elsewhere", () => {
  assert.strictEqual(welcome("192.0.2.1:5000")[0], "Listening at 192.0.2.1:5000 as 10. Join from another terminal:")
  assert.strictEqual(welcome("192.0.2.1:5000")[1], "  peerage chat 0.0.0.0:0 192.0.2.1:5000")
})

it("keeps to the loopback where it listens there", () => {
  assert.strictEqual(welcome("127.0.0.1:5000")[1], "  peerage chat 127.0.0.1:0 127.0.0.1:5000")
})

it("gives an address of this machine where it listens at all of them", () => {
  assert.match(welcome("0.0.0.0:5000")[1] ?? "", /^ {2}peerage chat 0\.0\.0\.0:0 (?!0\.0\.0\.0)[\d.]+:5000$/)
})
