import { assert, describe } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Stream } from "effect"
import type { Offered } from "../../src/exchange/Download.ts"
import { suite } from "../Suite.ts"
import {
  bytes,
  elapse,
  fetching,
  holderIp,
  holding,
  offered,
  outcome,
  requesterIp,
  settle,
  simulated
} from "./Scene.ts"

const nowhere = "10.9.9.9:9"

/** A file of which one piece comes each second. */
const slow = (...pieces: ReadonlyArray<string>): Offered => ({
  size: pieces.join("").length,
  bytes: Stream.mapEffect(
    Stream.fromIterable(pieces),
    (piece) => Effect.delay(Effect.succeed(bytes(piece)), "1 second")
  )
})

const lossy = suite<MemoryNetwork.MemoryNetwork>(Effect.provide(MemoryNetwork.layer({
  segmentation: "chaotic",
  seed: 7,
  link: { latency: "20 millis", loss: 0.1 }
})))

describe("a download between two extended peers", () => {
  simulated.each([
    { what: "gives the file and its size", file: offered("la ", "la"), result: { size: 5, text: "la la" }, sent: 5 },
    { what: "gives an empty file", file: offered(), result: { size: 0, text: "" }, sent: 0 },
    { what: "says of a missing file that it is missing", file: undefined, result: "NoSuchFile", sent: "NoSuchFile" }
  ])("$what, and holds nobody up", function*({ file, result, sent }) {
    const holder = yield* holding(file)
    assert.deepStrictEqual(yield* outcome(yield* fetching), result)
    assert.strictEqual(yield* outcome(holder), sent)
  })

  simulated("goes over the connection of the request when none can be made back", function*() {
    const sent = yield* holding(offered("la ", "la"), nowhere)
    const file = yield* fetching
    yield* elapse("4 seconds")
    assert.deepStrictEqual(yield* outcome(file), { size: 5, text: "la la" })
    assert.strictEqual(yield* outcome(sent), 5)
  })

  simulated("says of a missing file that it is missing when no connection can be made back, too", function*() {
    yield* holding(undefined, nowhere)
    const file = yield* fetching
    yield* elapse("400 millis")
    assert.strictEqual(yield* outcome(file), "NoSuchFile")
  })

  lossy("is whole over a network that loses a tenth, splits and joins", function*() {
    const piece = "0123456789abcdef".repeat(1000)
    yield* holding(offered(...Array.from({ length: 10 }, () => piece)))
    const file = yield* fetching
    yield* elapse("5 minutes")
    assert.deepStrictEqual(yield* outcome(file), { size: 160_000, text: piece.repeat(10) })
  })

  simulated("takes as long as it takes, while something comes", function*() {
    yield* holding(slow(...Array.from({ length: 100 }, () => "la")))
    const file = yield* fetching
    yield* elapse("99 seconds")
    assert.strictEqual(yield* outcome(file), "Running")
    yield* elapse("1 second")
    assert.deepStrictEqual(yield* outcome(file), { size: 200, text: "la".repeat(100) })
  })

  simulated("is Incomplete when the file shrinks while it is sent", function*() {
    yield* holding({ ...offered("la la"), size: 6 })
    assert.strictEqual(yield* outcome(yield* fetching), "Incomplete")
  })

  simulated("is given up 10 seconds after the holder's machine died in the middle", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    yield* holding(slow("la", "la", "la"))
    const file = yield* fetching
    yield* elapse("1500 millis")
    yield* network.kill(holderIp)
    yield* network.restart(holderIp)
    yield* elapse("9400 millis")
    assert.strictEqual(yield* outcome(file), "Running")
    yield* elapse("100 millis")
    assert.strictEqual(yield* outcome(file), "PeerUnresponsive")
  })

  simulated("is given up by both, 10 seconds after the network parted in the middle", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const piece = "x".repeat(200_000)
    const sent = yield* holding(slow(piece, piece, piece))
    const file = yield* fetching
    yield* elapse("1500 millis")
    yield* network.partition(holderIp, requesterIp)
    yield* elapse("9400 millis")
    assert.strictEqual(yield* outcome(file), "Running")
    yield* elapse("100 millis")
    assert.strictEqual(yield* outcome(file), "PeerUnresponsive")
    yield* elapse("1 minute")
    assert.strictEqual(yield* outcome(sent), "PeerUnresponsive")
  })

  simulated("ends for the holder when the requester breaks it off", function*() {
    const sent = yield* holding(slow(...Array.from({ length: 100 }, () => "la")))
    const file = yield* fetching
    yield* elapse("1500 millis")
    file.interruptUnsafe()
    yield* elapse("5 seconds")
    assert.strictEqual(yield* outcome(sent), "SocketError")
  })

  simulated("goes no faster than the requester reads it", function*() {
    const network = yield* MemoryNetwork.MemoryNetwork
    const piece = "x".repeat(65_536)
    const sent = yield* holding(offered(...Array.from({ length: 100 }, () => piece)))
    const file = yield* fetching
    yield* network.clog(requesterIp)
    yield* settle
    yield* elapse("5 seconds")
    assert.isAtMost(yield* network.buffered, 4 * piece.length)
    yield* network.unclog(requesterIp)
    assert.strictEqual(yield* outcome(sent), 100 * piece.length)
    const fetched = yield* outcome(file)
    assert.strictEqual(typeof fetched === "string" ? fetched : fetched.text.length, 100 * piece.length)
  })
})
