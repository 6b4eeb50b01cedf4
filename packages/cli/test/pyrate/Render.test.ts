/** Events as people read them, as a table. */
import { assert, it } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { PeerAddress } from "@peerage/transport"
import { ansi, none } from "../../src/before/Style.ts"
import type { Event } from "../../src/pyrate/Answer.ts"
import type { Role } from "../../src/pyrate/Line.ts"
import { render } from "../../src/pyrate/Render.ts"

const peer = PeerAddress.at("10.0.0.2", 5005)
const far = PeerAddress.at("192.168.100.200", 50050)
const [song, film] = [FileName.FileName.make("our song.txt"), FileName.FileName.make("film.mkv")]
const view = (role: Role) => ({ style: none, role, welcome: ["Welcome."] })
const bootstrap = "10.0.0.1:21168"

const happened: ReadonlyArray<readonly [event: Event, ...lines: ReadonlyArray<string>]> = [
  [{ _tag: "Listening", address: peer }, "Welcome."],
  [{ _tag: "Connected", peer: bootstrap }, "Registered with the bootstrap at 10.0.0.1:21168."],
  [
    { _tag: "Closed", peer: bootstrap, reason: "Unreachable" },
    "The bootstrap at 10.0.0.1:21168 cannot be reached: no connection to it. It is tried again."
  ],
  [{ _tag: "Joined", peer }, "+ 10.0.0.2:5005 registered"],
  [{ _tag: "Left", peer, reason: "Unregistered" }, "- 10.0.0.2:5005 left"],
  [{ _tag: "Left", peer, reason: "Expired" }, "- 10.0.0.2:5005 left: it was not heard of for too long"],
  [{ _tag: "Peers", peers: [peer] }],
  [{ _tag: "Shared", files: [song] }, "Sharing 1 file now."],
  [{ _tag: "Hit", name: song, peer }, "10.0.0.2:5005 has our song.txt"],
  [{ _tag: "Progress", name: song, bytes: 1 }],
  [
    { _tag: "Saved", name: song, path: "/shared/our song.txt\u001B", bytes: 3_145_728 },
    "fetched our song.txt, 3.0 MiB: /shared/our song.txt\uFFFD"
  ],
  [{ _tag: "Served", name: song, to: "10.0.0.3", bytes: 12 }, "10.0.0.3 fetched our song.txt, 12 bytes"],
  [
    { _tag: "Rejected", host: "10.0.0.3", reason: "NoSuchFile" },
    "! did not do what 10.0.0.3 asked: there is no such file"
  ],
  [
    { _tag: "Rejected", host: "10.0.0.3", reason: "SomethingNew\u202E" },
    "! did not do what 10.0.0.3 asked: SomethingNew\uFFFD"
  ],
  [{ _tag: "Searched", name: song, peers: [] }, "Nobody said that they have our song.txt."]
]

for (const [event, ...lines] of happened) {
  it(`shows ${JSON.stringify(event)}`, () => {
    const shown = render(view("Sharer"))(event, "14:03:59", false)
    assert.deepStrictEqual(shown, lines.map((line) => `14:03:59 ${line}`))
  })
}

const command = { direction: "Outbound", kind: "DownloadRequest", peer }

const answers: ReadonlyArray<readonly [role: Role, event: Event, ...lines: ReadonlyArray<string>]> = [
  ["Sharer", { _tag: "Peers", peers: [] }, "Nobody else is here yet."],
  ["Bootstrap", { _tag: "Peers", peers: [] }, "Nobody has registered yet."],
  [
    "Bootstrap",
    { _tag: "Peers", peers: [peer, far] },
    "2 are registered:",
    "  10.0.0.2:5005",
    "  192.168.100.200:50050"
  ],
  ["Sharer", { _tag: "Peers", peers: [peer] }, "1 other is here:", "  10.0.0.2:5005"],
  ["Sharer", { _tag: "Shared", files: [] }, "You share nothing: the folder has no plain files."],
  ["Sharer", { _tag: "Shared", files: [film, song] }, "You share 2 files:", "  film.mkv", "  our song.txt"],
  ["Sharer", { _tag: "Files", peer, files: [] }, "10.0.0.2:5005 shares nothing."],
  [
    "Sharer",
    { _tag: "Files", peer, files: [film, song] },
    "PEER           FILE",
    "10.0.0.2:5005  film.mkv",
    "10.0.0.2:5005  our song.txt"
  ],
  [
    "Sharer",
    { _tag: "Searched", name: song, peers: [peer, far] },
    "PEER                   FILE",
    "10.0.0.2:5005          our song.txt",
    "192.168.100.200:50050  our song.txt",
    "To fetch it: /get 10.0.0.2:5005 our song.txt"
  ],
  ["Sharer", { _tag: "Commands", commands: [] }, "Nothing is being done."],
  [
    "Sharer",
    { _tag: "Commands", commands: [command] },
    "PEER           COMMAND",
    "10.0.0.2:5005  Outbound DownloadRequest"
  ],
  ["Sharer", { _tag: "Leaving", waitsFor: 1 }, "Leaving when 1 command is done; /exit leaves at once."],
  ["Sharer", { _tag: "Leaving", waitsFor: 2 }, "Leaving when 2 commands are done; /exit leaves at once."],
  ["Sharer", { _tag: "Log", entries: [] }, "The log is empty."],
  ["Bootstrap", { _tag: "Help", commands: [{ usage: "/peers", does: "who" }] }, "  /peers  who"],
  ["Sharer", { _tag: "Failed", command: "/x", reason: "UnknownCommand", message: "No." }, "No."]
]

for (const [role, event, ...lines] of answers) {
  it(`answers with ${lines.join(" / ")}`, () =>
    assert.deepStrictEqual(render(view(role))(event, "14:03:59", true), lines))
}

it("colours each peer, and keeps the columns of a table", () => {
  const event: Event = { _tag: "Searched", name: song, peers: [peer, far] }
  const shown = render({ ...view("Sharer"), style: ansi })(event, "", true)
  assert.match(shown[1] ?? "", /^\u001B\[\d+m10\.0\.0\.2:5005 +\u001B\[39m {2}our song\.txt$/)
  const bare = shown.map((line) => line.replace(/\u001B\[\d+m/g, ""))
  assert.deepStrictEqual(bare, render(view("Sharer"))(event, "", true))
})
