/** Streams: frames of one size, what is between them, and what only looks as if it were. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Queue, Result } from "effect"
import type { SocketError } from "effect/socket/Socket"
import * as Data from "../../src/exchange/Data.ts"
import { Intake } from "../../src/exchange/Intake.ts"
import { counting, cutBy, dice } from "./Pair.ts"
import { header, joined } from "./Raw.ts"

const terms: Data.Terms = { type: "bytes", strict: true, stream: true, ours: false }
const probe = header("PING")
const first = (size: number) => header(`DATA|data_size=${size}&data_type=bytes`)

interface Case {
  readonly ours?: boolean
  readonly progress?: Data.Progress
  /** Whether nothing more comes behind the last part. */
  readonly idle?: boolean
}

/** What comes of parts that arrive one after the other: payloads, and "-" for what is none. */
const arrivals = Effect.fnUntraced(function*(
  parts: ReadonlyArray<Uint8Array>,
  { idle = false, ours = false, progress = Data.beginning() }: Case = {}
) {
  const arriving = yield* Queue.unbounded<Uint8Array, SocketError>()
  const intake = new Intake({ pull: Queue.takeAll(arriving) })
  const agreement = { terms: { ...terms, ours }, progress, limit: 1_000_000 }
  const found: Array<Uint8Array | string> = []
  const take = (quiet: boolean) => {
    while (true) {
      const arrival = Data.next(intake, agreement, quiet)
      if (Result.isFailure(arrival)) return found.push(arrival.failure._tag)
      if (arrival.success._tag === "Nothing") return
      found.push(arrival.success._tag === "Payload" ? arrival.success.bytes.slice() : "-")
    }
  }
  for (const part of parts) {
    Queue.offerAllUnsafe(arriving, [part])
    yield* intake.more
    take(false)
  }
  if (idle) take(true)
  return found
})

const announced = (ours: boolean, progress: Data.Progress, size: number) =>
  Result.match(Data.announce({ ...terms, ours }, progress, size), {
    onSuccess: (text) => text === "" ? [] : [text.replace(/\|+$/, "")],
    onFailure: (error) => [error._tag]
  })

/** Frames of a size, each different, none of which looks like a header. */
const frames = (size: number, count: number) =>
  Array.from({ length: count }, (_, index) => counting(size).map((byte) => byte ^ (0x80 + index)))

const headerOf16 = "DATA|data_size=16&data_type=bytes"

describe("a sender of a stream", () => {
  it("announces the size with the first frame and keeps to it", () => {
    const progress = Data.beginning()
    assert.deepStrictEqual(announced(false, progress, 16), [headerOf16])
    assert.deepStrictEqual(announced(false, progress, 16), [])
    assert.deepStrictEqual(announced(false, progress, 17), ["WrongSize"])
    assert.deepStrictEqual(announced(false, progress, 16), [])
  })

  it.effect("keeps to the size that the other end has announced: without a header to an original, with one to ours", () =>
    Effect.gen(function*() {
      for (const ours of [false, true]) {
        const progress = Data.beginning()
        yield* arrivals([first(16)], { ours, progress })
        assert.deepStrictEqual(announced(ours, progress, 15), ["WrongSize"])
        assert.deepStrictEqual(announced(ours, progress, 16), ours ? [headerOf16] : [])
        assert.deepStrictEqual(announced(ours, progress, 16), [])
      }
    }))

  it("sends bare frames to an original whose HELLO fixed the size", () => {
    assert.deepStrictEqual(announced(false, Data.beginning(16), 16), [])
    assert.deepStrictEqual(announced(false, Data.beginning(16), 8), ["WrongSize"])
  })

  it("sends no empty frames, of which there is no end", () => {
    const progress = Data.beginning()
    assert.deepStrictEqual(announced(true, progress, 0), ["UnsendableValue"])
    assert.deepStrictEqual(announced(true, progress, 16), [headerOf16])
  })
})

describe.each([{ ours: false }, { ours: true }])("a receiver of a stream (ours: $ours)", ({ ours }) => {
  it.effect.each([1, 2, 16, 127, 128, 129, 4096])(
    "takes frames of %i bytes behind one header",
    (size) =>
      Effect.gen(function*() {
        const sent = frames(size, 5)
        assert.deepStrictEqual(yield* arrivals([joined([first(size), ...sent])], { ours }), sent)
      })
  )

  it.effect("refuses empty frames", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* arrivals([joined([first(0), counting(3)])], { ours }), ["MalformedHeader"])
    }))

  it.effect("takes the same frames however they are cut", () =>
    Effect.gen(function*() {
      for (const size of [1, 16, 128, 300]) {
        const sent = frames(size, 4)
        const whole = joined([first(size), ...sent])
        for (let seed = 0; seed < 100; seed++) {
          const roll = dice(seed)
          const parts = cutBy(roll, whole, 1 + roll(300))
          assert.deepStrictEqual(yield* arrivals(parts, { ours }), sent, `size ${size}, seed ${seed}`)
        }
      }
    }))
})

