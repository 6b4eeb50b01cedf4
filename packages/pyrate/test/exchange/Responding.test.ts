import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Stream } from "effect"
import type { Offered } from "../../src/exchange/Download.ts"
import { FileTrouble } from "../../src/PyrateError.ts"
import { Raw } from "./Raw.ts"
import {
  bytes,
  elapse,
  holderAt,
  holding,
  inet,
  nextOf,
  offered,
  outcome,
  requesterIp,
  settle,
  simulated
} from "./Scene.ts"

const port = 4000

/** An original: it asks from a port, hangs up, and listens there when it is told to. */
const original = Effect.gen(function*() {
  const transport = (yield* MemoryNetwork.MemoryNetwork).transport(requesterIp)
  const asking = new Raw(yield* transport.connect(inet(holderAt), { from: { port } }))
  asking.say("4:song.txt")
  asking.pipe.close()
  yield* settle
  return { listen: transport.listen(inet(`0.0.0.0:${port}`)) }
})

describe("a holder of a file that an original asks for", () => {
  it.effect("dials back, sends the file and nothing else, and hangs up", () =>
    Effect.gen(function*() {
      const sent = yield* holding(offered("la ", "la"))
      const requester = yield* original
      const listener = yield* requester.listen
      yield* elapse("10 millis")
      const back = yield* nextOf(listener)
      assert.strictEqual(back.heard, "la la")
      assert.strictEqual(back.end, "Fin")
      assert.strictEqual(yield* outcome(sent), 5)
    }).pipe(simulated))

  it.effect("tries again for 2 seconds while it does not listen yet", () =>
    Effect.gen(function*() {
      yield* holding(offered("la la"))
      const requester = yield* original
      yield* elapse("1985 millis")
      const listener = yield* requester.listen
      yield* elapse("10 millis")
      assert.strictEqual((yield* nextOf(listener)).heard, "la la")
    }).pipe(simulated))

  it.effect("gives up where it does not listen then, and where it hung up too", () =>
    Effect.gen(function*() {
      const sent = yield* holding(offered("la la", "la la"))
      yield* original
      yield* elapse("1980 millis")
      assert.strictEqual(yield* outcome(sent), "Running")
      yield* elapse("100 millis")
      assert.strictEqual(yield* outcome(sent), "SocketError")
    }).pipe(simulated))

  it.effect("dials back and hangs up where it has no such file, as the original waits for that", () =>
    Effect.gen(function*() {
      const sent = yield* holding(undefined)
      const listener = yield* (yield* original).listen
      yield* elapse("10 millis")
      const back = yield* nextOf(listener)
      assert.strictEqual(back.heard, "")
      assert.strictEqual(back.end, "Fin")
      assert.strictEqual(yield* outcome(sent), 0)
    }).pipe(simulated))

  it.effect("gives up after 10 seconds on one that takes nothing", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      let read = 0
      const endless: Offered = {
        size: 1e12,
        bytes: Stream.fromEffectRepeat(Effect.sync(() => {
          read++
          return new Uint8Array(65_536)
        }))
      }
      const sent = yield* holding(endless)
      const listener = yield* (yield* original).listen
      yield* network.clog(requesterIp)
      yield* elapse("10 millis")
      yield* nextOf(listener)
      yield* elapse("9 seconds")
      assert.strictEqual(yield* outcome(sent), "Running")
      assert.isAtMost(read, 4)
      yield* elapse("1 second")
      assert.strictEqual(yield* outcome(sent), "PeerUnresponsive")
      assert.isAtMost(read, 4)
    }).pipe(simulated))

  it.effect("keeps on with one that takes something now and then", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.MemoryNetwork
      const piece = "x".repeat(65_536)
      const sent = yield* holding(offered(...Array.from({ length: 8 }, () => piece)))
      const listener = yield* (yield* original).listen
      yield* network.clog(requesterIp)
      yield* elapse("10 millis")
      const back = yield* nextOf(listener)
      for (let count = 0; count < 10; count++) {
        yield* elapse("9 seconds")
        yield* network.unclog(requesterIp)
        yield* settle
        yield* network.clog(requesterIp)
      }
      yield* network.unclog(requesterIp)
      assert.strictEqual(yield* outcome(sent), 8 * piece.length)
      assert.strictEqual(back.heard.length, 8 * piece.length)
    }).pipe(simulated))

  it.effect("stops when the disk does, and frees the connection", () =>
    Effect.gen(function*() {
      const trouble = new FileTrouble({ path: "/song.txt", problem: "the disk does not work" })
      const sent = yield* holding({
        size: 10,
        bytes: Stream.concat(Stream.make(bytes("hello")), Stream.fail(trouble))
      })
      const listener = yield* (yield* original).listen
      yield* elapse("10 millis")
      const back = yield* nextOf(listener)
      assert.strictEqual(yield* outcome(sent), "FileTrouble")
      assert.strictEqual(back.heard, "hello")
      assert.strictEqual(back.end, "Fin")
    }).pipe(simulated))
})
