/** Bytes that are no frames, and frames that are no messages: they end the connection they came over and nothing else. */
import { assert, describe, it } from "@effect/vitest"
import { ChatError } from "@peerage/p2p-chat"
import { Effect, Logger } from "effect"
import { assertPeace, hostile, village } from "./HostileVillage.ts"
import { elapse, heardBy, id, reached, rejectedBy, settle, simulate, simulated, toldOf } from "./Network.ts"
import { chat, join, joiner, type Raw, response, start, stranger } from "./Raw.ts"

interface Offence {
  readonly name: string
  readonly act: (raw: Raw) => void
  /** How long the peer has patience with it. */
  readonly patience?: "4 seconds"
  /** What the offender is told before the connection ends, in hexadecimal digits. */
  readonly answer?: string
  /** How its connection ends: by the peer, or by its own doing. */
  readonly end?: string
  /** Why, as the peer tells it; nothing about one that just went away. */
  readonly reason: ChatError.Reason | undefined
}

const says = (...bytes: ReadonlyArray<string>) => (raw: Raw) => raw.writeHex(...bytes)
const saysAndEnds = (bytes: string) => (raw: Raw) => (raw.writeHex(bytes), raw.pipe.end())
const saysText = (text: string) => (raw: Raw) => raw.write(text)

const bytes: ReadonlyArray<Offence> = [
  { name: "a header of 4 GB", act: says("ffffffff"), reason: "FrameTooLarge" },
  { name: "a header of 64 KiB and a byte", act: says("00010001"), reason: "FrameTooLarge" },
  { name: "a header of 4 GB in four parts", act: says("ff", "ff", "ff", "ff"), reason: "FrameTooLarge" },
  { name: "a frame that is no protobuf", act: says("00000006 ffffffffffff"), reason: "MalformedMessage" },
  { name: "text", act: saysText("\0\0\0\x05hello"), reason: "MalformedMessage" },
  { name: "text that is not UTF-8", act: says("00000009 0801 1205 1a03 c3 28 ff"), reason: "MalformedMessage" },
  { name: "half a frame, then the end", act: saysAndEnds("00000006 0803"), reason: "FrameTruncated" },
  { name: "half a header, then the end", act: saysAndEnds("0000"), reason: "FrameTruncated" },
  { name: "a request of the web", act: saysText("GET / HTTP/1.1\r\n\r\n"), reason: "FrameTooLarge" },
  { name: "a reset", act: (raw) => raw.pipe.reset(), end: "Closed", reason: undefined },
  { name: "the end at once", act: (raw) => raw.pipe.end(), reason: undefined }
]

const taken = "0000000608042a021001"

const firstWords: ReadonlyArray<Offence> = [
  { name: "silence", act: () => {}, patience: "4 seconds", reason: "PeerUnresponsive" },
  { name: "half a frame, then silence", act: says("00000006 0803"), patience: "4 seconds", reason: "PeerUnresponsive" },
  { name: "a message", act: (raw) => raw.say(chat(11, 10, "let me in")), reason: "UnexpectedMessage" },
  { name: "a message for another", act: (raw) => raw.say(chat(11, 12, "pass it on")), reason: "UnexpectedMessage" },
  { name: "a JOIN", act: (raw) => raw.say(join(500, hostile)), reason: "UnexpectedMessage" },
  { name: "an answer to nothing", act: (raw) => raw.say(response(hostile)), reason: "UnexpectedMessage" },
  { name: "an empty frame", act: says("00000000"), reason: "UnexpectedMessage" },
  { name: "an unknown type", act: says("00000002 0863"), reason: "UnexpectedMessage" },
  { name: "id 0", act: says("00000004 0803 2200"), answer: taken, reason: "InvalidId" },
  { name: "no id", act: says("00000002 0803"), answer: taken, reason: "InvalidId" },
  { name: "id -1", act: (raw) => raw.say(start(-1)), answer: taken, reason: "InvalidId" },
  { name: "the peer's own id", act: (raw) => raw.say(start(10)), answer: taken, reason: "DuplicateId" },
  { name: "a neighbour's id", act: (raw) => raw.say(start(11)), answer: taken, reason: "DuplicateId" },
  { name: "a distant peer's id", act: (raw) => raw.say(start(13)), answer: taken, reason: "DuplicateId" },
  {
    name: "a taken id, and a message behind it",
    act: (raw) => raw.sayAtOnce([start(11), chat(11, 10, "let me in"), chat(11, 12, "pass it on")]),
    answer: taken,
    reason: "DuplicateId"
  }
]

