/** Streams: frames of one size, what is between them, and what only looks as if it were. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Data from "../../src/exchange/Data.ts"
import { arrivals } from "./Arrivals.ts"
import { counting, cutBy, dice } from "./Pair.ts"
import { header, joined } from "./Raw.ts"

const terms: Data.Terms = { type: "bytes", strict: true, stream: true, extended: false }
const probe = header("PING")
const first = (size: number) => header(`DATA|data_size=${size}&data_type=bytes`)

interface Case {
  readonly extended?: boolean
  readonly progress?: Data.Progress
  readonly idle?: boolean
}

/** What comes of parts that arrive one after the other: payloads, and "-" for what is none. */
const found = (parts: ReadonlyArray<Uint8Array>, { extended = false, ...given }: Case = {}) =>
  arrivals({ terms: { ...terms, extended }, parts, ...given }).found.map((one) =>
    typeof one === "string" ? one === "Probe" ? "-" : one : one.bytes
  )

/** What is announced for frames of these sizes, one after the other, and the progress that follows. */
const announced = (extended: boolean, progress: Data.Progress, ...sizes: ReadonlyArray<number>) => {
  const said: Array<string> = []
  let now = progress
  for (const length of sizes) {
    const [headers, after] = Data.announce({ ...terms, extended }, now, [{ length }])
    said.push(Result.match(headers, { onSuccess: ([text = "none"]) => text, onFailure: ({ _tag }) => _tag }))
    now = after
  }
  return { said, progress: now }
}

/** An end that has announced frames of a size. */
const begun = (extended: boolean, size: number) => announced(extended, Data.beginning(), size).progress

/** Frames of a size, each different, none of which looks like a header. */
const frames = (size: number, count: number) =>
  Array.from({ length: count }, (_, index) => counting(size).map((byte) => byte ^ (0x80 + index)))

const headerOf16 = "DATA|data_size=16&data_type=bytes"

describe("a sender of a stream", () => {
  it("announces the size with the first frame and keeps to it", () => {
    const { said } = announced(false, Data.beginning(), 16, 16, 17, 16)
    assert.deepStrictEqual(said, [headerOf16, "", "WrongSize", ""])
  })

  it("announces frames that go out together once, and none where one has another size", () => {
    const [headers, after] = Data.announce(terms, Data.beginning(), [{ length: 16 }, { length: 16 }])
    assert.deepStrictEqual(headers, Result.succeed([headerOf16, ""]))
    const [refused, still] = Data.announce(terms, Data.beginning(), [{ length: 4 }, { length: 5 }])
    assert.deepInclude(Result.getOrUndefined(Result.flip(refused)), { _tag: "WrongSize", agreed: 4, actual: 5 })
    assert.deepStrictEqual([after.size, still], [16, Data.beginning()])
  })

  it.each([
    { extended: false, said: ["WrongSize", "", ""] },
    { extended: true, said: ["WrongSize", headerOf16, ""] }
  ])("keeps to the size that the other end has announced (extended: $extended)", ({ extended, said }) => {
    const { progress } = arrivals({ terms: { ...terms, extended }, parts: [first(16)] })
    assert.deepStrictEqual(announced(extended, progress, 15, 16, 16).said, said)
  })

  it("sends bare frames to an original whose HELLO fixed the size", () => {
    assert.deepStrictEqual(announced(false, Data.beginning(16), 16, 8).said, ["", "WrongSize"])
  })

  it("sends no empty frames, of which there is no end", () => {
    assert.deepStrictEqual(announced(true, Data.beginning(), 0, 16).said, ["UnsendableValue", headerOf16])
  })
})

describe.each([{ extended: false }, { extended: true }])(
  "a receiver of a stream (extended: $extended)",
  ({ extended }) => {
    it.each([1, 2, 16, 127, 128, 129, 4096])("takes frames of %i bytes behind one header", (size) => {
      const sent = frames(size, 5)
      assert.deepStrictEqual(found([joined([first(size), ...sent])], { extended }), sent)
    })

    it("refuses empty frames", () => {
      assert.deepStrictEqual(found([joined([first(0), counting(3)])], { extended }), ["MalformedHeader"])
    })

    it("takes the same frames however they are cut", () => {
      for (const size of [1, 16, 128, 300]) {
        const sent = frames(size, 4)
        const whole = joined([first(size), ...sent])
        for (let seed = 0; seed < 25; seed++) {
          const roll = dice(seed)
          const parts = cutBy(roll, whole, 1 + roll(300))
          assert.deepStrictEqual(found(parts, { extended }), sent, `size ${size}, seed ${seed}`)
        }
      }
    })
  }
)

