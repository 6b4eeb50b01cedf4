import { assert, describe, it } from "@effect/vitest"
import { PeerAddress } from "@peerage/transport"
import { Effect, Result, Schema } from "effect"
import * as Header from "../../src/codec/Header.ts"
import * as HeaderText from "../../src/codec/HeaderText.ts"
import { segmentsOf, vectors } from "../fixtures/Vectors.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const padded = (text: string) => bytes(text + "|".repeat(128 - bytes(text).length))
const alice = PeerAddress.at("10.77.0.1", 20_008)
const hello = { _tag: "Hello", peer: alice, type: "json", strict: true, stream: false } as const
const longest = PeerAddress.at("255.255.255.255", 65_535)
const most = Number.MAX_SAFE_INTEGER

// As originals write them, and as ours do where there is something between two of ours.
const headers: ReadonlyArray<readonly [text: string, header: Header.Header]> = [
  ["HELLO|peer_name=10.77.0.1:20008&data_type=json&strict=True", hello],
  ["HELLO|peer_name=10.77.0.1:20008&data_type=raw&strict=False", { ...hello, type: "raw", strict: false }],
  ["HELLO|peer_name=10.77.0.1:20008&data_type=bytes&strict=True&stream=True", {
    ...hello,
    type: "bytes",
    stream: true
  }],
  ["HELLO|peer_name=10.77.0.1:20008&data_type=json&strict=True&peerage=1", { ...hello, extension: 1 }],
  [
    "HELLO|peer_name=10.77.0.1:20008&data_type=json&strict=True&stream=True&data_size=16&peerage=1",
    { ...hello, stream: true, dataSize: 16, extension: 1 }
  ],
  [
    "HELLO|peer_name=255.255.255.255:65535&data_type=bytes&strict=False&stream=True&data_size=9007199254740991",
    { ...hello, peer: longest, type: "bytes", strict: false, stream: true, dataSize: most }
  ],
  ["ACCEPT", { _tag: "Accept" }],
  ["ACCEPT|peerage=1", { _tag: "Accept", extension: 1 }],
  ["DENY", { _tag: "Deny" }],
  ["DATA|data_size=23&data_type=json", { _tag: "Data", size: 23, type: "json" }],
  ["DATA|data_size=0&data_type=bytes", { _tag: "Data", size: 0, type: "bytes" }],
  ["DATA|data_size=9007199254740991&data_type=raw", { _tag: "Data", size: most, type: "raw" }],
  ["PING", { _tag: "Ping" }]
]

// A segment can hold a payload too.
const recorded = vectors.flatMap(({ connections }) => connections).flatMap(segmentsOf)
  .map((segment) => segment.subarray(0, Header.size))
  .filter((segment) => /^(HELLO|ACCEPT|DENY|DATA|PING)\|/.test(new TextDecoder().decode(segment)))

describe("a header", () => {
  it.each(headers)("is written as %s, and read as that with all padding, some or none", (text, header) => {
    assert.deepStrictEqual(Header.encode(header), padded(text))
    for (const wire of [padded(text), bytes(text), bytes(`${text}|`), bytes(`${text}||`)]) {
      assert.deepStrictEqual(Header.decode(wire), Result.succeed(header))
    }
  })

  it("is each of the recorded ones, read and written again to the byte", () => {
    assert.isAbove(recorded.length, 150)
    for (const segment of recorded) {
      assert.deepStrictEqual(Result.map(Header.decode(segment), Header.encode), Result.succeed(segment))
    }
  })

  it("has no field for an extension that is undefined", () => {
    assert.deepStrictEqual(Header.encode({ _tag: "Accept", extension: undefined }), padded("ACCEPT"))
  })

  it("is too large when its numbers are", () => {
    const longer: Header.Hello = { ...hello, peer: longest, type: "bytes", strict: false, stream: true, dataSize: most }
    const encode = (extension: number) => Header.encode({ ...longer, extension })
    const sentence = "A header of 129 bytes does not fit into 128. Use smaller numbers."
    assert.throws(() => encode(10 ** 14), RangeError, sentence)
    assert.strictEqual(encode(10 ** 13).length, 128)
  })

  it.each([
    [{ ...hello, dataSize: 0 }],
    [{ ...hello, extension: -1 }],
    [{ _tag: "Data" as const, size: -1, type: "raw" as const }],
    [{ _tag: "Data" as const, size: 1.5, type: "raw" as const }],
    [{ _tag: "Data" as const, size: 2 ** 53, type: "raw" as const }],
    [{ _tag: "Data" as const, size: Number.NaN, type: "raw" as const }]
  ])("is no place for a number like that in %j", (header) => {
    assert.throws(() => Header.encode(header))
  })
})

