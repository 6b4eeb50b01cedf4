import { assert, describe } from "@effect/vitest"
import { Stranger } from "@peerage/testing"
import { MemoryNetwork } from "@peerage/transport"
import { ByteLink } from "@peerage/wire"
import { Effect, Queue } from "effect"
import type { Message } from "../../src/codec/Message.ts"
import * as RequestReader from "../../src/exchange/RequestReader.ts"
import {
  config,
  elapse,
  holderAt,
  holderIp,
  inet,
  outcome,
  outcomeAfter,
  requesterIp,
  settle,
  simulated
} from "./Scene.ts"

/** The reader of one connection, and the other end of it. */
const scene = Effect.fnUntraced(function*(isWhole: (message: Message) => boolean = () => false) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const listener = yield* network.transport(holderIp).listen(inet(holderAt))
  const sender = new Stranger(yield* network.transport(requesterIp).connect(inet(holderAt)))
  const { reader } = yield* ByteLink.make(yield* Queue.take(listener.accepted))
  return { sender, request: yield* Effect.forkScoped(RequestReader.read(reader, config, isWhole)) }
})

const download: Message = { _tag: "Download", name: "song.txt" }

describe("a request", () => {
  simulated("ends with its half of the connection", function*() {
    const { request, sender } = yield* scene()
    sender.write("4", ":", "song", ".txt")
    assert.strictEqual(yield* outcome(request), "Running")
    sender.pipe.end()
    assert.deepStrictEqual(yield* outcome(request), download)
  })

  simulated("ends with 0.4 seconds of silence, and no less", function*() {
    const { request, sender } = yield* scene()
    sender.write("4:song")
    yield* elapse("399 millis")
    sender.write(".txt")
    assert.deepStrictEqual(yield* outcomeAfter(request, 400), download)
  })

  simulated("ends at once where it is whole by itself", function*() {
    const { request, sender } = yield* scene(({ _tag }) => _tag === "ListFiles")
    sender.write("5", ":")
    assert.deepStrictEqual(yield* outcome(request), { _tag: "ListFiles" })
  })

  simulated("does not end at once where it is not", function*() {
    const { request, sender } = yield* scene(({ _tag }) => _tag === "ListFiles")
    sender.write("4:song")
    assert.strictEqual(yield* outcome(request), "Running")
  })

  simulated.each(
    [
      { said: "", end: "end", reason: "PeerClosed" },
      { said: "", end: "reset", reason: "SocketError" },
      { said: "4:song.txt", end: "reset", reason: "SocketError" },
      { said: "hello", end: "end", reason: "MalformedRequest" },
      { said: "6:half a sea", end: "end", reason: "MalformedRequest" }
    ] as const
  )("is none: $reason where '$said' is followed by $end", function*({ end, reason, said }) {
    const { request, sender } = yield* scene()
    if (said !== "") sender.write(said)
    yield* settle
    sender.pipe[end]()
    assert.strictEqual(yield* outcome(request), reason)
  })

  simulated("is malformed when silence follows half a message", function*() {
    const { request, sender } = yield* scene()
    sender.write("6:id:song.txt:10.0")
    yield* elapse("400 millis")
    assert.strictEqual(yield* outcome(request), "MalformedRequest")
  })

  simulated("may have 2048 bytes", function*() {
    const { request, sender } = yield* scene()
    sender.write(`4:${"x".repeat(2046)}`)
    sender.pipe.end()
    assert.deepStrictEqual(yield* outcome(request), { _tag: "Download", name: "x".repeat(2046) })
  })

  simulated.each([
    { pieces: 1, said: [`4:${"x".repeat(2047)}`] },
    { pieces: 3, said: [`4:${"x".repeat(1000)}`, "x".repeat(1000), "x".repeat(47)] }
  ])("with more is refused before it ends, in $pieces pieces", function*({ said }) {
    const { request, sender } = yield* scene()
    sender.write(...said)
    assert.strictEqual(yield* outcome(request), "FrameTooLarge")
  })

  simulated("is awaited for exactly 10 seconds", function*() {
    const { request } = yield* scene()
    assert.strictEqual(yield* outcomeAfter(request, 10_000), "PeerUnresponsive")
  })

  simulated("is awaited for 10 seconds in all when a letter comes now and then", function*() {
    const { request, sender } = yield* scene()
    for (let count = 0; count < 33; count++) {
      sender.write(count === 0 ? "4:" : "x")
      yield* elapse("300 millis")
    }
    assert.strictEqual(yield* outcome(request), "Running")
    sender.write("x")
    yield* elapse("300 millis")
    assert.strictEqual(yield* outcome(request), "PeerUnresponsive")
  })
})
