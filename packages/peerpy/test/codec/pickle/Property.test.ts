import { assert, describe, it } from "@effect/vitest"
import { Property } from "@peerage/testing"
import { Effect, Result, Schema } from "effect"
import { isDeepStrictEqual } from "node:util"
import { Machine } from "../../../src/codec/pickle/Machine.ts"
import { Opcode } from "../../../src/codec/pickle/Opcode.ts"
import * as Pickle from "../../../src/codec/pickle/Pickle.ts"
import { step } from "../../../src/codec/pickle/Step.ts"
import { readable } from "../../fixtures/Objects.ts"
import { byProtocol, byRelease, bytesOf } from "../../fixtures/Pickles.ts"
import { repeated } from "./Verdict.ts"

const Byte = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))

/** Values are made from atoms by a list of choices, so that any list of numbers makes a value. */
class Making {
  private readonly made: Array<Pickle.PickleValue>
  constructor(atoms: ReadonlyArray<Pickle.PickleValue>) {
    this.made = [null, true, false, "", ...atoms]
  }

  /** What a choice stands for: an atom, or something made before, so that parts are shared. */
  private pick(choice: number): Pickle.PickleValue {
    return this.made[choice % this.made.length] ?? null
  }

  /** What can be a key, in the same way. */
  private pickKey(choice: number): Pickle.PickleValue {
    const key = this.pick(choice)
    // Equal bytes are written once, so that two of them are one key when they are read.
    if (key instanceof Uint8Array) return this.made.find((one) => isDeepStrictEqual(one, key)) ?? key
    return typeof key === "object" ? String(choice) : key
  }

  /** Makes one container of three choices, or puts something into one that was made before. */
  make(kind: number, [first, second, third]: readonly [number, number, number]): void {
    const target = this.pick(first)
    if (kind > 8 && Array.isArray(target)) target.push(this.pick(second))
    else if (kind > 8 && target instanceof Map) target.set(this.pickKey(second), this.pick(third))
    else this.made.push(this.container(kind, [first, second, third]))
  }

  private container(kind: number, choices: ReadonlyArray<number>): Pickle.PickleValue {
    const items = choices.slice(0, kind % 4).map((choice) => this.pick(choice))
    const keys = choices.slice(0, kind % 4).map((choice) => this.pickKey(choice))
    if (kind < 3) return items
    if (kind < 6) return new Pickle.Tuple(items)
    if (kind === 6) return new Map(keys.map((key, at) => [key, items[at] ?? null]))
    if (kind === 7) return new Set(keys)
    return kind === 8 ? new Pickle.FrozenSet(new Set(keys)) : new Pickle.ByteArray(Uint8Array.from(choices))
  }

  get last(): Pickle.PickleValue {
    return this.made.at(-1) ?? null
  }
}

const isSafe = (bytes: Uint8Array): boolean => {
  const result = Pickle.read(bytes)
  return Result.isSuccess(result) || result.failure._tag === "UnsafePickle" ||
    result.failure._tag === "MalformedPickle" && result.failure.at <= bytes.length
}

describe("any value", () => {
  const atom = Schema.Union([
    Schema.String.check(Schema.isPattern(/^\P{Cs}*$/u)),
    // NaN and the infinities are floats too.
    // @effect-diagnostics-next-line schemaNumber:off
    Schema.Number,
    Schema.BigInt,
    Schema.Uint8Array
  ])

  it.effect.prop(
    "comes back as it was, and is then written in the same bytes",
    {
      atoms: Schema.Array(atom),
      steps: Schema.Array(Schema.Struct({
        kind: Schema.Natural.check(Schema.isLessThanOrEqualTo(12)),
        choices: Schema.Tuple([Byte, Byte, Byte])
      }))
    },
    ({ atoms, steps }) =>
      Effect.gen(function*() {
        const making = new Making(atoms)
        for (const { choices, kind } of steps) making.make(kind, choices)
        const bytes = yield* Effect.fromResult(Pickle.write([...atoms, making.last]))
        const value = yield* Effect.fromResult(Pickle.read(bytes))
        assert.deepStrictEqual(value, [...atoms, making.last])
        assert.deepStrictEqual(yield* Effect.fromResult(Pickle.write(value)), bytes)
      }),
    Property.tries(50)
  )

  it.effect.prop(
    "is an integer of whatever length",
    { magnitude: Schema.Array(Byte), negative: Schema.Boolean },
    ({ magnitude, negative }) =>
      Effect.gen(function*() {
        const size = magnitude.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
        const integer = negative ? -size : size
        const bytes = yield* Effect.fromResult(Pickle.write(integer))
        assert.strictEqual(yield* Effect.fromResult(Pickle.read(bytes)), integer)
      }),
    Property.tries(50)
  )
})

