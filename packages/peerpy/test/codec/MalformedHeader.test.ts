import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Result, Schema } from "effect"
import * as Header from "../../src/codec/Header.ts"
import { segmentsOf, vectors } from "../fixtures/Vectors.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const padded = (text: string) => bytes(text + "|".repeat(128 - bytes(text).length))

const reasonOf = (wire: Uint8Array) =>
  Result.match(Header.decode(wire), {
    onSuccess: () => "no failure",
    onFailure: ({ _tag, reason }) => `${_tag}: ${reason}`
  })

describe("what is no header", () => {
  it.each([
    ["a type that does not exist", "", "|", "hello|peer_name=10.77.0.1:20008&data_type=json"],
    ["a type that does not exist", "HELLOO|peer_name=10.77.0.1:20008&data_type=json"],
    ["a type that does not exist", " HELLO|peer_name=10.77.0.1:20008&data_type=json", "\ufeffPING", "PONG"],
    ["a type that does not exist", "__proto__", "GET / HTTP/1.1"],
    ["HELLO without peer_name", "HELLO", "HELLO|data_type=json&strict=True"],
    ["HELLO with a peer_name that is none", "HELLO|peer_name=&data_type=json"],
    ["HELLO with a peer_name that is none", "HELLO|peer_name=localhost:1&data_type=json"],
    ["HELLO with a peer_name that is none", "HELLO|peer_name=10.77.0.1&data_type=json"],
    ["HELLO with a peer_name that is none", "HELLO|peer_name=10.77.0.1:0&data_type=json"],
    ["HELLO with a peer_name that is none", "HELLO|peer_name=[::1]:80&data_type=json"],
    ["HELLO without data_type", "HELLO|peer_name=10.77.0.1:20008"],
    ["HELLO with a data_type that is none", "HELLO|peer_name=10.77.0.1:20008&data_type=xml"],
    ["HELLO with a data_type that is none", "HELLO|peer_name=10.77.0.1:20008&data_type=JSON"],
    ["HELLO with a data_size that is none", "HELLO|peer_name=10.77.0.1:20008&data_type=json&data_size=0"],
    ["HELLO with a peerage that is none", "HELLO|peer_name=10.77.0.1:20008&data_type=json&peerage=one"],
    ["ACCEPT with a peerage that is none", "ACCEPT|peerage=-1"],
    ["DATA without data_size", "DATA", "DATA|data_type=json"],
    ["DATA without data_type", "DATA|data_size=1"],
    ["DATA with a data_type that is none", "DATA|data_size=1&data_type=pickle"],
    ["DATA with a data_size that is none", "DATA|data_size=&data_type=json", "DATA|data_size=-1&data_type=json"],
    ["DATA with a data_size that is none", "DATA|data_size=+1&data_type=json", "DATA|data_size=1.5&data_type=json"],
    ["DATA with a data_size that is none", "DATA|data_size=1e3&data_type=json", "DATA|data_size=0x10&data_type=json"],
    ["DATA with a data_size that is none", "DATA|data_size= 1&data_type=json", "DATA|data_size=1_000&data_type=json"],
    ["DATA with a data_size that is none", "DATA|data_size=٣&data_type=json"],
    ["DATA with a data_size that is none", "DATA|data_size=9007199254740992&data_type=json"],
    ["DATA with a data_size that is none", "DATA|data_size=12345678901234567890&data_type=json"],
    ["DATA with a data_size that is none", "DATA|data_size=NaN&data_type=json"],
    ["a field without exactly one =", "DATA|data_size", "DATA|data_size=1&data_type=json&"],
    ["a field without exactly one =", "DATA|data_size=1&&data_type=json", "DATA|data_size=1=&data_type=json"],
    ["a field without exactly one =", "DATA|data_size=1=2&data_type=json", "PING|x"],
    ["a field that is there twice", "DATA|data_size=1&data_type=json&data_size=2"],
    ["a field that is there twice", "DATA|data_size=1&data_type=json&x=&x="],
    ["a field that is there twice", "HELLO|peer_name=10.77.0.1:1&address_name=10.77.0.1:1&data_type=json"]
  ])("is malformed, %s", (reason, ...texts) => {
    for (const text of texts) assert.strictEqual(reasonOf(padded(text)), `MalformedHeader: ${reason}`, text)
  })

  it("is malformed beyond 128 bytes", () => {
    assert.strictEqual(reasonOf(bytes("PING".padEnd(129, "|"))), "MalformedHeader: more than 128 bytes")
  })

  it.each([
    ["a stray byte", [0xff]],
    ["half a character", [0xe2, 0x9c]],
    ["a surrogate", [0xed, 0xa0, 0x80]]
  ])("is malformed with %s in it", (_, stray) => {
    const wire = padded("DATA|data_size=1&data_type=json&x=")
    wire.set(stray, 40)
    assert.strictEqual(reasonOf(wire), "MalformedHeader: not UTF-8")
  })

  it("is told apart by a sentence without its contents", () => {
    const { message } = Result.getOrThrow(Result.flip(Header.decode(padded("HELLO|peer_name=secret&data_type=json"))))
    assert.strictEqual(message, "The peer sent a header that cannot be read: HELLO with a peer_name that is none.")
  })
})

const Octets = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 })))

const recorded = vectors.flatMap(({ connections }) => connections).flatMap(segmentsOf)
  .filter((segment) => segment.length === Header.size)

describe("what may be no header", () => {
  it.effect.prop(
    "is read or refused, but nothing throws, whatever comes",
    { octets: Octets },
    ({ octets }) => Effect.sync(() => assert.isTrue(Result.isResult(Header.decode(Uint8Array.from(octets))))),
    Property.tries(50)
  )

  it.effect.prop(
    "is read or refused, but nothing throws, whatever a recorded one is changed to",
    { at: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 127 })), octets: Octets },
    ({ at, octets }) =>
      Effect.sync(() => {
        for (const segment of recorded) {
          const wire = segment.slice()
          wire.set(octets.slice(0, 128 - at), at)
          const decoded = Header.decode(wire)
          // What can be read can be written, and is the same again.
          if (Result.isFailure(decoded)) assert.instanceOf(decoded.failure, Header.MalformedHeader)
          else assert.deepStrictEqual(Header.decode(Header.encode(decoded.success)), decoded)
        }
      })
  )
})
