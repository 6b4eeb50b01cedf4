/** What people see of Pyrate rooms, as tables of events. */
import { assert, it } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { PeerAddress } from "@peerage/transport"
import { bootstrapTable, sharerTable } from "../../src/pyrate/Commands.ts"
import { type Event, narrate } from "../../src/pyrate/Narrate.ts"
import { render } from "../../src/room/Narrate.ts"
import { bare, coloured, plain, shownEverywhere, shows } from "../Tables.ts"

const peer = PeerAddress.at("10.0.0.2", 5005)
const far = PeerAddress.at("192.168.100.200", 50050)
const [song, film] = [FileName.FileName.make("our song.txt"), FileName.FileName.make("film.mkv")]
const showing = { commands: sharerTable.commands, narrate }
const bootstrap = "10.0.0.1:21168"

shows(showing, plain, false, [
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
  [
    { _tag: "Shared", files: [] },
    "Sharing 0 files now: the folder is empty. A disk that is mounted there again is shared by itself."
  ],
  [
    { _tag: "DirectoryLost", directory: "/music\u001B", problem: "there is no such file or directory" },
    "Sharing nothing: /music\uFFFD cannot be read: there is no such file or directory. Put it back or allow it to be read, and it is shared again by itself; /rescan looks at once."
  ],
  [{ _tag: "LeftOut", name: "a:b", reason: "Separator" }],
  [{ _tag: "Hit", name: song, peer }, "10.0.0.2:5005 has our song.txt"],
  [{ _tag: "Progress", name: song, bytes: 1 }],
  [
    { _tag: "Saved", name: song, path: "/shared/our song.txt\u001B", bytes: 3_145_728 },
    "fetched our song.txt, 3.0 MiB: /shared/our song.txt\uFFFD"
  ],
  [{ _tag: "Served", name: song, to: "10.0.0.3", bytes: 12 }, "10.0.0.3 fetched our song.txt, 12 bytes"],
  [{ _tag: "Serving", name: song, peer: "10.0.0.3:49152", bytes: 12, total: 12 }],
  [
    { _tag: "BrokenOff", name: song, peer: "10.0.0.3:49152", bytes: 12, total: 3_145_728 },
    "10.0.0.3:49152 got 12 bytes of 3.0 MiB of our song.txt, and no more"
  ],
  [
    { _tag: "Rejected", host: "10.0.0.3", reason: "NoSuchFile" },
    "! did not do what 10.0.0.3 asked: there is no such file"
  ],
  [
    { _tag: "Rejected", host: "10.0.0.3", reason: "FileTrouble" },
    "! did not do what 10.0.0.3 asked: the file cannot be read"
  ],
  [
    { _tag: "Rejected", host: "10.0.0.3", reason: "FileChanged" },
    "! did not do what 10.0.0.3 asked: the file changed while it was sent"
  ],
  [
    { _tag: "Rejected", host: "10.0.0.3", reason: "UnexpectedMessage" },
    "! did not do what 10.0.0.3 asked: an unexpected message"
  ],
  [{ _tag: "Searched", name: song, peers: [] }, "Nobody said that they have our song.txt."]
])

const command = { direction: "Outbound", kind: "DownloadRequest", peer }

shows(showing, plain, true, [
  ...shownEverywhere,
  [{ _tag: "Peers", peers: [] }, "Nobody else is here yet."],
  [{ _tag: "Peers", peers: [peer] }, "1 other is here:", "  10.0.0.2:5005"],
  [{ _tag: "Shared", files: [] }, "You share nothing: there are no plain files in the folder. /log says more."],
  [{ _tag: "Shared", files: [film, song] }, "You share 2 files:", "  film.mkv", "  our song.txt"],
  [{ _tag: "Files", peer, files: [] }, "10.0.0.2:5005 shares nothing."],
  [
    { _tag: "Files", peer, files: [film, song] },
    "PEER           FILE",
    "10.0.0.2:5005  film.mkv",
    "10.0.0.2:5005  our song.txt"
  ],
  [
    { _tag: "Searched", name: song, peers: [peer, far] },
    "PEER                   FILE",
    "10.0.0.2:5005          our song.txt",
    "192.168.100.200:50050  our song.txt",
    "To fetch it: /get 10.0.0.2:5005 our song.txt"
  ],
  [{ _tag: "Commands", commands: [] }, "Nothing is being done."],
  [
    { _tag: "Commands", commands: [command] },
    "PEER           WORK",
    "10.0.0.2:5005  fetch a file"
  ],
  [{ _tag: "Leaving", waitsFor: 1 }, "Leaving when 1 command is done; /exit leaves at once."],
  [{ _tag: "Leaving", waitsFor: 2 }, "Leaving when 2 commands are done; /exit leaves at once."]
])

shows({ commands: bootstrapTable.commands, narrate }, plain, true, [
  [{ _tag: "Peers", peers: [] }, "Nobody has registered yet."],
  [
    { _tag: "Peers", peers: [peer, far] },
    "2 are registered:",
    "  10.0.0.2:5005",
    "  192.168.100.200:50050"
  ],
  [{ _tag: "Help", commands: [{ usage: "/peers", does: "who" }] }, "  /peers  who"]
])

it("colours each peer, and keeps the columns of a table", () => {
  const event: Event = { _tag: "Searched", name: song, peers: [peer, far] }
  const shown = render(showing, coloured)(event, "", true)
  assert.match(shown[1] ?? "", /^\u001B\[\d+m10\.0\.0\.2:5005 +\u001B\[39m {2}our song\.txt$/)
  assert.deepStrictEqual(shown.map(bare), render(showing, plain)(event, "", true))
})
