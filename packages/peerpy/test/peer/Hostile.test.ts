import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { ascii, header, type Raw } from "../exchange/Raw.ts"
import {
  addressOf,
  connect,
  count,
  elapse,
  helloOf,
  listener,
  reasonsOf,
  settle,
  stranger,
  test,
  valuesOf,
  visit
} from "./Network.ts"
import { refusal } from "./World.ts"

const json = { type: "json" } as const

interface Offence {
  readonly name: string
  readonly act: (raw: Raw) => void
  /** What the peer tells of it. */
  readonly told: ReadonlyArray<string>
}

const saying = (...texts: ReadonlyArray<string>) => (raw: Raw) => raw.say(...texts)
const writing = (...parts: ReadonlyArray<Uint8Array | string>) => (raw: Raw) => raw.write(...parts)

const offences: ReadonlyArray<Offence> = [
  { name: "bare padding", act: saying(""), told: ["MalformedHeader"] },
  { name: "DATA before HELLO", act: saying("DATA|data_size=1&data_type=json"), told: ["UnexpectedMessage"] },
  { name: "a request of the web", act: writing("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), told: ["MalformedHeader"] },
  { name: "bytes that are no text", act: writing(new Uint8Array(128).fill(0xc0)), told: ["MalformedHeader"] },
  { name: "a megabyte of nothing", act: writing(new Uint8Array(1_000_000)), told: ["MalformedHeader"] },
  { name: "nothing", act: () => {}, told: ["PeerUnresponsive"] },
  { name: "half a HELLO", act: writing(header(helloOf(9)).subarray(0, 30)), told: ["MalformedHeader"] },
  {
    name: "a HELLO without a name",
    act: saying("HELLO|data_type=json&strict=True"),
    told: ["MalformedHeader"]
  },
  {
    name: "a HELLO that names no address",
    act: saying("HELLO|peer_name=me&data_type=json&strict=True"),
    told: ["MalformedHeader"]
  },
  {
    name: "a HELLO for an unknown type",
    act: saying(helloOf(9).replace("bytes", "picture")),
    told: ["MalformedHeader"]
  },
  { name: "a HELLO with half a field", act: saying(`${helloOf(9)}&strict`), told: ["MalformedHeader"] },
  {
    name: "a HELLO with a size of words",
    act: saying(helloOf(9, "json", "&data_size=many")),
    told: ["MalformedHeader"]
  },
  { name: "nothing but HELLO", act: saying("HELLO"), told: ["MalformedHeader"] },
  {
    name: "a handshake of TLS",
    act: writing(Uint8Array.of(0x16, 3, 1, 2, 0, 1), new Uint8Array(512)),
    told: ["MalformedHeader"]
  },
  { name: "a second HELLO", act: saying(helloOf(9), helloOf(9)), told: ["UnexpectedMessage"] },
  { name: "an ACCEPT for an ACCEPT", act: saying(helloOf(9), "ACCEPT"), told: ["UnexpectedMessage"] },
  { name: "a negative size", act: saying(helloOf(9), "DATA|data_size=-1&data_type=bytes"), told: ["MalformedHeader"] },
  { name: "other data", act: saying(helloOf(9), "DATA|data_size=1&data_type=json"), told: ["StrictViolation"] },
  {
    name: "a huge JSON",
    act: saying(helloOf(9, "json"), "DATA|data_size=9007199254740991&data_type=json"),
    told: ["PayloadTooLarge"]
  },
  {
    name: "JSON nested without end",
    act: (raw) => {
      raw.say(helloOf(9, "json"), "DATA|data_size=400000&data_type=json")
      raw.write("[".repeat(400_000))
    },
    told: ["UnreadableValue"]
  },
  {
    name: "a stream of empty frames",
    act: saying(helloOf(9, "bytes", "&stream=True&peerage=1"), "DATA|data_size=0&data_type=bytes", "PING"),
    told: ["MalformedHeader"]
  },
  {
    name: "a stream of empty frames, as an original",
    act: saying(helloOf(9, "bytes", "&stream=True"), "DATA|data_size=0&data_type=bytes", "more"),
    told: ["MalformedHeader"]
  },
  {
    name: "a payload that never ends",
    act: (raw) => {
      raw.say(helloOf(9), "DATA|data_size=1000&data_type=bytes")
      raw.write("x")
    },
    told: ["PeerClosed"]
  },
  {
    name: "10,000 probes",
    act: (raw) => raw.say(helloOf(9), ...Array.from({ length: 10_000 }, () => "PING")),
    told: ["PeerClosed"]
  }
]

describe("a peer that is told", () => {
  test.each(offences)(
    "$name knows what to think of it, and serves others as before",
    function*({ act, told }) {
      const [alice, bob] = [yield* visit(1), yield* visit(2)]
      const connection = yield* connect(alice, 2, json)
      const raw = yield* stranger(9, 2)
      act(raw)
      yield* settle
      yield* connection.send("before")
      const carol = yield* visit(3)
      yield* (yield* connect(carol, 2, json)).send("new")
      yield* elapse("4 seconds")
      if (raw.end === "Open") raw.pipe.end()
      yield* elapse("2 seconds")
      yield* connection.send("after")
      yield* settle
      const own = valuesOf(bob).filter((value) => typeof value === "string")
      assert.deepStrictEqual([own, yield* count(bob)], [["before", "new", "after"], 2])
      const ends = reasonsOf(bob).map((reason) => reason === "FrameTruncated" ? "PeerClosed" : reason)
      assert.deepStrictEqual(ends, told)
    }
  )
})

describe("a peer that connects to", () => {
  const answers = [
    { name: "one that says nothing", answer: "", reason: "PeerUnresponsive" },
    { name: "one that says something else", answer: header("PING"), reason: "UnexpectedMessage" },
    { name: "a server of the web", answer: "HTTP/1.1 400 Bad Request\r\n\r\n", reason: "MalformedHeader" },
    { name: "one that never comes to an end", answer: ascii("A".repeat(1_000_000)), reason: "MalformedHeader" }
  ]

  test.each(answers)(
    "$name gives up, with FIN, and can connect to others",
    function*({ answer, reason }) {
      const alice = yield* visit(1)
      yield* visit(2)
      const listening = yield* listener(9)
      const connecting = yield* Effect.forkChild(refusal(alice.connect(addressOf(9), json)))
      const raw = yield* listening.next
      yield* settle
      if (answer.length > 0) raw.write(answer)
      yield* elapse("2 seconds")
      assert.strictEqual(yield* Fiber.join(connecting), reason)
      assert.deepStrictEqual([raw.end, yield* count(alice)], ["Fin", 0])
      yield* connect(alice, 2, json)
    }
  )
})

describe("a stranger under another's name", () => {
  test("is not taken for that other by who connects to it", function*() {
    const [alice, bob] = [yield* visit(1), yield* visit(2)]
    const raw = yield* stranger(9, 1)
    raw.say(helloOf(2, "json"))
    yield* settle
    assert.strictEqual(yield* count(alice), 1)
    yield* (yield* connect(alice, 2, json)).send("for bob")
    yield* settle
    assert.deepStrictEqual([valuesOf(bob), raw.heard, raw.end], [["for bob"], ["ACCEPT"], "Open"])
  })
})
