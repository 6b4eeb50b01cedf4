/** What packets say, in a few words. */
import { assert, describe, it } from "@effect/vitest"
import type { Trace } from "@peerage/transport"
import type { ProtocolName } from "../../../src/simulate/ScenarioFile.ts"
import { gistOf } from "../../../src/simulate/stage/Gist.ts"

const encoder = new TextEncoder()

const entry = (kind: Trace.Entry["kind"], content: string | ReadonlyArray<number> = ""): Trace.Entry => {
  const bytes = typeof content === "string" ? encoder.encode(content) : Uint8Array.from(content)
  const length = bytes.length
  return { at: 0, arrives: 1, from: "10.0.0.1:1", to: "10.0.0.2:2", kind, length, bytes, fate: "Sent", again: false }
}

const bytesOf = (text: string) => [...encoder.encode(text)]
const padded = (header: string) => header.padEnd(128, "|")

const cases: ReadonlyArray<readonly [ProtocolName, Trace.Entry, kind: string, gist: string]> = [
  ["pyile", entry("SYN"), "open", "SYN"],
  ["pyile", entry("PROBE"), "open", "PROBE"],
  ["pyile", entry("FIN"), "close", "FIN"],
  ["pyile", entry("RST"), "reset", "RST"],
  ["pyile", entry("DATA", `{"<3": true}`), "heartbeat", "♥"],
  ["pyile", entry("DATA", `{"alias": "a", "data": "say \\"yes\\"", "to": 1`), "message", `“say \\"yes\\"”`],
  ["pyile", entry("DATA", `{"data": "cut o`), "message", "“cut o”"],
  ["pyile", entry("DATA", `{"shadow": "sesame"}`), "message", "password"],
  ["pyile", entry("DATA", `{"authenticated": false}`), "message", "wrong password"],
  ["pyile", entry("DATA", `{"distro": [["10.0.0.1", 55220], ["10.`), "message", "list of members"],
  ["pyile", entry("DATA", `<b>\u001B[31m`), "message", "<b>\uFFFD[31m"],
  ["pyile", entry("DATA", "x".repeat(90)), "message", `${"x".repeat(58)}..`],
  ["p2p-chat", entry("DATA", [0, 0, 0, 6, 8, 3, 34, 2, 8, 11]), "message", "my id"],
  [
    "p2p-chat",
    entry("DATA", [0, 0, 0, 16, 8, 1, 18, 12, 8, 26, 16, 172, 2, 26, 5, ...bytesOf("hello"), 0, 0]),
    "message",
    "“hello”"
  ],
  ["p2p-chat", entry("DATA", [0, 0, 0, 10, 8, 2, 26, 6, 18, 4, 8, 12, 16, 10]), "message", "joins"],
  ["p2p-chat", entry("DATA", [0, 0, 0, 10, 8, 2, 26, 6, 8, 1, 26, 2, 8, 12]), "message", "leaves"],
  ["peerpy", entry("DATAGRAM", padded("PING|pinger=10.0.0.1:20000")), "datagram", "ping"],
  ["peerpy", entry("DATA", padded("HELLO|peer_name=10.0.0.2:20000")), "message", "hello"],
  ["peerpy", entry("DATA", `${padded("DATA|data_size=7&data_type=json")}"hello"`), "message", "“\"hello\"”"],
  ["peerpy", entry("DATA", padded("DATA|data_size=16396").slice(0, 96)), "message", "data"],
  ["pyrate", entry("DATA", "0:5005"), "message", "register"],
  ["pyrate", entry("DATA", "3:5005"), "heartbeat", "still here"],
  ["pyrate", entry("DATA", "6:76a99-47h09:song-11.txt:10.0.0.2:5005:9"), "message", "search for song-11.txt"],
  ["pyrate", entry("DATA", "aaaaaaaa"), "message", "part of a file"],
  ["pyrate", entry("DATA", "10.0.0.2,5005\n10.0.0.3,5005\n"), "message", "2 peers"]
]

describe("the gist of a packet", () => {
  for (const [protocol, packet, kind, gist] of cases) {
    it(`is ${kind} ${JSON.stringify(gist)}`, () => {
      assert.deepStrictEqual(gistOf(protocol, packet), { kind, gist })
    })
  }
})
