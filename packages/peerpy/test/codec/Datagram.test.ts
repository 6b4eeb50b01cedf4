import { assert, describe, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import { Effect, Result, Schema } from "effect"
import * as Datagram from "../../src/codec/Datagram.ts"
import { bytesOf, vector } from "../fixtures/Vectors.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const padded = (text: string) => bytes(text.padEnd(128, "|"))
const alice = PeerAddress.at("10.77.0.1", 1024)
const bob = PeerAddress.at("10.77.0.2", 20_042)
const recorded = (vector("discovery").udp ?? []).map(({ hex }) => bytesOf(hex))

const reasonOf = (wire: Uint8Array) =>
  Result.match(Datagram.decode(wire), {
    onSuccess: () => "no failure",
    onFailure: ({ _tag, reason }) => `${_tag}: ${reason}`
  })

const plain: ReadonlyArray<readonly [text: string, datagram: Datagram.Datagram]> = [
  ["PING 10.77.0.1:1024", { type: "PING", address: alice, plain: true }],
  ["PONG 10.77.0.2:20042", { type: "PONG", address: bob, plain: true }]
]
const headers: ReadonlyArray<readonly [text: string, datagram: Datagram.Datagram]> = [
  ["PING|pinger=10.77.0.1:1024", { type: "PING", address: alice }],
  ["PONG|ponger=10.77.0.2:20042", { type: "PONG", address: bob }]
]

describe("a datagram of discovery", () => {
  it.each(headers)("is written as a header and read as one: %s", (text, datagram) => {
    assert.deepStrictEqual(Datagram.encode(datagram), padded(text))
    assert.deepStrictEqual(Datagram.encode({ ...datagram, plain: false }), padded(text))
    assert.deepStrictEqual(Datagram.decode(padded(text)), Result.succeed(datagram))
  })

  it.each(plain)("is written and read in the manual's form: %s", (text, datagram) => {
    assert.deepStrictEqual(Datagram.encode(datagram), bytes(text))
    assert.deepStrictEqual(Datagram.decode(bytes(text)), Result.succeed(datagram))
  })

  it.each([...headers, ...plain])("is read with any padding: %s", (text, datagram) => {
    assert.deepStrictEqual(Datagram.decode(bytes(text)), Result.succeed(datagram))
    assert.deepStrictEqual(Datagram.decode(bytes(`${text}|`)), Result.succeed(datagram))
    assert.deepStrictEqual(Datagram.decode(padded(text)), Result.succeed(datagram))
  })

  it("is each of the recorded ones, read and written again to the byte", () => {
    assert.strictEqual(recorded.length, 10)
    for (const datagram of recorded) {
      assert.deepStrictEqual(Result.map(Datagram.decode(datagram), Datagram.encode), Result.succeed(datagram))
    }
  })

  it("is read with fields that nobody knows", () => {
    assert.deepStrictEqual(
      Datagram.decode(bytes("PONG|name=bob&ponger=10.77.0.2:20042&pinger=")),
      Result.succeed<Datagram.Datagram>({ type: "PONG", address: bob })
    )
  })
})

describe("what is no datagram of discovery", () => {
  it.each([
    ["a type that does not exist", "", "HELLO|peer_name=10.77.0.1:20008&data_type=json", "ping 10.77.0.1:1024"],
    ["a type that does not exist", "PINGS 10.77.0.1:1024"],
    ["PING without pinger", "PING", "PING|ponger=10.77.0.1:1024"],
    ["PONG without ponger", "PONG", "PONG|pinger=10.77.0.1:1024"],
    ["PING with a pinger that is none", "PING|pinger=localhost:1024", "PING|pinger=10.77.0.1:0"],
    ["PING with a pinger that is none", "PING|pinger=10.77.0.1", "PING|pinger=255.255.255.256:1024", "PING "],
    ["PING with a pinger that is none", "PING  10.77.0.1:1024", "PING 10.77.0.1:1024\n"],
    ["PONG with a ponger that is none", "PONG|ponger=", "PONG bob"],
    ["a field without exactly one =", "PING|pinger"],
    ["a field that is there twice", "PING|pinger=10.77.0.1:1024&pinger=10.77.0.1:1024"]
  ])("is malformed, %s", (reason, ...texts) => {
    for (const text of texts) assert.strictEqual(reasonOf(bytes(text)), `MalformedHeader: ${reason}`, text)
  })

  it("is malformed beyond 128 bytes, and where it is not UTF-8", () => {
    assert.strictEqual(reasonOf(bytes("PING 10.77.0.1:1024".padEnd(129, "|"))), "MalformedHeader: more than 128 bytes")
    assert.strictEqual(reasonOf(Uint8Array.of(0x50, 0xff)), "MalformedHeader: not UTF-8")
  })

  it.effect.prop(
    "is refused and never throws, whatever comes",
    { at: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 127 })), octets: Schema.Uint8Array },
    ({ at, octets }) =>
      Effect.sync(() => {
        assert.isTrue(Result.isResult(Datagram.decode(octets)))
        for (const datagram of recorded) {
          const changed = datagram.slice()
          changed.set(octets.subarray(0, 128 - at), at)
          assert.isTrue(Result.isResult(Datagram.decode(changed)))
        }
      })
  )
})
