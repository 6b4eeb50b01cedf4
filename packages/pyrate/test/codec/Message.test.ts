import { assert, describe, it } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { Property } from "@peerage/testing"
import { PeerAddress } from "@peerage/transport"
import { Result, Schema } from "effect"
import { decode, encode, Message, Port } from "../../src/codec/Message.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (wire: Uint8Array) => new TextDecoder().decode(wire)
const song = FileName.FileName.make("song.txt")
const peer = PeerAddress.at("10.0.0.2", 5005)
const id = "Song.TXT515"

const rows: ReadonlyArray<readonly [wire: string, message: Message]> = [
  ["0:5005", { _tag: "Register", port: 5005 }],
  ["0:1", { _tag: "Register", port: 1 }],
  ["0:65535", { _tag: "Register", port: 65_535 }],
  ["1:3", { _tag: "RequestPeers", count: 3 }],
  ["1:0", { _tag: "RequestPeers", count: 0 }],
  ["1:99999", { _tag: "RequestPeers", count: 99_999 }],
  ["1:", { _tag: "RequestPeers", count: undefined }],
  ["2:5005", { _tag: "Unregister", port: 5005 }],
  ["3:5005", { _tag: "KeepAlive", port: 5005 }],
  ["4:song.txt", { _tag: "Download", name: "song.txt" }],
  ["4:a song.txt\n", { _tag: "Download", name: "a song.txt\n" }],
  ["4:a:b", { _tag: "Download", name: "a:b" }],
  ["4:../secret.txt", { _tag: "Download", name: "../secret.txt" }],
  ["4:歌.txt", { _tag: "Download", name: "歌.txt" }],
  ["4:\ufeff.txt", { _tag: "Download", name: "\ufeff.txt" }],
  ["5:", { _tag: "ListFiles" }],
  ["6:Song.TXT515:song.txt:10.0.0.2:5005:10", { _tag: "Search", id, name: song, requester: peer, ttl: 10 }],
  ["6:Song.TXT515:song.txt:10.0.0.2:5005:0", { _tag: "Search", id, name: song, requester: peer, ttl: 0 }],
  ["6:Song.TXT515:song.txt:10.0.0.2:5005:99", { _tag: "Search", id, name: song, requester: peer, ttl: 99 }],
  ["7:Song.TXT515:10.0.0.2:5005:song.txt", { _tag: "SearchResponse", id, responder: peer, name: song }]
]

const search = `6:${id}:song.txt:10.0.0.2:5005`
const each = (texts: string, wire: (text: string) => string) => texts.split("|").map(wire)

const malformed: ReadonlyArray<readonly [what: string, wires: ReadonlyArray<string>]> = [
  ["no kind of message", each("|0|5|:|::|8:|9:1|-1:2|00:1| 0:1|a:1|hello|\ufeff5:|\n", (wire) => wire)],
  ["a request of another protocol", ["GET / HTTP/1.1\r\n\r\n", "{\"banned\": false}", "\0pyrate+ here\n"]],
  ...["0", "2", "3"].map((kind) =>
    [
      `a port that nobody can listen on: ${kind}`,
      each("|0|65536|99999|100000|-1|5005x|x|5005 | 5005|5005\n|5e3|0x10|1.5|5005:1|٥", (port) => `${kind}:${port}`)
    ] as const
  ),
  ["a count that is none", each("x|-1|100000|3:3| 3|3\n", (count) => `1:${count}`)],
  ["a download of nothing", ["4:"]],
  ["more than a question for files", each("a|:|\n", (more) => `5:${more}`)],
  ["a search with a TTL that is none", each("|-1|100|999999|x| 1|1\n|1.0|1e1", (ttl) => `${search}:${ttl}`)],
  [
    "a search with too few fields or too many",
    ["6:", "6::::", `6:${id}`, search, `${search}:1:`, `6:a:${id}:song.txt:10.0.0.2:5005:1`]
  ],
  [
    "a search for somebody who cannot be reached",
    [
      ...each("localhost|| 10.0.0.2|10.0.0|10.0.0.256|010.0.0.2", (host) => `6:${id}:song.txt:${host}:5005:1`),
      ...each("0|99999|05005||x", (port) => `6:${id}:song.txt:10.0.0.2:${port}:1`)
    ]
  ],
  [
    "a search without a proper id",
    each(`|\u001b[2J|a\n|${"x".repeat(301)}`, (wrong) => `6:${wrong}:song.txt:10.0.0.2:5005:1`)
  ],
  [
    "a search for a name that is not safe",
    each("|..|../secret.txt|.profile|a/b|a\\b|nul", (name) => `6:${id}:${name}:10.0.0.2:5005:1`)
  ],
  [
    "a search response with a name that is not safe",
    each("|..|../secret.txt|.profile|a:b|a\n|con.txt", (name) => `7:${id}:10.0.0.2:5005:${name}`)
  ],
  [
    "a search response with other fields wrong",
    each(
      `|${id}:10.0.0.2:5005|:10.0.0.2:5005:song.txt|${id}:10.0.0.2:99999:song.txt|${id}:host:5005:song.txt|`
        + "a:b:10.0.0.2:5005:song.txt",
      (fields) => `7:${fields}`
    )
  ]
]

