/** What arguments look like, as tables. */
import { assert, it } from "@effect/vitest"
import { PeerId } from "@peerage/p2p-chat"
import { Duration, Result } from "effect"
import type { Reader } from "../src/Usage.ts"
import * as Values from "../src/Values.ts"

const reads = <A>(name: string, read: Reader<A>, table: ReadonlyArray<readonly [text: string, value: unknown]>) => {
  for (const [text, value] of table) {
    it(`reads ${name} ${JSON.stringify(text)}`, () => {
      const result = Result.getOrUndefined(read(text))
      assert.deepStrictEqual(Duration.isDuration(result) ? Duration.toMillis(result) : result, value)
    })
  }
}

reads("the port", Values.port, [
  ["1", 1],
  ["65535", 65_535],
  ["0", undefined],
  ["65536", undefined],
  ["4702x", undefined],
  ["-1", undefined],
  ["1e3", undefined],
  ["", undefined]
])

reads("the local address", Values.local, [
  ["0.0.0.0:4702", { host: "0.0.0.0", port: 4702 }],
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
  ["127.0.0.1", { host: "127.0.0.1", port: undefined }],
  ["localhost:4702", undefined],
  [":4702", undefined],
  ["127.0.0.1:", undefined],
  ["127.0.0.1:99999", undefined],
  ["::1", undefined],
  ["[::1]:4702", undefined]
])

reads("the remote address", Values.remote, [
  ["192.0.2.1", { host: "192.0.2.1", port: undefined }],
  ["host.example:4702", { host: "host.example", port: 4702 }],
  ["localhost", { host: "localhost", port: undefined }],
  ["192.0.2", undefined],
  ["192.0.2.256", undefined],
  ["host:0", undefined],
  ["a b", undefined],
  ["-a", undefined],
  ["", undefined]
])

reads("the local address with a port", Values.localAddress, [
  ["0.0.0.0:5000", { host: "0.0.0.0", port: 5000 }],
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
  ["127.0.0.1", undefined],
  ["127.0.0.1:65536", undefined],
  ["localhost:5000", undefined],
  ["[::1]:5000", undefined],
  ["", undefined]
])

reads("the remote address with a port", Values.remoteAddress, [
  ["192.0.2.1:5000", { host: "192.0.2.1", port: 5000 }],
  ["host.example:5000", { host: "host.example", port: 5000 }],
  ["192.0.2.1:0", undefined],
  ["192.0.2.1:65536", undefined],
  ["192.0.2.1", undefined],
  ["host.example", undefined],
  ["", undefined]
])

reads("the id", Values.peerId, [
  ["1", PeerId.make(1n)],
  ["9223372036854775807", PeerId.make(9223372036854775807n)],
  ["9223372036854775808", undefined],
  ["0", undefined],
  ["-1", undefined],
  ["1.5", undefined],
  ["1e3", undefined],
  ["", undefined]
])

reads("the kind of data", Values.oneOf("json", "bytes", "raw"), [
  ["json", "json"],
  ["RAW", "raw"],
  ["text", undefined],
  ["", undefined]
])

reads("the length", Values.duration, [
  ["500ms", 500],
  ["2s", 2000],
  ["10m", 600_000],
  ["1h30m", 5_400_000],
  ["1h 30m", 5_400_000],
  ["2 hours", 7_200_000],
  ["1 minute", 60_000],
  ["0.5s", 500],
  ["1W", 604_800_000],
  ["10", undefined],
  ["0s", undefined],
  ["-1s", undefined],
  ["m", undefined],
  ["10x", undefined],
  ["99999999999999999d", undefined],
  ["", undefined]
])

reads("the alias", Values.alias, [
  ["bob", "bob"],
  [" bob smith ", "bob smith"],
  [" ", undefined],
  ["a\u001B", undefined],
  ["x".repeat(65), undefined]
])

reads("the level", Values.level, [
  ["debug", "Debug"],
  ["Warning", "Warn"],
  ["CRITICAL", "Fatal"],
  ["trace", undefined]
])