describe("any bytes", () => {
  const objects = readable.filter(({ by }) => /2\S* protocol [04]$|^protocol [04]$/.test(by))
  const all = [...byRelease, ...byProtocol, ...objects].map(({ bytes }) => bytes).filter(({ length }) => length < 400)
  const recorded = [...new Map(all.map((bytes) => [String(bytes), bytes])).values()]
  const codes = Object.values(Opcode)

  it("are a value or a typed failure when one byte of a real pickle is another", () => {
    const failed = recorded.flatMap((bytes) =>
      Array.from(bytes).flatMap((byte, at) =>
        [0, 0xff, byte ^ 1, byte ^ 0x80, codes[(at * 31 + bytes.length) % codes.length] ?? 0]
          .map((other) => bytes.with(at, other))
          .filter((pickle) => !isSafe(pickle))
      )
    )
    assert.deepStrictEqual(failed, [])
    assert.isAbove(recorded.length, 200)
  })

  it("are a value or a typed failure when a real pickle lacks a byte, or has one too many", () => {
    for (const bytes of recorded) {
      for (let at = 0; at < bytes.length; at++) {
        const other = codes[(at * 17 + bytes.length) % codes.length] ?? 0
        assert.isTrue(isSafe(Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)])))
        assert.isTrue(isSafe(Uint8Array.from([...bytes.subarray(0, at), other, ...bytes.subarray(at)])))
      }
    }
  })

  it("are a value or a typed failure when two real pickles are spliced", () => {
    recorded.forEach((bytes, index) => {
      const other = recorded[(index * 7 + 3) % recorded.length] ?? bytes
      for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 12)) {
        for (let from = 0; from < other.length; from += Math.ceil(other.length / 12)) {
          assert.isTrue(isSafe(Uint8Array.from([...bytes.subarray(0, at), ...other.subarray(from)])))
        }
      }
    })
  })

  it.effect.prop(
    "are a value or a typed failure when they are opcodes at random",
    { choices: Schema.Array(Byte) },
    ({ choices }) =>
      Effect.sync(() => {
        assert.isTrue(isSafe(Uint8Array.from(choices)))
        assert.isTrue(isSafe(Uint8Array.from(choices, (choice) => codes[choice % codes.length] ?? 0)))
      }),
    Property.tries(200)
  )
})

describe("the work that a pickle makes", () => {
  const charged = (bytes: Uint8Array): number => {
    const machine = new Machine(bytes, { depth: 1000, memory: 2 ** 30, values: Infinity })
    while (!machine.stopped && machine.input.error === undefined) step(machine)
    return machine.charged
  }
  const date = "cdatetime\ndate\nq\x000C\x04\x07\xe8\x01\x01\x85q\x010"
  const set = "cbuiltins\nset\nq\x00]K\x01a\x85q\x01"

  it.each([
    ["a list", (times: number) => repeated("](", "K\x01", times, "e.")],
    ["a deep tuple", (times: number) => repeated(")", "\x85", times, ".")],
    ["a dict", (times: number) => repeated("}(", "K\x01)", times, "u.")],
    ["memos", (times: number) => repeated("N", "\x94", times, ".")],
    ["one list shared", (times: number) => repeated("]q\x00(", "h\x00", times, "l.")],
    ["one list filled again and again", (times: number) => repeated("]", "(K\x01K\x02e", times, ".")],
    ["one dict filled again and again", (times: number) => repeated("}", "(K\x01K\x02u", times, ".")],
    ["calls", (times: number) => repeated(`${set}0`, "h\x00](K\x01K\x02e\x85R0", times, "N.")],
    ["dates", (times: number) => repeated(`${date}(`, "h\x00h\x01R", times, "l.")],
    ["objects", (times: number) => repeated("cshop\nItem\nq\x000(", "h\x00)\x81}Va\nNsb", times, "l.")],
    ["text", (times: number) => repeated("(", "\x8c\x05abcde", times, "l.")],
    ["lines", (times: number) => repeated("(", "Vabc\n", times, "l.")],
    ["marks", (times: number) => repeated("", "((1N0", times, "N.")]
  ])("grows with its length and no faster: %s", (_, pickle) => {
    const once = charged(pickle(2000))
    assert.isAbove(once, 0)
    assert.isAtMost(once, 300 * pickle(2000).length)
    assert.isAtMost(charged(pickle(4000)), 2 * once)
    assert.isAtMost(charged(pickle(20_000)), 10 * once)
  })

  it("is bounded by twice its length where arguments are copied", () => {
    const pickle = repeated(`${set}R0`, "h\x00h\x01R0", 1000, "N.")
    assert.isAtMost(charged(pickle), 300 * pickle.length)
    assert.deepStrictEqual(Pickle.read(bytesOf(`${set}R.`)), Result.succeed(new Set([1n])))
  })
})
