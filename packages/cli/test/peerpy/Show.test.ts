/** What people see of a PeerPy room, as tables of events. */
import { assert, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import { listenerTable } from "../../src/peerpy/Commands.ts"
import { narrate } from "../../src/peerpy/Narrate.ts"
import { inviteOf, type OfferPolicy, welcomeOf } from "../../src/peerpy/Room.ts"
import { render } from "../../src/room/Narrate.ts"
import { coloured, plain, shownEverywhere, shows } from "../Tables.ts"

const peer = PeerAddress.at("10.0.0.2", 20_000)
const ann = PeerAddress.at("10.0.0.3", 20_000)
const view = { ...plain, asks: true }
const showing = { commands: listenerTable.commands, narrate }
const kind = { type: "json", strict: true, stream: false } as const
const offer = { peer, remote: "10.0.0.2:51000", ...kind }
const data = { _tag: "Data", peer } as const

shows(showing, view, false, [
  [{ _tag: "Listening", address: "10.0.0.1:20000" }, "Welcome."],
  [
    { _tag: "Offer", ...offer },
    `? ${peer} wants a connection (json): /accept ${peer} or /deny ${peer}; most give up after 2 seconds`
  ],
  [
    { _tag: "Offer", ...offer, type: "raw", strict: false, stream: true, remote: "10.0.0.9:51000" },
    `? ${peer} wants a connection (raw stream, not strict), and comes from 10.0.0.9:51000: /accept ${peer} or /deny ${peer}; most give up after 2 seconds`
  ],
  [{ _tag: "Withdrawn", peer, remote: "10.0.0.2:51000" }, `- ${peer} did not wait for an answer`],
  [{ _tag: "Connected", peer, ...kind, initiated: false }, `+ ${peer} connected (json)`],
  [{ _tag: "Connected", peer, ...kind, initiated: true }, `+ connected to ${peer} (json)`],
  [{ _tag: "Closed", peer, reason: "PeerClosed" }, `- the connection with ${peer} ended`],
  [{ _tag: "Closed", peer, reason: "Closed" }, `- the connection with ${peer} ended`],
  [{ _tag: "Closed", peer, reason: "ECONNRESET" }, `- the connection with ${peer} ended: the connection was reset`],
  [
    { _tag: "Closed", peer, reason: "StrictViolation" },
    `- the connection with ${peer} ended: it sent another kind of data`
  ],
  [
    { _tag: "Closed", peer, reason: "UnreadableValue", problem: "os.system is not plain data" },
    `- the connection with ${peer} ended: it sent what cannot be read (os.system is not plain data)`
  ],
  [{ _tag: "Rejected", host: "10.0.0.4", reason: "Denied" }, "! turned 10.0.0.4 away: it was not wanted"],
  [
    { _tag: "Dropped", peer, size: 99, reason: "PayloadTooLarge" },
    `! 99 bytes from ${peer} were passed over: more than is held in memory`
  ],
  [{ _tag: "Stopped" }],
  [{ ...data, type: "json", data: "a\nb\u202E\u001B[2J" }, `${peer}: a b\uFFFD\uFFFD[2J`],
  [{ ...data, type: "json", data: { a: [1, null] } }, `${peer}: {"a":[1,null]}`],
  [{ ...data, type: "raw", data: { base64: "AP8=" } }, `${peer}: {"base64":"AP8="}`],
  [{ ...data, type: "bytes", data: "aGVsbG8gw6kK" }, `${peer}: hello é `],
  [{ ...data, type: "bytes", data: "AP8=" }, `${peer}: 2 bytes: 00 ff`],
  [{ ...data, type: "bytes", data: "Gw==" }, `${peer}: 1 byte: 1b`],
  [{ ...data, type: "bytes", data: "" }, `${peer}: 0 bytes`],
  [{ ...data, type: "bytes", data: "/".repeat(64) }, `${peer}: 48 bytes: ${"ff ".repeat(32)}...`],
  [{ ...data, type: "json", data: "x".repeat(2001) }, `${peer}: ${"x".repeat(2000)}... (2001 characters)`],
  [{ _tag: "Sent", to: [peer], data: "x", written: [peer], failed: [] }],
  [
    { _tag: "Sent", to: "Broadcast", data: "x", written: [peer], failed: [{ peer: ann, reason: "WrongSize" }] },
    `! ${ann} did not get it: the frames of its stream have another size`
  ]
])

const connected = { ...offer, initiated: false }
const said = { at: "2026-01-01T00:00:00.000Z", peer, own: false, type: "bytes", data: "AP8=" } as const

shows(showing, view, true, [
  ...shownEverywhere,
  [{ _tag: "Peers", peers: [], offers: [] }, "Nobody is connected."],
  [
    { _tag: "Peers", peers: [connected, { ...connected, peer: ann, initiated: true }], offers: [offer] },
    `${peer} (json), opened by it`,
    `${ann} (json), opened here, and comes from 10.0.0.2:51000`,
    `${peer} (json) waits for an answer`
  ],
  [{ _tag: "Found", peer }, `  ${peer}`],
  [{ _tag: "Discovered", found: 0 }, "Nobody answered on this network."],
  [{ _tag: "Discovered", found: 1 }, "1 peer on this network."],
  [{ _tag: "Visibility", invisible: true }, "Nobody who looks for peers finds you."],
  [{ _tag: "Visibility", invisible: false }, "Whoever looks for peers finds you."],
  [{ _tag: "History", messages: [], conversations: [] }, "Nothing was said yet."],
  [{ _tag: "History", peer, messages: [], conversations: [] }, `Nothing was said to or by ${peer} yet.`],
  [
    {
      _tag: "History",
      peer,
      messages: [
        said,
        { ...said, own: true, data: "SGVsbG8=" },
        { ...said, own: true, type: "bytes", data: { base64: "AP8=" } },
        { ...said, own: true, type: "json", data: { base64: "AP8=" } }
      ],
      conversations: [ann, peer]
    },
    /^[\d:]{8} 10\.0\.0\.2:20000: 2 bytes: 00 ff$/,
    /^[\d:]{8} you to 10\.0\.0\.2:20000: SGVsbG8=$/,
    /^[\d:]{8} you to 10\.0\.0\.2:20000: 2 bytes: 00 ff$/,
    /^[\d:]{8} you to 10\.0\.0\.2:20000: \{"base64":"AP8="\}$/,
    `Also: /history ${ann}`
  ]
])

it("asks nothing where offers are not for a person to decide", () => {
  assert.deepStrictEqual(render(showing, { ...plain, asks: false })({ _tag: "Offer", ...offer }, "", false), [])
})

it("gives each peer a colour, the same every time", () => {
  const shown = render(showing, { ...coloured, asks: true })
  const [line = ""] = shown({ ...data, type: "json", data: "hi" }, "", false)
  assert.match(line, /\u001B\[\d+m10\.0\.0\.2:20000\u001B\[39m: hi$/)
})

it("welcomes with the command to connect, and with what becomes of those who do", () => {
  const listener = { self: peer, address: PeerAddress.toInet(peer) }
  const welcome = (policy: OfferPolicy, command = "peerage") =>
    welcomeOf(command, listener, { passphrase: undefined, policy, secured: undefined })
  assert.deepStrictEqual(welcome("accept", "npx peerage").slice(0, 2), [
    `Listening at ${peer}. Connect from another terminal:`,
    `  npx peerage peerpy connect ${peer}`
  ])
  assert.match(welcome("ask")[0] ?? "", /asking you/)
  assert.strictEqual(welcome("ask")[1], `  peerage peerpy connect ${peer} --timeout 1m`)
  const [deny = "", ...more] = welcome("deny")
  assert.match(deny, /turning everybody away/)
  assert.notMatch([deny, ...more].join("\n"), /peerpy connect/)
})

it("invites on a page with the same command, and nobody where all are turned away", () => {
  const invited = (policy: OfferPolicy) =>
    inviteOf("npx peerage", { self: peer }, { passphrase: undefined, policy, secured: undefined })
  assert.deepStrictEqual([invited("accept"), invited("ask"), invited("deny")].map((invite) => invite?.command), [
    `npx peerage peerpy connect ${peer}`,
    `npx peerage peerpy connect --timeout 1m ${peer}`,
    undefined
  ])
  assert.isAbove(invited("accept")?.code?.size ?? 0, 20)
})
