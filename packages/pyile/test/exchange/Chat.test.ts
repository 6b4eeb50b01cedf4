import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork, type Pipe } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect, Fiber, Queue } from "effect"
import * as Chat from "../../src/exchange/Chat.ts"
import { elapse, failsAfter, inet, settle, simulated } from "./Pair.ts"
import { Raw } from "./Raw.ts"

const annIp = "10.0.0.2"
const bobIp = "10.0.0.3"
const bob = PeerAddress.at(bobIp, 49317)
const message = `{"data": "h\\u00e9 {\\"}", "alias": "ann", "to": ["10.0.0.3", 49317], "from": ["10.0.0.2", 49600]}`
const reply = `{"data": ${message}, "alias": "bob"}`
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (frame: Uint8Array) => new TextDecoder().decode(frame)

/** Sends one message to Bob. */
const sending = Effect.map(
  MemoryNetwork.MemoryNetwork,
  (network) =>
    Chat.initiate(network.transport(annIp), bob, bytes(message), {
      connectTimeout: "2 seconds",
      replyWithin: "800 millis",
      limit: 4096
    })
)

/** Bob, played by the test. */
const listening = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(bobIp).listen(inet(bob))
  return () => Effect.map(Queue.take(listener.accepted), (pipe) => new Raw(pipe))
})

describe("a sender", () => {
  it.effect.each([{ cut: reply.length }, { cut: 1 }, { cut: reply.length - 1 }])(
    "says its message once, in one segment, and knows it acknowledged when the whole answer came (cut at $cut)",
    ({ cut }) =>
      Effect.gen(function*() {
        const accepted = yield* listening
        const sent = yield* Effect.forkChild(yield* sending)
        const raw = yield* accepted()
        yield* settle
        assert.deepStrictEqual(raw.segments, [message])
        raw.say(reply.slice(0, cut))
        yield* elapse(500)
        if (cut < reply.length) raw.say(reply.slice(cut))
        yield* settle
        assert.strictEqual(yield* Fiber.join(sent), "Acknowledged")
        assert.strictEqual(raw.end, "Fin")
      }).pipe(simulated)
  )

  it.effect.each([
    { name: "ends without a word", answer: (raw: Raw) => raw.pipe.end() },
    { name: "ends inside its answer", answer: (raw: Raw) => (raw.say(reply.slice(0, 20)), raw.pipe.end()) },
    { name: "resets", answer: (raw: Raw) => raw.pipe.reset() },
    { name: "answers garbage", answer: (raw: Raw) => (raw.say("ok"), raw.pipe.end()) }
  ])("knows its message written when the receiver $name", ({ answer }) =>
    Effect.gen(function*() {
      const accepted = yield* listening
      const sent = yield* Effect.forkChild(yield* sending)
      answer(yield* accepted())
      yield* settle
      assert.strictEqual(yield* Fiber.join(sent), "Written")
    }).pipe(simulated))

  it.effect("waits for an answer exactly 800 ms, so that it blocks no original receiver, and ends politely", () =>
    Effect.gen(function*() {
      const accepted = yield* listening
      const sent = yield* Effect.forkChild(yield* sending)
      const raw = yield* accepted()
      yield* elapse(799)
      assert.deepStrictEqual([sent.pollUnsafe(), raw.end], [undefined, "Open"])
      yield* elapse(1)
      assert.strictEqual(yield* Fiber.join(sent), "Written")
      assert.strictEqual(raw.end, "Fin")
    }).pipe(simulated))

  it.effect("does not read an endless answer", () =>
    Effect.gen(function*() {
      const accepted = yield* listening
      const sent = yield* Effect.forkChild(yield* sending)
      const raw = yield* accepted()
      raw.say(`{"data": "${"x".repeat(5000)}`)
      yield* settle
      assert.strictEqual(yield* Fiber.join(sent), "Written")
    }).pipe(simulated))

  it.effect("says Unreachable with ECONNREFUSED when nobody listens", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      network.transport(bobIp)
      const reason = yield* Effect.flip(yield* sending)
      assert.deepStrictEqual([reason._tag, reason.code, reason.address], ["Unreachable", "ECONNREFUSED", bob])
    }).pipe(simulated))

  it.effect("gives up on a receiver that does not answer its dial after exactly 2 seconds", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      network.transport(bobIp)
      yield* network.kill(bobIp)
      const reason = yield* failsAfter(yield* sending, 2000)
      assert.deepStrictEqual([reason._tag, reason.code], ["Unreachable", "ETIMEDOUT"])
    }).pipe(simulated))
})

