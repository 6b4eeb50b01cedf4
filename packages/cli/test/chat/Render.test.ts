/** Events as people read them, as a table. */
import { assert, it } from "@effect/vitest"
import { PeerId } from "@peerage/p2p-chat"
import type { Event } from "../../src/chat/Answer.ts"
import { render } from "../../src/chat/Render.ts"
import { ansi, none } from "../../src/room/Style.ts"

const [ann, bob, far, self] = [
  PeerId.make(11n),
  PeerId.make(12n),
  PeerId.make(306_000_000_000_000_001n),
  PeerId.make(9n)
]
const view = { style: none, welcome: ["Welcome."] }
const address = "10.0.0.1:5000"

const message = { _tag: "Message", from: ann, to: self, via: ann, sender: "Verified", data: "Hi" } as const
const sent = { _tag: "Sent", to: bob, data: "x" } as const

const table: ReadonlyArray<readonly [event: Event, ...lines: ReadonlyArray<string>]> = [
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
  [{ _tag: "Left", peer: bob, reason: "SomethingNew\u001B" }, "- 12 left: SomethingNew\uFFFD"],
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
]

for (const [event, ...lines] of table) {
  const title = JSON.stringify(event, (_, value: unknown) => typeof value === "bigint" ? String(value) : value)
  it(`shows ${title}`, () => {
    assert.deepStrictEqual(render(view)(event, "14:03:59", false), lines.map((line) => `14:03:59 ${line}`))
  })
}

const answers: ReadonlyArray<readonly [event: Event, ...lines: ReadonlyArray<string | RegExp>]> = [
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
  [{ _tag: "Log", entries: [] }, "The log is empty."],
  [
    { _tag: "Log", entries: [{ at: "2026-01-01T00:00:00.000Z", level: "WARNING", text: "a\u001Bb" }] },
    /^[\d:]{8} WARNING a\uFFFDb$/
  ],
  [{ _tag: "Failed", command: "/x", reason: "UnknownCommand", message: "No." }, "No."],
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
]

for (const [event, ...lines] of answers) {
  it(`answers with ${lines.join(" / ")}`, () => {
    const shown = render(view)(event, "14:03:59", true)
    assert.strictEqual(shown.length, lines.length)
    lines.forEach((line, index) =>
      typeof line === "string" ? assert.strictEqual(shown[index], line) : assert.match(shown[index] ?? "", line)
    )
  })
}

it("colours each id, the same every time, and keeps the columns of the table", () => {
  const shown = render({ ...view, style: ansi })
  assert.match(shown(message, "", false)[0] ?? "", /\u001B\[\d+m11\u001B\[39m: Hi$/)
  assert.deepStrictEqual(shown(message, "", false), shown(message, "", false))
  const rows = [{ id: ann, hops: 1, nextHop: ann }, { id: far, hops: 2, nextHop: ann }]
  const bare = shown({ _tag: "Table", rows }, "", true).map((line) => line.replace(/\u001B\[\d+m/g, ""))
  assert.deepStrictEqual(bare, render(view)({ _tag: "Table", rows }, "", true))
})
