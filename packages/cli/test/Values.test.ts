/** What arguments look like, as tables. */
import { assert, it } from "@effect/vitest"
import { remote, remoteAddress } from "@peerage/console/Address"
import { fileName } from "@peerage/console/FileNames"
import type { Reader } from "@peerage/console/Reader"
import { PeerId } from "@peerage/p2p-chat"
import { Duration, Option, Result } from "effect"
import * as Values from "../src/Values.ts"

/** Texts, between bars, that are wrong, and others with their values. */
const reads = <A>(
  name: string,
  read: Reader<A>,
  wrong: string,
  table: ReadonlyArray<readonly [text: string, value: unknown]>
) => {
  for (const [text, value] of [...table, ...wrong.split("|").map((text) => [text, undefined] as const)]) {
    it(`reads ${name} ${JSON.stringify(text)}`, () => {
      const result = Result.getOrUndefined(read(text))
      assert.deepStrictEqual(Duration.isDuration(result) ? Duration.toMillis(result) : result, value)
    })
  }
}

reads("the port", Values.port, "0|65536|4702x|-1|1e3|", [
  ["1", 1],
  ["65535", 65_535]
])

reads("the local address", Values.local, "localhost:4702|:4702|127.0.0.1:|127.0.0.1:99999|::1|[::1]:4702", [
  ["0.0.0.0:4702", { host: "0.0.0.0", port: 4702 }],
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
  ["127.0.0.1", { host: "127.0.0.1", port: undefined }]
])

reads("the advertised address", Values.advertised, "0.0.0.0|0.0.0.0:1|192.0.2.1:0|host.example|[::1]:1|", [
  ["192.0.2.1", "192.0.2.1"],
  ["192.0.2.1:50000", "192.0.2.1:50000"]
])

reads("the addresses for lists", Values.ipv4s, "|192.0.2.1,|host.example|192.0.2.1:50211|192.0.2.1 192.0.2.2", [
  ["192.0.2.1", ["192.0.2.1"]],
  ["192.0.2.1, 192.0.2.2", ["192.0.2.1", "192.0.2.2"]]
])

reads("the remote address", remote, "192.0.2|192.0.2.256|host:0|a b|-a|", [
  ["192.0.2.1", { host: "192.0.2.1", port: undefined }],
  ["host.example:4702", { host: "host.example", port: 4702 }],
  ["localhost", { host: "localhost", port: undefined }]
])

reads("the local address with a port", Values.localAddress, "127.0.0.1|127.0.0.1:65536|localhost:5000|[::1]:5000|", [
  ["0.0.0.0:5000", { host: "0.0.0.0", port: 5000 }],
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }]
])

reads("the remote address with a port", remoteAddress, "192.0.2.1:0|192.0.2.1:65536|192.0.2.1|host.example|", [
  ["192.0.2.1:5000", { host: "192.0.2.1", port: 5000 }],
  ["host.example:5000", { host: "host.example", port: 5000 }]
])

reads("the id", Values.peerId, "9223372036854775808|0|-1|1.5|1e3|", [
  ["1", PeerId.make(1n)],
  ["9223372036854775807", PeerId.make(9223372036854775807n)]
])

reads("the kind of data", Values.oneOf("json", "bytes", "raw"), "text|", [
  ["json", "json"],
  ["RAW", "raw"]
])

reads("the length", Values.duration, "10|0s|-1s|m|10x|99999999999999999d|", [
  ["500ms", 500],
  ["2s", 2000],
  ["10m", 600_000],
  ["1h30m", 5_400_000],
  ["200 millis", 200],
  ["1h 30m", 5_400_000],
  ["2 hours", 7_200_000],
  ["1 minute", 60_000],
  ["0.5s", 500],
  ["1W", 604_800_000]
])

reads("the alias", Values.alias, ` |a\u001B|${"x".repeat(65)}`, [
  ["bob", "bob"],
  [" bob smith ", "bob smith"],
  ["\u{1f469}\u200d\u{1f4bb}", "\u{1f469}\u200d\u{1f4bb}"]
])