/** A receiver that answers as Bob, and notes what it heard. */
const receiving = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(bobIp).listen(inet(bob))
  const frames: Array<string> = []
  const garbled: Array<string> = []
  const over: Array<string> = []
  const hearing: Chat.Hearing = {
    heard: (pipe, frame) => {
      frames.push(text(frame))
      Chat.reply(pipe, bytes(reply))
    },
    garbled: () => void garbled.push("garbled"),
    closed: () => void over.push("closed")
  }
  const accept = (pipe: Pipe.Pipe) => Chat.respond(pipe, 256, hearing)
  yield* Effect.forkScoped(Effect.forever(Effect.map(Queue.take(listener.accepted), accept)))
  const dial = Effect.map(network.transport(annIp).connect(inet(bob)), (pipe) => new Raw(pipe))
  return { network, frames, garbled, over, dial }
})

describe("a receiver", () => {
  it.effect("answers a message once, and ends", () =>
    Effect.gen(function*() {
      const { dial, frames } = yield* receiving
      const ann = yield* dial
      ann.say(message)
      yield* settle
      assert.deepStrictEqual([frames, ann.segments, ann.end], [[message], [reply], "Fin"])
    }).pipe(simulated))

  it.effect("hears a message however it is cut", () =>
    Effect.gen(function*() {
      const { dial, frames, garbled } = yield* receiving
      for (let cut = 1; cut < message.length; cut++) {
        const ann = yield* dial
        ann.say(message.slice(0, cut))
        yield* settle
        ann.say(message.slice(cut))
        yield* settle
        assert.strictEqual(ann.heard, reply)
      }
      assert.deepStrictEqual(frames, Array.from({ length: message.length - 1 }, () => message))
      assert.deepStrictEqual(garbled, [])
    }).pipe(simulated))

  it.effect("hears only the first of two messages on a connection, together or apart", () =>
    Effect.gen(function*() {
      const { dial, frames } = yield* receiving
      const [together, apart] = [yield* dial, yield* dial]
      together.say(message + message)
      apart.say(message, message)
      yield* settle
      assert.deepStrictEqual(frames, [message, message])
      assert.deepStrictEqual([together.heard, apart.heard], [reply, reply])
    }).pipe(simulated))

  it.effect("does not hear a second message while it has not answered the first", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const listener = yield* network.transport(bobIp).listen(inet(bob))
      const ann = new Raw(yield* network.transport(annIp).connect(inet(bob)))
      const frames: Array<string> = []
      const heard = (_: Pipe.Pipe, frame: Uint8Array) => void frames.push(text(frame))
      Chat.respond(yield* Queue.take(listener.accepted), 256, {
        heard,
        garbled: () => void frames.push("garbled"),
        closed: () => {}
      })
      ann.say(message)
      yield* settle
      ann.say(message)
      yield* settle
      ann.say("hello")
      yield* settle
      assert.deepStrictEqual([frames, ann.heard], [[message], ""])
    }).pipe(simulated))

  it.effect.each([
    { name: "resets", end: (raw: Raw) => raw.pipe.reset() },
    { name: "closes at once", end: (raw: Raw) => raw.pipe.close() },
    { name: "half-closes", end: (raw: Raw) => raw.pipe.end() }
  ])("hears a sender that $name after its message", ({ end }) =>
    Effect.gen(function*() {
      const { dial, frames, garbled, network } = yield* receiving
      const ann = yield* dial
      ann.say(message)
      yield* settle
      end(ann)
      yield* elapse("1 minute")
      assert.deepStrictEqual([frames, garbled], [[message], []])
      assert.strictEqual(yield* network.buffered, 0)
    }).pipe(simulated))

  it.effect.each([
    { name: "larger than its limit", said: `{"data": "${"x".repeat(256)}"}` },
    { name: "endless", said: `{"data": ${"{".repeat(250)}${"x".repeat(250)}` },
    { name: "no JSON object", said: "hello" },
    { name: "a list", said: `["hello"]` }
  ])("closes a connection whose message is $name, without an answer", ({ said }) =>
    Effect.gen(function*() {
      const { dial, frames, garbled } = yield* receiving
      const ann = yield* dial
      ann.say(said)
      yield* settle
      assert.deepStrictEqual([frames, garbled, ann.heard], [[], ["garbled"], ""])
      assert.notStrictEqual(ann.end, "Open")
    }).pipe(simulated))

  it.effect("takes half a message, and none, for nothing", () =>
    Effect.gen(function*() {
      const { dial, frames, garbled, over } = yield* receiving
      const [half, none] = [yield* dial, yield* dial]
      half.say(message.slice(0, 20))
      half.pipe.end()
      none.pipe.end()
      yield* settle
      assert.deepStrictEqual([frames, garbled], [[], []])
      assert.deepStrictEqual([half.end, none.end, over], ["Fin", "Fin", ["closed", "closed"]])
    }).pipe(simulated))
})
