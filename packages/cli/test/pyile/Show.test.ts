/** What people see of a Pyile room, as tables of events. */
import { assert, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/pyile"
import { hostTable } from "../../src/pyile/Commands.ts"
import { type Event, narrate, type PyileView, pyileViewOf } from "../../src/pyile/Narrate.ts"
import { render } from "../../src/room/Narrate.ts"
import { ansi, dayAndTime, none } from "../../src/room/Style.ts"
import { shownEverywhere, shows } from "../Tables.ts"

const bob = PeerAddress.at("10.0.0.2", 49_152)
const ann = PeerAddress.at("10.0.0.3", 50_000)
const options = {
  aliases: new Map([[bob, "bob"]]),
  self: "10.0.0.9:50001",
  reconnects: false,
  welcome: ["Welcome."],
  secret: "password"
} as const
const view = pyileViewOf(none, options)
const showing = { commands: hostTable.commands, narrate }

const sent = { _tag: "Sent", to: "Broadcast", data: "x", acknowledged: [bob], written: [], failed: [] } as const
const at = "2026-01-01T00:00:00.000Z"
const message = { _tag: "Message", from: bob, alias: "bob", sender: "Verified", data: "hi" } as const

shows(showing, view, false, [
  [{ _tag: "Listening", address: "127.0.0.1:4702" }, "Welcome."],
  [{ _tag: "Connected", peer: "10.0.0.1:4702" }, "You are in the network of 10.0.0.1:4702, as 10.0.0.9:50001."],
  [
    { _tag: "Closed", peer: "10.0.0.1:4702", reason: "PeerUnresponsive" },
    "The session with 10.0.0.1:4702 ended: it stopped answering."
  ],
  [{ _tag: "Joined", peer: ann }, "+ 10.0.0.3:50000 joined"],
  [{ _tag: "Left", peer: bob, reason: "PeerClosed" }, "- bob 10.0.0.2:49152 left"],
  [{ _tag: "Left", peer: bob, reason: "Kicked" }, "- bob 10.0.0.2:49152 left: removed by the host"],
  [
    { _tag: "Left", peer: ann, reason: "ENOBUFS" },
    "- 10.0.0.3:50000 left: this machine has no room for more connections"
  ],
  [{ _tag: "Peers", peers: [ann] }],
  [{ _tag: "AliasSeen", peer: bob, alias: "bob" }, "10.0.0.2:49152 calls itself bob"],
  [{ _tag: "AliasSeen", peer: bob, alias: "" }],
  [{ ...message, to: "Broadcast" }, "bob 10.0.0.2:49152: hi"],
  [{ ...message, to: view.self }, "bob 10.0.0.2:49152 to you: hi"],
  [{ ...message, to: { odd: 1 } }, "bob 10.0.0.2:49152 to {\"odd\":1}: hi"],
  [{ ...message, to: "Broadcast", data: { x: [1, null] } }, "bob 10.0.0.2:49152: {\"x\":[1,null]}"],
  [{ ...message, to: "Broadcast", data: 9007199254740993n }, "bob 10.0.0.2:49152: 9007199254740993"],
  [
    { ...message, to: 306712345678901234n, data: { id: 9007199254740993n } },
    /306712345678901234: \{"id":"9007199254740993"\}$/
  ],
  [{ ...message, to: "Broadcast", sender: "SharedAddress" }, "~ bob 10.0.0.2:49152: hi"],
  [{ ...message, to: "Broadcast", sender: "Mismatch" }, "NOT FROM WHOM IT SAYS: bob 10.0.0.2:49152: hi"],
  [{ ...message, to: "Broadcast", alias: "\u001B[2Jb", data: "a\nb\u202E" }, "\uFFFD[2Jb 10.0.0.2:49152: a b\uFFFD"],
  [{ ...message, to: "Broadcast", alias: "" }, "10.0.0.2:49152: hi"],
  [sent],
  [{ ...sent, acknowledged: [] }, "Nobody heard that: you are alone here."],
  [
    { ...sent, acknowledged: [ann], failed: [{ peer: bob, reason: "Unreachable" }] },
    "! bob 10.0.0.2:49152 did not get it: no connection to it"
  ],
  [{ _tag: "Rejected", host: "10.0.0.4", reason: "WrongPassword" }, "! turned 10.0.0.4 away: wrong password"],
  [
    { _tag: "Rejected", host: "203.0.113.9", reason: "ForeignAddress", claimed: "10.0.0.4:50000" },
    "! turned 203.0.113.9 away: it claimed somebody else's address, 10.0.0.4:50000. Behind NAT it can join with "
    + "--advertise 203.0.113.9:PORT, or you host with --trust-claims"
  ],
  [{ _tag: "Banned", host: "10.0.0.0/8" }, "! 10.0.0.0/8 is banned for ever"],
  [
    { _tag: "Banned", host: "10.0.0.4", until: "2026-01-01T00:00:00.000Z" },
    `! 10.0.0.4 is banned until ${dayAndTime("2026-01-01T00:00:00.000Z")}`
  ],
  [{ _tag: "Unbanned", host: "10.0.0.4" }, "10.0.0.4 may join again"]
])

const away = { _tag: "Peers", peers: [bob], away: true } as const

shows(showing, view, true, [
  ...shownEverywhere,
  [{ _tag: "Peers", peers: [] }, "Nobody else is here yet."],
  [{ _tag: "Peers", peers: [bob] }, "1 other is here:", "  bob 10.0.0.2:49152"],
  [{ _tag: "Peers", peers: [ann, bob] }, "2 others are here:", "  10.0.0.3:50000", "  bob 10.0.0.2:49152"],
  [
    away,
    "You are away from the network and trying to come back. Before that:",
    "1 other is here:",
    "  bob 10.0.0.2:49152"
  ],
  [
    { _tag: "Kept", path: "/home/ann/passphrase", flag: "--password-file" },
    /^The passphrase is kept in \/home\/ann\/passphrase, for you alone\. Start again with --password-file/,
    /--reconnect/
  ],
  [
    { _tag: "Kept", path: "/home/ann/passphrase", flag: "--passphrase-file" },
    /Start again with --passphrase-file and that file, and with --identity/,
    /--reconnect/
  ],
  [{ _tag: "Bans", bans: [] }, "Nobody is banned."],
  [
    { _tag: "Bans", bans: [{ host: "10.0.0.4", reason: "3 wrong passwords" }] },
    "10.0.0.4 for ever (3 wrong passwords)"
  ],
  [{ _tag: "Limbo", suspects: [] }, "Nobody gave a wrong password."],
  [{ _tag: "Limbo", suspects: [{ host: "10.0.0.4", failures: 1 }] }, "10.0.0.4: 1 wrong password"],
  [
    { _tag: "History", conversation: "Broadcast", messages: [], conversations: [] },
    "Nothing was said to everybody yet."
  ],
  [
    {
      _tag: "History",
      conversation: bob,
      messages: [
        { at, from: bob, own: false, alias: "bob", sender: "Mismatch", data: "hi\n" },
        { at, from: view.self, own: true, alias: undefined, sender: undefined, data: 1 }
      ],
      conversations: ["Broadcast", ann, bob]
    },
    /^[\d:]{8} NOT FROM WHOM IT SAYS: bob 10\.0\.0\.2:49152: hi $/,
    /^[\d:]{8} you: 1$/,
    "Also: /history 10.0.0.3:50000"
  ]
])

// Where connections are encrypted.
shows(showing, pyileViewOf(none, { ...options, secret: "passphrase" }), false, [
  [{ _tag: "Limbo", suspects: [] }, "Nobody gave a wrong passphrase."],
  [{ _tag: "Limbo", suspects: [{ host: "10.0.0.4", failures: 2 }] }, "10.0.0.4: 2 wrong passphrases"]
])

/** How one event looks when it happens. */
const lineOf = (view: PyileView, event: Event) => render(showing, view)(event, "14:03:59", false)[0] ?? ""

it("colours each peer by its address, the same every time", () => {
  const shown = () => lineOf(pyileViewOf(ansi, options), { ...message, to: "Broadcast" })
  assert.strictEqual(shown(), shown())
  assert.match(shown(), /\u001B\[\d+m10\.0\.0\.2:49152\u001B\[39m/)
})

it("says that it comes back where it does", () => {
  const closed = { _tag: "Closed", peer: "10.0.0.1:4702", reason: "PeerClosed" } as const
  assert.include(lineOf({ ...view, reconnects: true }, closed), "Trying to come back")
})

it("knows a host at every address by its port", () => {
  const to = (address: string) => lineOf({ ...view, self: "0.0.0.0:50001" }, { ...message, to: address })
  assert.include(to("192.0.2.1:50001"), "to you")
  assert.notInclude(to("192.0.2.1:50002"), "to you")
})
