import { assert, describe, it } from "@effect/vitest"
import { Effect, Queue, Result } from "effect"
import type { SocketError } from "effect/socket/Socket"
import * as Data from "../../src/exchange/Data.ts"
import { Intake } from "../../src/exchange/Intake.ts"
import { cutBy, dice } from "./Pair.ts"
import { ascii, header, joined, textOf } from "./Raw.ts"

const terms: Data.Terms = { type: "bytes", strict: true, stream: false, ours: true }
const limit = 1_000_000

/** Everything that can be taken of what has arrived, in words. */
const arrivals = Effect.fnUntraced(function*(
  changed: Partial<Data.Terms>,
  parts: ReadonlyArray<Uint8Array>,
  progress = Data.beginning()
) {
  const arriving = yield* Queue.unbounded<Uint8Array, SocketError>()
  const intake = new Intake({ pull: Queue.takeAll(arriving) })
  const agreement = { terms: { ...terms, ...changed }, progress, limit }
  const words: Array<string> = []
  for (const part of parts) {
    Queue.offerAllUnsafe(arriving, [part])
    yield* intake.more
    while (true) {
      const arrival = Data.next(intake, agreement, false)
      if (Result.isFailure(arrival)) return [...words, arrival.failure._tag]
      const { success } = arrival
      if (success._tag === "Nothing") break
      words.push(success._tag === "Payload" ? `${success.type} ${textOf(success.bytes)}` : success._tag)
      if (success._tag === "Large") break
    }
  }
  return words
})

const message = (text: string, type = "bytes") =>
  joined([header(`DATA|data_size=${text.length}&data_type=${type}`), ascii(text)])
const announced = (changed: Partial<Data.Terms>, progress: Data.Progress, size: number) =>
  Result.match(Data.announce({ ...terms, ...changed }, progress, size), {
    onSuccess: (text) => text.replace(/\|+$/, ""),
    onFailure: (error) => error._tag
  })

describe("a message that is sent", () => {
  it("has a header that says its size and type, each time", () => {
    const progress = Data.beginning()
    assert.strictEqual(announced({ type: "json" }, progress, 23), "DATA|data_size=23&data_type=json")
    assert.strictEqual(announced({ type: "json" }, progress, 0), "DATA|data_size=0&data_type=json")
    assert.strictEqual(announced({ type: "raw" }, progress, 2 ** 40), `DATA|data_size=${2 ** 40}&data_type=raw`)
  })
})

describe("what arrives", () => {
  it.effect("is each payload behind its header, whatever is in it", () =>
    Effect.gen(function*() {
      const texts = ["hello", "", textOf(header("PING")), textOf(message("inside")), "|".repeat(128)]
      assert.deepStrictEqual(
        yield* arrivals({}, texts.map((text) => message(text))),
        texts.map((text) => `bytes ${text}`)
      )
    }))

  it.effect("may have signs of life between, which are no values", () =>
    Effect.gen(function*() {
      const parts = [header("PING"), message("one"), header("PING"), header("PING"), message("two")]
      assert.deepStrictEqual(yield* arrivals({}, [joined(parts)]), [
        "Probe",
        "bytes one",
        "Probe",
        "Probe",
        "bytes two"
      ])
    }))

  it.effect("is nothing as long as a byte is missing, of a header or of a payload", () =>
    Effect.gen(function*() {
      const whole = message("hello")
      for (let at = 1; at < whole.length; at++) {
        assert.deepStrictEqual(yield* arrivals({}, [whole.subarray(0, at)]), [], `cut at ${at}`)
        assert.deepStrictEqual(yield* arrivals({}, [whole.subarray(0, at), whole.subarray(at)]), ["bytes hello"])
      }
    }))

  it.effect("is the same however the network cut it", () =>
    Effect.gen(function*() {
      const parts = ["", "x", "PING", "hello".repeat(60)].flatMap((text) => [message(text), header("PING")])
      const whole = joined([...parts, header("DATA|data_size=2000000&data_type=bytes")])
      const expected = yield* arrivals({}, [whole])
      assert.strictEqual(expected.length, 9)
      for (let seed = 0; seed < 200; seed++) {
        const roll = dice(seed)
        assert.deepStrictEqual(yield* arrivals({}, cutBy(roll, whole, 1 + roll(400))), expected, `seed ${seed}`)
      }
    }))

  it.effect("of another type breaks a strict agreement, before its payload is there", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* arrivals({}, [header("DATA|data_size=900000&data_type=json")]), ["StrictViolation"])
    }))

  it.effect("of another type is taken as that where the agreement is not strict", () =>
    Effect.gen(function*() {
      const parts = [message("{}", "json"), message("x"), message("N.", "raw")]
      assert.deepStrictEqual(yield* arrivals({ strict: false }, parts), ["json {}", "bytes x", "raw N."])
    }))

  it.effect.each([
    { text: "HELLO|peer_name=10.0.0.2:20000&data_type=json&strict=True", tag: "UnexpectedMessage" },
    { text: "ACCEPT", tag: "UnexpectedMessage" },
    { text: "DENY", tag: "UnexpectedMessage" },
    { text: "DATA", tag: "MalformedHeader" },
    { text: "DATA|data_size=5", tag: "MalformedHeader" },
    { text: "DATA|data_size=-5&data_type=bytes", tag: "MalformedHeader" },
    { text: "DATA|data_size=99999999999999999999&data_type=bytes", tag: "MalformedHeader" },
    { text: "DATA|data_size=5&data_type=picture", tag: "MalformedHeader" },
    { text: "GET / HTTP/1.1", tag: "MalformedHeader" },
    { text: "", tag: "MalformedHeader" }
  ])("is no more than $tag where a header is $text", ({ tag, text }) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* arrivals({}, [message("before"), header(text)]), ["bytes before", tag])
    }))

  it.effect("and is too large to be held comes by and by where it is bytes, and is refused where it is not", () =>
    Effect.gen(function*() {
      const large = (type: string, size: number) => header(`DATA|data_size=${size}&data_type=${type}`)
      assert.deepStrictEqual(yield* arrivals({}, [large("bytes", limit + 1)]), ["Large"])
      assert.deepStrictEqual(yield* arrivals({ type: "json" }, [large("json", limit + 1)]), ["PayloadTooLarge"])
      assert.deepStrictEqual(yield* arrivals({ type: "raw" }, [large("raw", 2 ** 53 - 1)]), ["PayloadTooLarge"])
      assert.deepStrictEqual(yield* arrivals({}, [large("bytes", limit)]), [])
    }))
})