describe("a header as another program has it", () => {
  it.each([
    ["its fields in another order", "HELLO|stream=True&strict=True&data_type=json&peer_name=10.77.0.1:20008", {
      stream: true
    }],
    ["the manual's form", "HELLO|address_name=10.77.0.1:20008&data_type=json", {}],
    ["the manual's name in another place", "HELLO|data_type=json&address_name=10.77.0.1:20008&strict=False", {
      strict: false
    }],
    ["no strict", "HELLO|peer_name=10.77.0.1:20008&data_type=json", {}],
    ["strict as another word", "HELLO|peer_name=10.77.0.1:20008&data_type=json&strict=false", {}],
    ["strict as a number", "HELLO|peer_name=10.77.0.1:20008&data_type=json&strict=0", {}],
    ["no text for strict", "HELLO|peer_name=10.77.0.1:20008&data_type=json&strict=", { strict: false }],
    ["any word for stream", "HELLO|peer_name=10.77.0.1:20008&data_type=json&stream=False", { stream: true }],
    ["no text for stream", "HELLO|peer_name=10.77.0.1:20008&data_type=json&stream=", {}],
    ["a size of its stream", "HELLO|peer_name=10.77.0.1:20008&data_type=json&data_size=0016", { dataSize: 16 }],
    ["a field of its own", "HELLO|peer_name=10.77.0.1:20008&data_type=json&colour=blé&=", {}],
    ["fields that an original dies of", "HELLO|peer_name=10.77.0.1:20008&data_type=json&sock=1&handlers=2", {}],
    ["fields with names of JavaScript's", "HELLO|__proto__=1&peer_name=10.77.0.1:20008&data_type=json&_tag=Deny", {}],
    ["something behind the fields", "HELLO|peer_name=10.77.0.1:20008&data_type=json|strict=False|=&", {}]
  ])("is read with %s", (_, text, differing) => {
    assert.deepStrictEqual(Header.decode(padded(text)), Result.succeed<Header.Header>({ ...hello, ...differing }))
  })

  it.each<readonly [text: string, header: Header.Header]>([
    ["PING|pinger=10.77.0.1:1024", { _tag: "Ping" }],
    ["DENY|reason=full", { _tag: "Deny" }],
    ["ACCEPT|reason=none", { _tag: "Accept" }],
    ["DATA|data_type=raw&data_size=5&more=1", { _tag: "Data", size: 5, type: "raw" }]
  ])("is read without the fields that nobody knows: %s", (text, header) => {
    assert.deepStrictEqual(Header.decode(padded(text)), Result.succeed(header))
  })
})

describe("the header of a message", () => {
  it.each([0, 1, 98, 16_777_216, most])("of %i bytes is printed and read like every other header", (size) => {
    for (const type of ["raw", "json", "bytes"] as const) {
      const header = { _tag: "Data", size, type } as const
      const printed = HeaderText.printData(type, size)
      assert.deepStrictEqual(padded(printed), Header.encode(header))
      for (const text of [printed, printed.padEnd(128, "|")]) {
        assert.deepStrictEqual(HeaderText.parseData(text), size < 10 ** 15 ? header : undefined)
        assert.deepStrictEqual(Header.decode(bytes(text)), Result.succeed(header))
      }
    }
  })

  it.each([
    "DATA|data_size=&data_type=json",
    "DATA|data_size=1234567890123456&data_type=json",
    "DATA|data_size=1&data_type=json&more=1",
    "DATA|data_size=1&data_type=json|more",
    "DATA|data_size=1&data_type=jsonx",
    "DATA|data_size=1&data_type=xml",
    "DATA|data_size=1;data_type=json",
    "DATA|data_type=json&data_size=1",
    "DATA|data_size=-1&data_type=json",
    "XDATA|data_size=1&data_type=json"
  ])("is left to the reader of all headers where it is %s", (text) => {
    assert.isUndefined(HeaderText.parseData(text))
    assert.isUndefined(HeaderText.parseData(text.padEnd(128, "|")))
  })

  it("is none where it is longer than one", () => {
    const longer = bytes("DATA|data_size=1&data_type=json".padEnd(129, "|"))
    assert.isTrue(Result.isFailure(Header.decode(longer)))
  })
})

describe("the beginning of a header", () => {
  const probe = padded("PING")
  const announcement = padded("DATA|data_size=16&data_type=bytes")

  it("is that of a probe at every length", () => {
    for (let length = 0; length <= 128; length++) assert.isTrue(Header.beginsPing(probe.subarray(0, length)))
  })

  it("is not that of a probe when any byte is another", () => {
    for (let index = 0; index < 128; index++) {
      assert.isFalse(Header.beginsPing(probe.map((byte, at) => at === index ? byte ^ 1 : byte)))
    }
    assert.isFalse(Header.beginsPing(bytes("PING".padEnd(129, "|"))))
  })

  it("is that of data at every length", () => {
    for (let length = 0; length <= 128; length++) assert.isTrue(Header.beginsData(announcement.subarray(0, length)))
  })

  it("is not that of data when one of its first five bytes is another", () => {
    for (let index = 0; index < 5; index++) {
      assert.isFalse(Header.beginsData(announcement.map((byte, at) => at === index ? byte ^ 1 : byte)))
    }
  })
})

describe("any header", () => {
  const Numbers = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }))
  const Hello = Schema.Struct({
    host: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 })),
    port: Numbers,
    type: Schema.Literals(["raw", "json", "bytes"]),
    strict: Schema.Boolean,
    stream: Schema.Boolean,
    dataSize: Schema.optionalKey(Numbers),
    extension: Schema.optionalKey(Numbers)
  })

  it.effect.prop(
    "is read back as it was written",
    { fields: Hello },
    ({ fields: { host, port, ...fields } }) =>
      Effect.sync(() => {
        const peer = PeerAddress.at(`10.0.${host}.${host}`, port)
        const said: Header.Header = { _tag: "Hello", peer, ...fields }
        assert.deepStrictEqual(Header.decode(Header.encode(said)), Result.succeed(said))
        const data: Header.Header = { _tag: "Data", size: port, type: fields.type }
        assert.deepStrictEqual(Header.decode(Header.encode(data)), Result.succeed(data))
      })
  )
})
