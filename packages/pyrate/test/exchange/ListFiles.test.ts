import { assert, describe, it } from "@effect/vitest"
import { FileName, PyrateConfig } from "@peerage/pyrate"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import * as ListFiles from "../../src/exchange/ListFiles.ts"
import { elapse, holderAt, inet, outcome, requesterIp, script, settle, simulated, song } from "./Scene.ts"

const asking = Effect.gen(function*() {
  const transport = (yield* MemoryNetwork.MemoryNetwork).transport(requesterIp)
  const config = PyrateConfig.make({ maxListBytes: 100 })
  return yield* Effect.forkScoped(ListFiles.initiate(transport, inet(holderAt), config))
})

/** Somebody who was asked, and the asking. */
const scene = Effect.gen(function*() {
  const holder = yield* script()
  const files = yield* asking
  return { files, asked: yield* holder.asked }
})

describe("a peer that asks for a list of files", () => {
  it.effect("says so, ends its half, and reads up to the end", () =>
    Effect.gen(function*() {
      const { asked, files } = yield* scene
      assert.strictEqual(asked.heard, "5:")
      assert.strictEqual(asked.end, "Fin")
      asked.say("song.txt\nfi", "lm.mkv\n")
      assert.strictEqual(yield* outcome(files), "Running")
      asked.pipe.close()
      assert.deepStrictEqual(yield* outcome(files), [song, FileName.FileName.make("film.mkv")])
    }).pipe(simulated))

  it.effect("takes nothing and the end for no files", () =>
    Effect.gen(function*() {
      const { asked, files } = yield* scene
      asked.pipe.close()
      assert.deepStrictEqual(yield* outcome(files), [])
    }).pipe(simulated))

  it.effect("does not take a reset for the end of a list", () =>
    Effect.gen(function*() {
      const { asked, files } = yield* scene
      asked.say("song.txt\n")
      yield* settle
      asked.pipe.reset()
      assert.strictEqual(yield* outcome(files), "SocketError")
    }).pipe(simulated))

  it.effect("takes a list of as many bytes as are allowed", () =>
    Effect.gen(function*() {
      const { asked, files } = yield* scene
      asked.say(`${"x".repeat(99)}\n`)
      asked.pipe.close()
      assert.deepStrictEqual(yield* outcome(files), [FileName.FileName.make("x".repeat(99))])
    }).pipe(simulated))

  it.effect("stops reading an endless list", () =>
    Effect.gen(function*() {
      const { asked, files } = yield* scene
      asked.say("x".repeat(60), "x".repeat(41))
      assert.strictEqual(yield* outcome(files), "FrameTooLarge")
      yield* settle
      asked.say("more")
      yield* settle
      assert.isDefined(asked.pipe.broken())
    }).pipe(simulated))

  it.effect.each([0, 1])(
    "gives up after exactly 10 seconds, be there nothing or a part of the list",
    (lines) =>
      Effect.gen(function*() {
        const { asked, files } = yield* scene
        if (lines > 0) asked.say("song.txt\n")
        yield* elapse("9999 millis")
        assert.strictEqual(yield* outcome(files), "Running")
        yield* elapse("1 milli")
        assert.strictEqual(yield* outcome(files), "PeerUnresponsive")
      }).pipe(simulated)
  )

  it.effect("says Unreachable where nobody listens", () =>
    Effect.gen(function*() {
      yield* script("10.0.0.9")
      const files = yield* asking
      yield* elapse("4 seconds")
      assert.strictEqual(yield* outcome(files), "Unreachable")
    }).pipe(simulated))
})