describe("a message", () => {
  it.each(rows)("is %j on the wire, in both directions", (wire, message) => {
    assert.strictEqual(text(encode(message)), wire)
    assert.deepStrictEqual(Result.getOrThrow(decode(bytes(wire))), message)
  })

  it.each(malformed)("is not %s", (_, wires) => {
    for (const wire of wires) {
      const read = decode(bytes(wire))
      assert.strictEqual(Result.isFailure(read) ? read.failure._tag : "read", "MalformedRequest", JSON.stringify(wire))
    }
  })

  it.each([[0x34, 0x3a, 0xff], [0x34, 0x3a, 0xc3], [0x34, 0x3a, 0xed, 0xa0, 0x80], [0x34, 0x3a, 0xc0, 0xaf]])(
    "is not what is not UTF-8: %j %j %j",
    (...wire) => {
      assert.isTrue(Result.isFailure(decode(Uint8Array.from(wire))))
    }
  )

  it("keeps what was sent out of the words about it", () => {
    const read = decode(bytes("6:secret:../secret:10.0.0.2:5005:1"))
    assert.notInclude(Result.isFailure(read) ? JSON.stringify(read.failure) + read.failure.message : "secret", "secret")
  })

  it("allows an id of 300 characters, as an original's long name makes one", () => {
    const long = "x".repeat(300)
    assert.isTrue(Result.isSuccess(decode(bytes(`6:${long}:song.txt:10.0.0.2:5005:1`))))
  })

  const Named = Message.cases.Download.check(
    Schema.makeFilter(({ name }) => name !== "" && !/\p{Cs}/u.test(name), { expected: "a name that can be written" })
  )
  const Asking = Schema.Union([
    Message.cases.Register,
    Message.cases.RequestPeers,
    Message.cases.Unregister,
    Message.cases.KeepAlive,
    Message.cases.ListFiles,
    Named
  ])
  it.prop("to a bootstrap or for a file comes back as it was", [Asking], ([message]) => {
    assert.deepStrictEqual(
      Result.getOrThrow(decode(encode(message))),
      message._tag === "RequestPeers" ? { _tag: "RequestPeers", count: message.count } : message
    )
  }, Property.tries(50))

  const Byte = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))
  const Letters = Schema.String.check(Schema.isPattern(/^[a-z0-9]{3,20}$/))
  it.prop(
    "about a search comes back as it was",
    { id: Letters, file: Letters, host: Byte, port: Port, ttl: Schema.Literals([0, 1, 10, 99]) },
    ({ file, host, id, port, ttl }) => {
      const peer = PeerAddress.at(`10.0.0.${host}`, port)
      // Not by chance a device of Windows, such as nul.txt, which is no plain name.
      const name = FileName.FileName.make(`a ${file}.txt`)
      const search = { _tag: "Search", id, name, requester: peer, ttl } as const
      const found = { _tag: "SearchResponse", id, responder: peer, name } as const
      for (const message of [search, found]) {
        assert.deepStrictEqual(Result.getOrThrow(decode(encode(message))), message)
      }
    },
    Property.tries(50)
  )

  it.prop("is read or refused, whatever the bytes are", [Schema.Array(Byte)], ([random]) => {
    assert.doesNotThrow(() => decode(Uint8Array.from(random)))
  }, Property.tries(50))

  const Place = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 }))
  it.prop(
    "is read or refused with any byte of it changed",
    { row: Schema.Literals(rows.map(([wire]) => wire)), at: Place, byte: Byte },
    ({ at, byte, row }) => {
      const wire = bytes(row)
      wire[at % wire.length] = byte
      const read = decode(wire)
      // What could be read can be written, and means the same again.
      if (Result.isSuccess(read)) assert.deepStrictEqual(Result.getOrThrow(decode(encode(read.success))), read.success)
    },
    Property.tries(50)
  )
})