describe("a peer whose joiner begins with", () => {
  simulate.each([...bytes, ...firstWords])(
    "$name ends the connection, and nobody else notices",
    function*(offence) {
      const honest = yield* village()
      const raw = yield* stranger(hostile, 10)
      offence.act(raw)
      yield* settle
      if (offence.patience !== undefined) {
        yield* elapse(3999)
        assert.strictEqual(raw.end, "Open")
        yield* elapse(1)
      }
      assert.deepStrictEqual([raw.hex, raw.end], [offence.answer ?? "", offence.end ?? "Fin"])
      const rejected = offence.reason === undefined ? [] : [`10.0.0.66: ${offence.reason}`]
      assert.deepStrictEqual([rejectedBy(honest.first), heardBy(honest.first)], [rejected, []])
      yield* assertPeace(honest)
    }
  )
})

describe("a peer whose neighbour goes on with", () => {
  simulate.each(bytes)(
    "$name lets it go, tells why, and nobody else notices",
    function*({ act, end, name, reason }) {
      const honest = yield* village()
      const raw = yield* joiner(hostile, 10)
      act(raw)
      yield* settle
      assert.strictEqual(raw.end, end ?? "Fin")
      const polite = name === "a reset" ? "ECONNRESET" : "PeerClosed"
      assert.deepStrictEqual(toldOf(honest.first, "Left"), [
        { _tag: "Left", peer: id(hostile), reason: reason ?? polite }
      ])
      yield* assertPeace(honest)
    }
  )

  simulate.each([
    { name: "a second handshake", act: (raw: Raw) => raw.say(start(hostile)) },
    { name: "a handshake under another id", act: (raw: Raw) => raw.say(start(11)) },
    { name: "an answer to nothing", act: (raw: Raw) => raw.say(response(11, { error: true })) },
    { name: "an empty frame", act: says("00000000") },
    { name: "a type that nobody knows", act: says("00000002 0863") }
  ])("$name passes over it, and keeps the neighbour", function*({ act }) {
    const honest = yield* village()
    const raw = yield* joiner(hostile, 10)
    const before = raw.segments.length
    act(raw)
    raw.say(chat(hostile, 10, "still here"))
    yield* settle
    assert.deepStrictEqual([raw.end, raw.segments.length], ["Open", before])
    assert.deepStrictEqual(heardBy(honest.first), ["66: still here"])
    yield* assertPeace(honest)
  })

  it.effect("what means nothing is warned of once, and goes by what comes with it", () => {
    const warnings: Array<unknown> = []
    const logger = Logger.make(({ logLevel, message }) => void (logLevel === "Warn" && warnings.push(message)))
    return Effect.gen(function*() {
      const honest = yield* village()
      const raw = yield* joiner(hostile, 10)
      raw.sayAtOnce([start(11), join(40, hostile), chat(hostile, 10, "my friend 40 is here")])
      raw.sayAtOnce([response(11), join(41, hostile)])
      yield* settle
      assert.includeMembers([...yield* reached(honest.first)], [40, 41])
      assert.deepStrictEqual(heardBy(honest.first), ["66: my friend 40 is here"])
      assert.deepStrictEqual(warnings, [[
        "peer 66 sends messages that mean nothing in a conversation; they are ignored"
      ]])
    }).pipe(simulated, Effect.provide(Logger.layer([logger])))
  })
})
