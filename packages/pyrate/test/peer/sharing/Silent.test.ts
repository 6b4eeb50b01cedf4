/** A peer among strangers who say nothing: it serves the others. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { ask, bootstrap, dial, directory, elapse, peerAt, sharer, simulated } from "../Network.ts"

const there = peerAt(1)

describe("a peer with strangers who say nothing", () => {
  simulated("serves others meanwhile, and hangs up on them after ten seconds", function*() {
    yield* bootstrap()
    const { told } = yield* sharer(1, { directory: yield* directory("song.txt") })
    const silent = yield* Effect.all(Array.from({ length: 20 }, () => dial("10.0.0.66", there)))
    assert.strictEqual((yield* ask("10.0.0.66", "5:", there)).text, "song.txt\n")
    yield* elapse("9999 millis")
    assert.isTrue(silent.every(({ end }) => end === "Open"))
    yield* elapse("1 milli")
    assert.isTrue(silent.every(({ end }) => end === "Fin"))
    assert.deepStrictEqual(
      told.flatMap((event) => event._tag === "Rejected" ? [event.reason] : []),
      silent.map(() => "PeerUnresponsive")
    )
  })
})
