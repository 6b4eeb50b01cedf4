import { assert, describe, it } from "@effect/vitest"
import { Connection, MemoryNetwork } from "@peerage/transport"
import { Effect, Queue } from "effect"
import type { Message } from "../../src/codec/Message.ts"
import * as Hearing from "../../src/exchange/Hearing.ts"
import { Raw } from "./Raw.ts"
import { config, elapse, holderAt, holderIp, inet, outcome, requesterIp, settle, simulated } from "./Scene.ts"

/** Somebody who listens to one connection, and the other end of it. */
const scene = Effect.fnUntraced(function*(isWhole: (message: Message) => boolean = () => false) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(holderIp).listen(inet(holderAt))
  const speaker = new Raw(yield* network.transport(requesterIp).connect(inet(holderAt)))
  const reader = yield* Connection.fromPipe(yield* Queue.take(listener.accepted)).reader
  return { speaker, heard: yield* Effect.forkScoped(Hearing.hear(reader, config, isWhole)) }
})

const download: Message = { _tag: "Download", name: "song.txt" }

describe("a peer that hears a message", () => {
  it.effect("takes the end of the connection's half for its end", () =>
    Effect.gen(function*() {
      const { heard, speaker } = yield* scene()
      speaker.say("4", ":", "song", ".txt")
      assert.strictEqual(yield* outcome(heard), "Running")
      speaker.pipe.end()
      assert.deepStrictEqual(yield* outcome(heard), download)
    }).pipe(simulated))

  it.effect("takes 0.4 seconds of silence for its end, and no less", () =>
    Effect.gen(function*() {
      const { heard, speaker } = yield* scene()
      speaker.say("4:song")
      yield* elapse("399 millis")
      speaker.say(".txt")
      yield* elapse("399 millis")
      assert.strictEqual(yield* outcome(heard), "Running")
      yield* elapse("1 milli")
      assert.deepStrictEqual(yield* outcome(heard), download)
    }).pipe(simulated))

  it.effect("does not wait behind one that is whole by itself", () =>
    Effect.gen(function*() {
      const { heard, speaker } = yield* scene(({ _tag }) => _tag === "ListFiles")
      speaker.say("5", ":")
      assert.deepStrictEqual(yield* outcome(heard), { _tag: "ListFiles" })
    }).pipe(simulated))

  it.effect("waits behind one that is not", () =>
    Effect.gen(function*() {
      const { heard, speaker } = yield* scene(({ _tag }) => _tag === "ListFiles")
      speaker.say("4:song")
      assert.strictEqual(yield* outcome(heard), "Running")
    }).pipe(simulated))

  it.effect.each(
    [
      { said: "", end: "end", reason: "PeerClosed" },
      { said: "", end: "reset", reason: "SocketError" },
      { said: "4:song.txt", end: "reset", reason: "SocketError" },
      { said: "hello", end: "end", reason: "MalformedRequest" },
      { said: "6:half a sea", end: "end", reason: "MalformedRequest" }
    ] as const
  )("says $reason to '$said' followed by $end", ({ end, reason, said }) =>
    Effect.gen(function*() {
      const { heard, speaker } = yield* scene()
      if (said !== "") speaker.say(said)
      yield* settle
      speaker.pipe[end]()
      assert.strictEqual(yield* outcome(heard), reason)
    }).pipe(simulated))

  it.effect("says MalformedRequest to half a message and silence", () =>
    Effect.gen(function*() {
      const { heard, speaker } = yield* scene()
      speaker.say("6:id:song.txt:10.0")
      yield* elapse("400 millis")
      assert.strictEqual(yield* outcome(heard), "MalformedRequest")
    }).pipe(simulated))

  it.effect("takes a message of 2048 bytes", () =>
    Effect.gen(function*() {
      const { heard, speaker } = yield* scene()
      speaker.say(`4:${"x".repeat(2046)}`)
      speaker.pipe.end()
      assert.deepStrictEqual(yield* outcome(heard), { _tag: "Download", name: "x".repeat(2046) })
    }).pipe(simulated))

  it.effect.each([
    { pieces: 1, said: [`4:${"x".repeat(2047)}`] },
    { pieces: 3, said: [`4:${"x".repeat(1000)}`, "x".repeat(1000), "x".repeat(47)] }
  ])(
    "refuses one that is longer, before it ends, in $pieces pieces",
    ({ said }) =>
      Effect.gen(function*() {
        const { heard, speaker } = yield* scene()
        speaker.say(...said)
        assert.strictEqual(yield* outcome(heard), "FrameTooLarge")
      }).pipe(simulated)
  )

  it.effect("gives up after exactly 10 seconds on a stranger who says nothing", () =>
    Effect.gen(function*() {
      const { heard } = yield* scene()
      yield* elapse("9999 millis")
      assert.strictEqual(yield* outcome(heard), "Running")
      yield* elapse("1 milli")
      assert.strictEqual(yield* outcome(heard), "PeerUnresponsive")
    }).pipe(simulated))

  it.effect("gives up after 10 seconds on one who says a letter now and then", () =>
    Effect.gen(function*() {
      const { heard, speaker } = yield* scene()
      for (let count = 0; count < 33; count++) {
        speaker.say(count === 0 ? "4:" : "x")
        yield* elapse("300 millis")
      }
      assert.strictEqual(yield* outcome(heard), "Running")
      speaker.say("x")
      yield* elapse("300 millis")
      assert.strictEqual(yield* outcome(heard), "PeerUnresponsive")
    }).pipe(simulated))
})
