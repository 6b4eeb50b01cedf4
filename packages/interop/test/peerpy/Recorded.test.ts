/** What the published peerpy 1.2.2 really sends, byte for byte: the form of its latest code, not of its manual. */
import { assert } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { live } from "../Live.ts"
import { originalPeer, type Wish } from "./Peers.ts"
import { dial, header, listener } from "./Wire.ts"

const ping = header("PING")

/** An original's connection that a listener has accepted. */
const accepted = Effect.fnUntraced(function*(type: "json" | "bytes" | "raw", wish?: Wish) {
  const { next, self } = yield* listener
  const theirs = yield* originalPeer()
  const connecting = yield* Effect.forkChild(theirs.connect(self, type, wish), { startImmediately: true })
  const wire = yield* next
  const hello = yield* wire.takes(128)
  wire.say(header("ACCEPT"))
  assert.isTrue(yield* Fiber.join(connecting))
  return { theirs, self, wire, hello }
})

for (
  const [type, wish, words] of [
    ["json", {}, "data_type=json&strict=True"],
    ["bytes", { strict: false }, "data_type=bytes&strict=False"],
    ["raw", { stream: true }, "data_type=raw&strict=True&stream=True"]
  ] as const
) {
  live(
    `HELLO for ${type} data says ${words}`,
    Effect.gen(function*() {
      const { hello, theirs } = yield* accepted(type, wish)
      assert.strictEqual(hello, header(`HELLO|peer_name=${theirs.self}&${words}`))
    })
  )
}

for (
  const [type, value, payload] of [
    ["json", "['é', 1.0, None]", "{\"data\": [\"\\u00e9\", 1.0, null]}"],
    ["bytes", "b'\\x00\\xff'", "\u0000\u00ff"],
    ["raw", "'hi'", "\x80\x04\x95\x06\0\0\0\0\0\0\0\x8c\x02hi\x94."]
  ] as const
) {
  live(
    `DATA of type ${type} is a header with size and type, then the payload`,
    Effect.gen(function*() {
      const { self, theirs, wire } = yield* accepted(type)
      yield* theirs.send(self, value)
      // Pickles are of the Python's own default: protocol 4, from 3.14 on 5.
      const sent = (yield* wire.takes(128 + payload.length)).replace("|\x80\x05", "|\x80\x04")
      assert.strictEqual(sent, header(`DATA|data_size=${payload.length}&data_type=${type}`) + payload)
    })
  )
}

live(
  "PING comes after each two seconds of silence, and a closed connection ends with one more and FIN",
  Effect.gen(function*() {
    const { self, theirs, wire } = yield* accepted("json")
    for (const time of [1, 2]) assert.strictEqual(yield* wire.takes(128), ping, `${time}`)
    yield* theirs.close(self)
    yield* wire.ends
    assert.oneOf(wire.heard, ["", ping])
  })
)

live(
  "on a stream the probe comes between the frames, for the other end to mistake it",
  Effect.gen(function*() {
    const { self, theirs, wire } = yield* accepted("bytes", { stream: true })
    yield* theirs.send(self, "b'0123456789abcdef'")
    yield* wire.takes(144)
    assert.strictEqual(yield* wire.takes(128), ping)
    yield* theirs.send(self, "b'fedcba9876543210'")
    assert.strictEqual(yield* wire.takes(16), "fedcba9876543210")
  })
)

for (const [wanted, answer] of [[true, "ACCEPT"], [false, "DENY"]] as const) {
  live(
    `a listener answers with ${answer} and nothing else`,
    Effect.gen(function*() {
      const theirs = yield* originalPeer({ wanted })
      const wire = yield* dial(theirs.self)
      wire.say(header("HELLO|peer_name=127.0.0.1:9&data_type=json&strict=True"))
      assert.strictEqual(yield* wire.takes(128), header(answer))
      if (!wanted) yield* wire.ends
      assert.strictEqual(wire.heard, "")
    })
  )
}

live(
  "the manual's form of HELLO is left without an answer",
  Effect.gen(function*() {
    const theirs = yield* originalPeer()
    const manual = yield* dial(theirs.self)
    manual.say(header("HELLO|address_name=127.0.0.1:9&data_type=json"))
    const real = yield* dial(theirs.self)
    real.say(header("HELLO|peer_name=127.0.0.1:9&data_type=json&strict=True"))
    // It hears one after the other: the second was answered, so the first has been heard.
    assert.strictEqual(yield* real.takes(128), header("ACCEPT"))
    assert.strictEqual(manual.heard, "")
    yield* theirs.tells("connection")
    assert.lengthOf(theirs.told("offer"), 1)
  })
)