describe("a receiver of an original's stream", () => {
  it.each([1, 16, 127, 128, 129, 4096])("drops a probe between frames of %i bytes, and only that", (size) => {
    const [one = probe, two = probe, three = probe] = frames(size, 3)
    const whole = joined([first(size), one, probe, two, probe, probe, three])
    const expected = [one, "-", two, "-", "-", three]
    assert.deepStrictEqual(found([whole]), expected)
    for (let at = 1; at < Math.min(whole.length, 900); at++) {
      assert.deepStrictEqual(found([whole.subarray(0, at), whole.subarray(at)]), expected, `cut at ${at}`)
    }
  })

  it.each([1, 3, 16, 127])("takes a frame of %i bytes that begins like a probe when nothing follows", (size) => {
    const alike = probe.slice(0, size)
    const [other = probe] = frames(size, 1)
    assert.deepStrictEqual(found([first(size), other, alike]), [other])
    assert.deepStrictEqual(found([first(size), other, alike], { idle: true }), [other, alike])
  })

  it("takes a frame that begins like a probe when what follows shows that it is none", () => {
    const alike = new TextEncoder().encode("PING||||||||||||")
    const [one = probe, two = probe] = frames(16, 2)
    assert.deepStrictEqual(found([first(16), joined([one, alike, two])]), [one, alike, two])
  })

  it("tells a probe inside a frame from one between two", () => {
    const frame = joined([counting(3), probe, counting(3)])
    assert.deepStrictEqual(found([first(134), frame, probe, frame]), [frame, "-", frame])
  })

  it("drops a header that crossed its own, and takes bare frames from one that has received it", () => {
    const sent = frames(16, 3)
    for (const parts of [[first(16), ...sent], sent]) {
      assert.deepStrictEqual(found([joined(parts)], { progress: begun(false, 16) }), sent)
    }
  })

  it("drops a crossing header once: what looks like one later is payload", () => {
    const [frame = probe] = frames(128, 1)
    const again = first(128)
    const parts = [joined([again, frame, again])]
    assert.deepStrictEqual(found(parts, { progress: begun(false, 128) }), [frame, again])
  })

  it("takes a first frame that looks like a header of another size for what it is, and then expects no header", () => {
    const parts = [first(16), first(128)]
    assert.deepStrictEqual(found(parts, { progress: begun(false, 128) }), parts)
  })

  it("takes what begins like a crossing header when nothing follows", () => {
    const alike = first(16).slice(0, 16)
    assert.deepStrictEqual(found([alike], { progress: begun(false, 16) }), [])
    assert.deepStrictEqual(found([alike], { progress: begun(false, 16), idle: true }), [alike])
  })

  it("takes bare frames from the beginning where HELLO fixed their size", () => {
    const sent = frames(16, 3)
    assert.deepStrictEqual(found(sent, { progress: Data.beginning(16) }), sent)
  })
})

describe("a receiver of an extended peer's stream", () => {
  it("takes any bytes for payload, probes and headers as well", () => {
    const sent = [probe, first(128), header("DENY"), probe]
    assert.deepStrictEqual(found([joined([first(128), ...sent])], { extended: true }), sent)
  })

  it("expects a header in either direction, also when both begin at once", () => {
    const sent = frames(16, 2)
    const { found, progress } = arrivals({
      terms: { ...terms, extended: true },
      parts: [first(16), ...sent],
      progress: begun(true, 16)
    })
    assert.deepStrictEqual(found, sent.map((bytes) => ({ type: "bytes", bytes })))
    assert.deepStrictEqual(announced(true, progress, 16).said, [""])
  })

  it("does not go on where both began at once with different sizes", () => {
    const parts = [first(32), ...frames(32, 2)]
    assert.deepStrictEqual(found(parts, { extended: true, progress: begun(true, 16) }), ["MalformedHeader"])
  })
})
