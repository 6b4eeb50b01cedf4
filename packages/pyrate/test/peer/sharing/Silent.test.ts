/** A peer among strangers who say nothing: it serves the others. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { ask, bootstrap, dial, directory, elapse, peerAt, sharer, simulated } from "../Network.ts"

const there = peerAt(1)
const reasonsOf = (told: ReadonlyArray<{ readonly _tag: string; readonly reason?: string }>) =>
  told.flatMap(({ _tag, reason }) => _tag === "Rejected" ? [reason] : [])

/** A peer that shares a file. */
const sharing = Effect.fnUntraced(function*(maxHandshakesPerAddress: number) {
  yield* bootstrap()
  return yield* sharer(1, { directory: yield* directory("song.txt"), config: { maxHandshakesPerAddress } })
})

describe("a peer with strangers who say nothing", () => {
  simulated("serves others meanwhile, and hangs up on them after ten seconds", function*() {
    const { told } = yield* sharing(21)
    const silent = yield* Effect.all(Array.from({ length: 20 }, () => dial("10.0.0.66", there)))
    assert.strictEqual((yield* ask("10.0.0.66", "5:", there)).text, "song.txt\n")
    yield* elapse("9999 millis")
    assert.isTrue(silent.every(({ end }) => end === "Open"))
    yield* elapse("1 milli")
    assert.isTrue(silent.every(({ end }) => end === "Fin"))
    assert.deepStrictEqual(reasonsOf(told), silent.map(() => "PeerUnresponsive"))
  })

  simulated("refuses more of them than it has room for, and takes others when they are gone", function*() {
    const { told } = yield* sharing(2)
    const crowd = [yield* dial("10.0.0.66", there), yield* dial("10.0.0.66", there), yield* dial("10.0.0.66", there)]
    assert.deepStrictEqual(crowd.map(({ end }) => end), ["Open", "Open", "Fin"])
    assert.deepStrictEqual(reasonsOf(told), ["TooMany"])
    for (const { pipe } of crowd) pipe.reset()
    assert.strictEqual((yield* ask("10.0.0.66", "5:", there)).text, "song.txt\n")
  })
})
