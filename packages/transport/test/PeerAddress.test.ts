import { assert, describe, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import { Result, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"

const inet = (text: string) => Result.getOrThrow(NetAddress.inetAddressFromString(text))

describe("the name of a peer", () => {
  it.each([
    { text: "10.0.0.2:49152", host: "10.0.0.2", port: 49_152 },
    { text: "0.0.0.0:1", host: "0.0.0.0", port: 1 },
    { text: "255.255.255.255:65535", host: "255.255.255.255", port: 65_535 }
  ])("is $text for that host and port, however it is made", ({ host, port, text }) => {
    const peer = PeerAddress.at(host, port)
    assert.strictEqual(peer, text)
    assert.strictEqual(PeerAddress.from(host, port), peer)
    assert.strictEqual(PeerAddress.parse(text), peer)
    assert.strictEqual(PeerAddress.fromInet(inet(text)), peer)
    assert.strictEqual(PeerAddress.host(peer), host)
    assert.strictEqual(PeerAddress.port(peer), port)
    assert.strictEqual(NetAddress.formatInet(PeerAddress.toInet(peer)), text)
  })

  it.each([
    "",
    "10.0.0.2",
    "10.0.0.2:",
    "10.0.0.2:0",
    "10.0.0.2:65536",
    "10.0.0.2:-1",
    "10.0.0.2:080",
    "10.0.0.2:8e1",
    "10.0.0.2: 80",
    " 10.0.0.2:80",
    "010.0.0.2:80",
    "10.0.2:80",
    "10.0.0.256:80",
    "10.0.0.2:80:80",
    "localhost:80",
    "[::1]:80",
    "::1:80",
    "[::ffff:10.0.0.2]:80"
  ])("is not %j", (text) => {
    assert.isUndefined(PeerAddress.parse(text))
    assert.isFalse(Schema.is(PeerAddress.PeerAddress)(text))
  })

  it.each([
    { host: "localhost", port: 80 },
    { host: "10.0.0.2", port: 0 },
    { host: "10.0.0.2", port: 65_536 },
    { host: "10.0.0.2", port: 80.5 },
    { host: "10.0.0.2", port: Number.NaN }
  ])("cannot be made of $host and $port", ({ host, port }) => {
    assert.isUndefined(PeerAddress.from(host, port))
    assert.throws(() => PeerAddress.at(host, port), TypeError)
  })

  it("is not the address of a listener whose port is still to be chosen, nor an IPv6 address", () => {
    assert.isUndefined(PeerAddress.fromInet(inet("10.0.0.2:0")))
    assert.isUndefined(PeerAddress.fromInet(inet("[::1]:80")))
  })
})
