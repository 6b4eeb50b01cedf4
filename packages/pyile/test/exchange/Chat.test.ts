import { assert, describe } from "@effect/vitest"
import { Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Requests } from "@peerage/wire"
import { Effect, Fiber, Queue } from "effect"
import { format } from "../../src/codec/Frame.ts"
import * as Chat from "../../src/exchange/Chat.ts"
import { elapse, failsAfter, inet, settle, simulation } from "./Pair.ts"

const [annIp, bobIp] = ["10.0.0.2", "10.0.0.3"]
const bob = PeerAddress.at(bobIp, 49317)
const message = `{"data": "h\\u00e9 {\\"}", "alias": "ann", "to": ["10.0.0.3", 49317], "from": ["10.0.0.2", 49600]}`
const reply = `{"data": ${message}, "alias": "bob"}`

/** Sends one message to Bob. */
const initiate = Effect.map(
  MemoryNetwork.MemoryNetwork,
  (network) =>
    Chat.initiate(network.transport(annIp), bob, new TextEncoder().encode(message), {
      connectTimeout: "2 seconds",
      replyWithin: "800 millis",
      limit: 4096
    })
)

/** A message on its way to Bob, whom the test plays. */
const sending = Effect.gen(function*() {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(bobIp).listen(inet(bob))
  const sent = yield* Effect.forkChild(yield* initiate)
  const raw = new Stranger(yield* Queue.take(listener.accepted))
  yield* settle
  return { raw, sent }
})

describe("a sender", () => {
  simulation.each([reply.length, 1, reply.length - 1])(
    "says its message once, in one segment, and knows it acknowledged when the whole answer came (cut at %i)",
    function*(cut) {
      const { raw, sent } = yield* sending
      assert.deepStrictEqual(raw.texts, [message])
      raw.write(reply.slice(0, cut))
      yield* elapse(500)
      if (cut < reply.length) raw.write(reply.slice(cut))
      assert.strictEqual(yield* Fiber.join(sent), "Acknowledged")
      yield* settle
      assert.deepStrictEqual([raw.texts, raw.end], [[message], "Fin"])
    }
  )

  simulation.each([
    { name: "ends without a word", answer: (raw: Stranger) => raw.pipe.end() },
    { name: "ends inside its answer", answer: (raw: Stranger) => (raw.write(reply.slice(0, 20)), raw.pipe.end()) },
    { name: "resets", answer: (raw: Stranger) => raw.pipe.reset() },
    { name: "answers garbage", answer: (raw: Stranger) => (raw.write("ok"), raw.pipe.end()) },
    { name: "answers without end", answer: (raw: Stranger) => raw.write(`{"data": "${"x".repeat(5000)}`) }
  ])("knows its message written when the receiver $name", function*({ answer }) {
    const { raw, sent } = yield* sending
    answer(raw)
    yield* settle
    assert.isDefined(sent.pollUnsafe())
    assert.strictEqual(yield* Fiber.join(sent), "Written")
  })

  simulation("waits for an answer exactly 800 ms, which blocks no original receiver, and ends politely", function*() {
    const { raw, sent } = yield* sending
    yield* elapse(799)
    assert.deepStrictEqual([sent.pollUnsafe(), raw.end], [undefined, "Open"])
    yield* elapse(1)
    assert.deepStrictEqual([yield* Fiber.join(sent), raw.end], ["Written", "Fin"])
  })

  simulation.each([
    { name: "does not listen", alive: true, code: "ECONNREFUSED", after: 0 },
    { name: "does not answer its dial", alive: false, code: "ETIMEDOUT", after: 2000 }
  ])("says Unreachable with $code after exactly $after ms when the receiver $name", function*({ after, alive, code }) {
    const network = yield* MemoryNetwork.MemoryNetwork
    network.transport(bobIp)
    if (!alive) yield* network.kill(bobIp)
    const failing = yield* initiate
    const reason = yield* after === 0 ? Effect.flip(failing) : failsAfter(failing, after)
    assert.deepStrictEqual([reason._tag, reason.code, reason.address], ["Unreachable", code, bob])
  })
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
  return { network, outcomes, ann: yield* Stranger.dial(annIp, bob) }
})

describe("a receiver", () => {
  simulation("answers the first message of a connection once, and ends", function*() {
    const { ann, outcomes } = yield* receiving
    ann.write(message, message)
    yield* settle
    assert.deepStrictEqual([outcomes, ann.texts, ann.end], [["ann"], [reply], "Fin"])
  })

  simulation.each([
    { name: "resets", end: (raw: Stranger) => raw.pipe.reset() },
    { name: "closes at once", end: (raw: Stranger) => raw.pipe.close() },
    { name: "half-closes", end: (raw: Stranger) => raw.pipe.end() }
  ])("reads the message of a sender that $name after it", function*({ end }) {
    const { ann, network, outcomes } = yield* receiving
    ann.write(message)
    yield* settle
    end(ann)
    yield* elapse("1 minute")
    assert.deepStrictEqual(outcomes, ["ann"])
    assert.strictEqual(yield* network.buffered, 0)
  })

  simulation.each([
    { name: "larger than its limit", said: `{"data": "${"x".repeat(256)}"}`, outcome: "Garbled" },
    { name: "endless", said: `{"data": ${"{".repeat(250)}${"x".repeat(250)}`, outcome: "Garbled" },
    { name: "no JSON object", said: `["hello"]`, outcome: "Garbled" },
    { name: "no JSON", said: `{hello}`, outcome: "MalformedMessage" },
    { name: "another message", said: `{"shadow": "sesame"}`, outcome: "UnexpectedMessage" }
  ])("closes a connection whose message is $name, without an answer", function*({ outcome, said }) {
    const { ann, outcomes } = yield* receiving
    ann.write(said)
    yield* settle
    assert.deepStrictEqual([outcomes, ann.text], [[outcome], ""])
    assert.notStrictEqual(ann.end, "Open")
  })
})