describe("a receiver of an original's stream", () => {
  it.effect.each([1, 16, 127, 128, 129, 4096])(
    "drops a probe between frames of %i bytes, and only that",
    (size) =>
      Effect.gen(function*() {
        const [one, two, three] = frames(size, 3)
        if (one === undefined || two === undefined || three === undefined) return
        const whole = joined([first(size), one, probe, two, probe, probe, three])
        const found = yield* arrivals([whole])
        assert.deepStrictEqual(found, [one, "-", two, "-", "-", three])
        for (let at = 1; at < Math.min(whole.length, 900); at++) {
          assert.deepStrictEqual(yield* arrivals([whole.subarray(0, at), whole.subarray(at)]), found, `cut at ${at}`)
        }
      })
  )

  it.effect.each([1, 3, 16, 127])(
    "takes a frame of %i bytes that begins like a probe when nothing follows",
    (size) =>
      Effect.gen(function*() {
        const alike = probe.slice(0, size)
        const [other] = frames(size, 1)
        if (other === undefined) return
        assert.deepStrictEqual(yield* arrivals([first(size), other, alike]), [other])
        assert.deepStrictEqual(yield* arrivals([first(size), other, alike], { idle: true }), [other, alike])
      })
  )

  it.effect("takes a frame that begins like a probe when what follows shows that it is none", () =>
    Effect.gen(function*() {
      const alike = new TextEncoder().encode("PING||||||||||||")
      const [one = probe, two = probe] = frames(16, 2)
      assert.deepStrictEqual(yield* arrivals([first(16), joined([one, alike, two])]), [
        one,
        alike,
        two
      ])
    }))

  it.effect("tells a probe inside a frame from one between two", () =>
    Effect.gen(function*() {
      const frame = joined([counting(3), probe, counting(3)])
      assert.deepStrictEqual(yield* arrivals([first(134), frame, probe, frame]), [frame, "-", frame])
    }))

  it.effect("drops a header that crossed its own, and takes bare frames from one that has heard it", () =>
    Effect.gen(function*() {
      const sent = frames(16, 3)
      for (const parts of [[first(16), ...sent], sent]) {
        const progress = Data.beginning()
        announced(false, progress, 16)
        const found = yield* arrivals([joined(parts)], { progress })
        assert.deepStrictEqual(found.filter((one) => one !== "-"), sent)
      }
    }))

  it.effect("drops a crossing header once: what looks like one later is payload", () =>
    Effect.gen(function*() {
      const progress = Data.beginning()
      announced(false, progress, 128)
      const [frame = probe] = frames(128, 1)
      const again = first(128)
      assert.deepStrictEqual(yield* arrivals([joined([again, frame, again])], { progress }), [
        "-",
        frame,
        again
      ])
    }))

  it.effect("takes a first frame that looks like a header of another size for what it is", () =>
    Effect.gen(function*() {
      const progress = Data.beginning()
      announced(false, progress, 128)
      assert.deepStrictEqual(yield* arrivals([first(16)], { progress }), [first(16)])
    }))

  it.effect("takes bare frames from the beginning where HELLO fixed their size", () =>
    Effect.gen(function*() {
      const sent = frames(16, 3)
      assert.deepStrictEqual(yield* arrivals(sent, { progress: Data.beginning(16) }), sent)
    }))
})

describe("a receiver of a stream of ours", () => {
  it.effect("takes any bytes for payload, probes and headers as well", () =>
    Effect.gen(function*() {
      const sent = [probe, first(128), header("DENY"), probe]
      assert.deepStrictEqual(yield* arrivals([joined([first(128), ...sent])], { ours: true }), sent)
    }))

  it.effect("expects a header in either direction, also when both begin at once", () =>
    Effect.gen(function*() {
      const progress = Data.beginning()
      assert.deepStrictEqual(announced(true, progress, 16), [headerOf16])
      const sent = frames(16, 2)
      assert.deepStrictEqual(yield* arrivals([first(16), ...sent], { ours: true, progress }), sent)
      assert.deepStrictEqual(announced(true, progress, 16), [])
    }))

  it.effect("does not go on where both began at once with different sizes", () =>
    Effect.gen(function*() {
      const progress = Data.beginning()
      announced(true, progress, 16)
      assert.deepStrictEqual(
        yield* arrivals([first(32), ...frames(32, 2)], { ours: true, progress }).pipe(
          Effect.map((found) => found[0])
        ),
        "MalformedHeader"
      )
    }))
})
