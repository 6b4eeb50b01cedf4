import { assert, describe, it } from "@effect/vitest"
import { Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Requests } from "@peerage/wire"
import { Effect, Fiber, Queue } from "effect"
import { format } from "../../src/codec/Frame.ts"
import * as Chat from "../../src/exchange/Chat.ts"
import { elapse, failsAfter, inet, settle, simulated } from "./Pair.ts"

const annIp = "10.0.0.2"
const bobIp = "10.0.0.3"
const bob = PeerAddress.at(bobIp, 49317)
const message = `{"data": "h\\u00e9 {\\"}", "alias": "ann", "to": ["10.0.0.3", 49317], "from": ["10.0.0.2", 49600]}`
const reply = `{"data": ${message}, "alias": "bob"}`
const bytes = (text: string) => new TextEncoder().encode(text)

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
  return () => Effect.map(Queue.take(listener.accepted), (pipe) => new Stranger(pipe))
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
        assert.deepStrictEqual(raw.texts, [message])
        raw.write(reply.slice(0, cut))
        yield* elapse(500)
        if (cut < reply.length) raw.write(reply.slice(cut))
        yield* settle
        assert.strictEqual(yield* Fiber.join(sent), "Acknowledged")
        assert.strictEqual(raw.end, "Fin")
      }).pipe(simulated)
  )

  it.effect.each([
    { name: "ends without a word", answer: (raw: Stranger) => raw.pipe.end() },
    { name: "ends inside its answer", answer: (raw: Stranger) => (raw.write(reply.slice(0, 20)), raw.pipe.end()) },
    { name: "resets", answer: (raw: Stranger) => raw.pipe.reset() },
    { name: "answers garbage", answer: (raw: Stranger) => (raw.write("ok"), raw.pipe.end()) }
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
      raw.write(`{"data": "${"x".repeat(5000)}`)
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

/** Bob, who answers every message, and what he made of them. */
const receiving = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(bobIp).listen(inet(bob))
  const requests = yield* Requests.serve(listener, { format, limit: 256, within: "4 seconds" })
  const outcomes: Array<string> = []
  const answer = (arrival: Requests.Arrival) =>
    arrival._tag === "Request"
      ? Effect.match(Chat.respond(arrival, "bob"), { onSuccess: ({ alias }) => alias, onFailure: ({ _tag }) => _tag })
      : Effect.succeed(arrival._tag)
  yield* Effect.forkScoped(Effect.forever(
    Effect.map(Effect.flatMap(Queue.take(requests), answer), (outcome) => void outcomes.push(outcome))
  ))
  const dial = Effect.map(network.transport(annIp).connect(inet(bob)), (pipe) => new Stranger(pipe))
  return { network, outcomes, dial }
})

describe("a receiver", () => {
  it.effect("answers a message once, and ends", () =>
    Effect.gen(function*() {
      const { dial, outcomes } = yield* receiving
      const ann = yield* dial
      ann.write(message)
      yield* settle
      assert.deepStrictEqual([outcomes, ann.texts, ann.end], [["ann"], [reply], "Fin"])
    }).pipe(simulated))

  it.effect("reads a message however it is cut", () =>
    Effect.gen(function*() {
      const { dial, outcomes } = yield* receiving
      for (let cut = 1; cut < message.length; cut++) {
        const ann = yield* dial
        ann.write(message.slice(0, cut))
        yield* settle
        ann.write(message.slice(cut))
        yield* settle
        assert.strictEqual(ann.text, reply)
      }
      assert.deepStrictEqual(outcomes, Array.from({ length: message.length - 1 }, () => "ann"))
    }).pipe(simulated))

  it.effect("reads only the first of two messages on a connection, together or apart", () =>
    Effect.gen(function*() {
      const { dial, outcomes } = yield* receiving
      const [together, apart] = [yield* dial, yield* dial]
      together.write(message + message)
      apart.write(message, message)
      yield* settle
      assert.deepStrictEqual(outcomes, ["ann", "ann"])
      assert.deepStrictEqual([together.text, apart.text], [reply, reply])
    }).pipe(simulated))

  it.effect("does not read a second message while it has not answered the first", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const listener = yield* network.transport(bobIp).listen(inet(bob))
      const requests = yield* Requests.serve(listener, { format, limit: 256, within: "4 seconds" })
      const ann = new Stranger(yield* network.transport(annIp).connect(inet(bob)))
      for (const said of [message, message, "hello"]) {
        ann.write(said)
        yield* settle
      }
      assert.deepStrictEqual([(yield* Queue.takeAll(requests)).map(({ _tag }) => _tag), ann.text], [["Request"], ""])
    }).pipe(simulated))

  it.effect.each([
    { name: "resets", end: (raw: Stranger) => raw.pipe.reset() },
    { name: "closes at once", end: (raw: Stranger) => raw.pipe.close() },
    { name: "half-closes", end: (raw: Stranger) => raw.pipe.end() }
  ])("reads the message of a sender that $name after it", ({ end }) =>
    Effect.gen(function*() {
      const { dial, network, outcomes } = yield* receiving
      const ann = yield* dial
      ann.write(message)
      yield* settle
      end(ann)
      yield* elapse("1 minute")
      assert.deepStrictEqual(outcomes, ["ann"])
      assert.strictEqual(yield* network.buffered, 0)
    }).pipe(simulated))

  it.effect.each([
    { name: "larger than its limit", said: `{"data": "${"x".repeat(256)}"}`, outcome: "Garbled" },
    { name: "endless", said: `{"data": ${"{".repeat(250)}${"x".repeat(250)}`, outcome: "Garbled" },
    { name: "no JSON object", said: "hello", outcome: "Garbled" },
    { name: "a list", said: `["hello"]`, outcome: "Garbled" },
    { name: "no JSON", said: `{hello}`, outcome: "MalformedMessage" },
    { name: "another message", said: `{"shadow": "sesame"}`, outcome: "UnexpectedMessage" }
  ])("closes a connection whose message is $name, without an answer", ({ outcome, said }) =>
    Effect.gen(function*() {
      const { dial, outcomes } = yield* receiving
      const ann = yield* dial
      ann.write(said)
      yield* settle
      assert.deepStrictEqual([outcomes, ann.text], [[outcome], ""])
      assert.notStrictEqual(ann.end, "Open")
    }).pipe(simulated))

  it.effect("takes half a message, and none, for nothing", () =>
    Effect.gen(function*() {
      const { dial, outcomes } = yield* receiving
      const [half, none] = [yield* dial, yield* dial]
      half.write(message.slice(0, 20))
      half.pipe.end()
      none.pipe.end()
      yield* settle
      assert.deepStrictEqual(outcomes, [])
      assert.deepStrictEqual([half.end, none.end], ["Fin", "Fin"])
    }).pipe(simulated))
})