reads("the level", Values.level, "trace", [
  ["debug", "Debug"],
  ["Warning", "Warn"],
  ["CRITICAL", "Fatal"]
])

// Texts that people paste, and what they are told.
const pasted: ReadonlyArray<readonly [read: Reader<unknown>, text: string, wanted: string]> = [
  [remote, "http://192.0.2.1:4702/", "an address and no URL, such as 192.0.2.1:4702"],
  [remote, "tcp://ann@host.example:4702?x=1#y", "an address and no URL, such as host.example:4702"],
  [remoteAddress, "192.0.2.1:5000/music", "an address and no URL, such as 192.0.2.1:5000"],
  [Values.local, "http://0.0.0.0:4702", "an address and no URL, such as 0.0.0.0:4702"],
  [Values.ipv4, "https://192.0.2.1", "an IPv4 address and no URL, such as 192.0.2.1"],
  [remote, "b\u00fccher.example", "a name in ASCII, which here is xn--bcher-kva.example"],
  [remoteAddress, "b\u00fccher.example:5000", "a name in ASCII, which here is xn--bcher-kva.example:5000"],
  [remote, "\uff11\uff19\uff12.0.2.1", "a name in ASCII, which here is 192.0.2.1"],
  [remote, "192.0.2.1\u200b:4702", "an address without U+200B, which nobody sees"],
  [remote, "\u202ahost.example", "an address without U+202A, which turns the direction of writing"],
  [Values.ipv4, "192.0.2.1\ufeff", "an IPv4 address without U+FEFF, which nobody sees"],
  [remote, "[2001:db8::1]:4702", "an IPv4 address, as this is an IPv4 protocol"],
  [Values.ipv4, "::1", "an IPv4 address, as this is an IPv4 protocol"],
  [remote, "192.0.2.1:99999", "a port from 1 to 65535 after the colon"],
  [remote, "host.example:http", "a port from 1 to 65535 after the colon"],
  [Values.local, "127.0.0.1:99999", "a port from 0 to 65535 after the colon"],
  [Values.localAddress, "127.0.0.1:-1", "a port from 0 to 65535 after the colon"],
  [Values.whole(1), "-5", "a whole number from 1"],
  [Values.whole(1), "99999999999999999999", "a whole number from 1 to 9007199254740991"],
  [Values.whole(0, 10), "11", "a whole number from 0 to 10"],
  [Values.duration, "5", "a length of time with its unit, such as 90s, 10m or 1h30m"],
  [Values.duration, "-5", "a length of time with its unit, such as 90s, 10m or 1h30m"],
  [Values.duration, "-5s", "a length of time of at least 1ms, such as 90s, 10m or 1h30m"],
  [Values.duration, "0s", "a length of time of at least 1ms, such as 90s, 10m or 1h30m"],
  [Values.duration, "50000001d", "a length of time up to 50000000d"],
  [Values.duration, "NaN", "a length of time such as 90s, 10m or 1h30m"],
  [Values.duration, "", "a length of time such as 90s, 10m or 1h30m"],
  [Values.alias, "a\u202eb", "a name without U+202E, which turns the direction of writing"],
  [Values.alias, "bob\u200b", "a name without U+200B, which nobody sees"],
  [Values.alias, "bob\u001b", "a name without U+001B, which is a control character"],
  [fileName, "song\u202etxt.exe", "a file name without U+202E, which turns the direction of writing"],
  [fileName, "song\u200b.txt", "a file name without U+200B, which nobody sees"],
  [
    fileName,
    "a/\u200cb",
    "a plain file name, without separators, colons, dots or blanks at its ends, or a name that Windows keeps for itself"
  ]
]

for (const [read, text, wanted] of pasted) {
  it(`says what is wrong with ${JSON.stringify(text)}`, () => {
    assert.deepStrictEqual(Result.getFailure(read(text)), Option.some(wanted))
  })
}
