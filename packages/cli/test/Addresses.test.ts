/** Which of this machine's addresses others are told. */
import { assert, it } from "@effect/vitest"
import { MemoryNetwork, MemoryTransport } from "@peerage/transport"
import { Effect, Layer } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { alsoAt, ownAddressTowards } from "../src/Addresses.ts"

const machine = Layer.provideMerge(MemoryTransport.layer(["10.0.0.2", "192.168.7.2"]), MemoryNetwork.layer())

it.effect.each([
  { address: "10.0.0.1:21168", own: "10.0.0.2" },
  { address: "192.168.7.1:21168", own: "192.168.7.2" },
  { address: "203.0.113.9:21168", own: "10.0.0.2" },
  { address: "127.0.0.1:21168", own: "127.0.0.1" }
])("is reached from $address at the address that leads there", ({ address, own }) =>
  Effect.gen(function*() {
    assert.strictEqual(yield* ownAddressTowards(address), own)
  }).pipe(Effect.provide(machine)))

it.each([
  ["0.0.0.0:4702", ["10.0.0.2", "192.168.7.2", "172.16.0.2"], "192.168.7.2 or 172.16.0.2."],
  ["0.0.0.0:4702", ["10.0.0.2"], ""],
  ["0.0.0.0:4702", [], ""],
  ["10.0.0.2:4702", ["10.0.0.2", "192.168.7.2"], ""]
])("tells of a listener at %s on %j its other addresses", (address, addresses, others) => {
  const [line = ""] = alsoAt(NetAddress.inetAddressFromStringUnsafe(address), addresses)
  assert.isTrue(line.endsWith(others) && (line === "") === (others === ""), line)
})
