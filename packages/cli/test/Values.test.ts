/** What arguments look like, as tables. */
import { assert, it } from "@effect/vitest"
import { PeerId } from "@peerage/p2p-chat"
import { Duration, Result } from "effect"
import type { Reader } from "../src/Usage.ts"
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

reads("the remote address", Values.remote, "192.0.2|192.0.2.256|host:0|a b|-a|", [
  ["192.0.2.1", { host: "192.0.2.1", port: undefined }],
  ["host.example:4702", { host: "host.example", port: 4702 }],
  ["localhost", { host: "localhost", port: undefined }]
])

reads("the local address with a port", Values.localAddress, "127.0.0.1|127.0.0.1:65536|localhost:5000|[::1]:5000|", [
  ["0.0.0.0:5000", { host: "0.0.0.0", port: 5000 }],
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }]
])

reads("the remote address with a port", Values.remoteAddress, "192.0.2.1:0|192.0.2.1:65536|192.0.2.1|host.example|", [
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
  ["1h 30m", 5_400_000],
  ["2 hours", 7_200_000],
  ["1 minute", 60_000],
  ["0.5s", 500],
  ["1W", 604_800_000]
])

reads("the alias", Values.alias, ` |a\u001B|${"x".repeat(65)}`, [
  ["bob", "bob"],
  [" bob smith ", "bob smith"]
])

reads("the level", Values.level, "trace", [
  ["debug", "Debug"],
  ["Warning", "Warn"],
  ["CRITICAL", "Fatal"]
])
