import { assert, describe, vi } from "@effect/vitest"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect } from "effect"
import { framing } from "../../../src/codec/Frame.ts"
import { annIp, elapse, host, join, settle, simulation } from "../Network.ts"
import { stranger } from "../Strangers.ts"
import { peersOf } from "../Watching.ts"

/** Counts the frames that are made from now on. */
const counted = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => vi.spyOn(framing, "decode")),
    (spy) => Effect.sync(() => spy.mockRestore())
  ),
  (spy) => () =>
    spy.mock.results.reduce((sum, { type, value }) => sum + (type === "return" ? value.frames.length : 0), 0)
)

const flood = "{}".repeat(32_768)
const strangers = 10

describe("a host that is flooded with tiny messages", () => {
  simulation("takes apart few of them before it knows who says them", function*() {
    const hosting = yield* host()
    const frames = yield* counted
    const raws = yield* Effect.forEach(Array.from({ length: strangers }), (_, at) => stranger(`10.0.0.${66 + at}`))
    for (const raw of raws) raw.write(flood)
    yield* settle
    // 1024 bytes of each at most.
    assert.isAtMost(frames(), strangers * 512)
    const ann = yield* join(annIp)
    yield* elapse("10 seconds")
    assert.deepStrictEqual(yield* peersOf(hosting), [ann.self])
    assert.isTrue(raws.every(({ end }) => end !== "Open"))
  })

  simulation("takes apart few of them where a member chats, whose connections carry one message each", function*() {
    const hosting = yield* host()
    yield* join(annIp)
    const frames = yield* counted
    const port = PeerAddress.port(hosting.self)
    const raws = yield* Effect.forEach(Array.from({ length: strangers }), () => stranger(annIp, port))
    for (const raw of raws) raw.write(flood)
    yield* elapse("10 seconds")
    assert.isAtMost(frames(), strangers * 512 + 100)
    assert.isTrue(raws.every(({ end }) => end !== "Open"))
  })
})
