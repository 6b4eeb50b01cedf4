/** Objects that are read as plain data, and what nearly is such an object. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import * as Pickle from "../../../src/codec/pickle/Pickle.ts"
import { readable, refused, valueOf } from "../../fixtures/Objects.ts"
import { bytesOf } from "../../fixtures/Pickles.ts"
import { verdict } from "./Verdict.ts"

const each = (expected: string, ...pickles: ReadonlyArray<string>) => {
  for (const pickle of pickles) assert.strictEqual(verdict(bytesOf(pickle)), expected, JSON.stringify(pickle))
}

/** A tuple of numpy's arguments: the type of numbers, with its byte order. */
const int4 = "cnumpy\ndtype\nVi4\nI00\nI01\n\x87R(K\x03V<\nNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
const shell = "cnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85C\x01btR"
const scalar = "cnumpy.core.multiarray\nscalar\n"
const item = "cshop\nItem\n)\x81"

describe("an object that Python pickled", () => {
  it.effect.each(readable)("is read as plain data: $python by $by", (recording) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Effect.fromResult(Pickle.read(recording.bytes)), valueOf(recording))
    }))

  it("that occurs twice is one object here too", () => {
    const twice = readable.find(({ python }) => python === "one point and one date twice each")
    const value = Result.getOrThrow(Pickle.read(twice?.bytes ?? new Uint8Array(0)))
    assert.isTrue(Array.isArray(value) && value[0] === value[1] && value[2] === value[3])
  })

  it("is refused by its name when it is more than data", () => {
    const names = new Map<string, Set<string>>()
    for (const { bytes, python } of refused) {
      const named = Result.match(Pickle.read(bytes), {
        onSuccess: () => "a value",
        onFailure: ({ message }) => message
      })
      names.set(python, (names.get(python) ?? new Set()).add(named))
    }
    assert.deepStrictEqual(
      [...names].map(([python, messages]) => [python, ...messages].join(": ")),
      [
        "1+2j: A pickle is refused: __builtin__.complex is not plain data.: A pickle is refused: builtins.complex is not plain data.",
        "Empty(): A pickle is refused: shop.Empty is not plain data.",
        "Many([1]): A pickle is refused: shop.Many is not plain data.",
        "collections.deque([1]): A pickle is refused: collections.deque is not plain data.",
        "collections.Counter('a'): A pickle is refused: collections.Counter is not plain data.",
        "timezone.utc: A pickle is refused: datetime.timezone is not plain data.",
        "ValueError('no'): A pickle is refused: exceptions.ValueError is not plain data.: A pickle is refused: builtins.ValueError is not plain data.",
        "types.SimpleNamespace(a=1): A pickle is refused: types.SimpleNamespace is not plain data.",
        "int: A pickle is refused: __builtin__.long is not plain data.: A pickle is refused: builtins.int is not plain data.",
        "np.str_('a'): A pickle is refused: numpy.dtype('U1') is not plain data.",
        "np.datetime64('2024-01-01'): A pickle is refused: numpy.dtype('M8') is not plain data.",
        "np.array(['a']): A pickle is refused: numpy.dtype('U1') is not plain data.",
        "np.array([None]): A pickle is refused: numpy.dtype('O8') is not plain data.",
        "np.zeros(1, dtype=[('a', '<i4')]): A pickle is refused: numpy.dtype('V4') is not plain data.",
        "np.dtype('i4'): A pickle is refused: numpy.dtype('i4') is not plain data."
      ]
    )
  })

  it("is no pickle when it is cut anywhere", () => {
    for (const { bytes } of readable.filter(({ by, bytes }) => /^protocol [04]$/.test(by) && bytes.length < 400)) {
      for (let length = 0; length < bytes.length; length++) {
        assert.notStrictEqual(verdict(bytes.subarray(0, length)), "a value")
      }
    }
  })

  it("is not written again", () => {
    for (const recording of readable) {
      const written = Pickle.write(valueOf(recording))
      const problem = Result.isFailure(written) ? written.failure.reason : "written"
      assert.match(problem, /^written$|is only read; send /)
    }
  })
})

describe("an object that Python does not make", () => {
  it.each([
    [
      "REDUCE datetime.date",
      "cdatetime\ndate\nC\x04\0\0\x01\x01\x85R.",
      "cdatetime\ndate\nC\x04\x07\xe8\x0d\x01\x85R."
    ],
    [
      "REDUCE datetime.date",
      "cdatetime\ndate\n)R.",
      "cdatetime\ndate\nC\x03\x07\xe8\x01\x85R.",
      "cdatetime\ndate\nK\x01K\x01K\x01\x87R."
    ],
    [
      "REDUCE datetime.time",
      "cdatetime\ntime\nC\x06\x18\0\0\0\0\0\x85R.",
      "cdatetime\ntime\nC\x06\0\0\0\x0f\x42\x40\x85R."
    ],
    ["REDUCE datetime.time", "cdatetime\ntime\nC\x06\0\0\0\0\0\0N\x86R."],
    ["REDUCE datetime.datetime", "cdatetime\ndatetime\nC\x0a\x07\xe8\x01\x01\x18\0\0\0\0\0\x85R."],
    [
      "REDUCE datetime.timedelta",
      "cdatetime\ntimedelta\nK\0K\0J\x40\x42\x0f\0\x87R.",
      "cdatetime\ntimedelta\nK\x01\x85R."
    ],
    ["REDUCE datetime.timezone", "cdatetime\ntimezone\ncdatetime\ntimedelta\nK\x01K\0K\0\x87R\x85R."],
    ["GLOBAL os.system", "cbuiltins\ngetattr\ncos\nsystem\nVx\n\x86R0N.", `${item}(Va\ncos\nsystem\ndb.`],
    ["REDUCE zoneinfo.ZoneInfo._unpickle", "czoneinfo\nZoneInfo._unpickle\nV../../etc\nK\x01\x86R."],
    [
      "REDUCE decimal.Decimal",
      "cdecimal\nDecimal\nV1__0\n\x85R.",
      `cdecimal\nDecimal\nV${"1".repeat(99_999)}x\n\x85R.`
    ],
    [
      "GLOBAL uuid.UUID",
      "cuuid\nUUID\n)\x81.",
      "cuuid\nUUID\n)\x81}Vint\nJ\xff\xff\xff\xffsb.",
      "cuuid\nUUID\n)\x81]b."
    ],
    ["REDUCE collections.OrderedDict", "ccollections\nOrderedDict\n]\x85R."],
    ["REDUCE collections.defaultdict", "ccollections\ndefaultdict\nN\x85R."],
    [
      "GLOBAL shop.Item",
      `${item}.`,
      `${item}}K\x01Nsb.`,
      `${item}K\x01b.`,
      `${item})b.`,
      `${item}Nb.`,
      `${item}K\x01a.`
    ],
    ["GLOBAL shop.Item", `${item}}b}b.`, `${item}}Va\nNs\x85b.`, "cshop\nItem\n]\x81.", "cshop\nItem\n."],
    ["NEWOBJ datetime.date", "cdatetime\ndate\nC\x04\x07\xe8\x01\x01\x85\x81."],
    ["GLOBAL builtins.object", "cbuiltins\nobject\n)\x81."],
    ["GLOBAL shop.A", "ccopy_reg\n_reconstructor\n(cshop\nA\nc__builtin__\nlist\n]tR."],
    ["GLOBAL numpy.dtype('i4')", `${int4}.`, `${scalar}${int4}C\x03abc\x86R.`]
  ])("is refused: %s", (expected, ...pickles) => each(expected, ...pickles))

  it("is refused when its shape does not fit its bytes", () => {
    const state = (shape: string, bytes: string) => `${shell}(K\x01${shape}${int4}I00\n${bytes}tb.`
    each("a value", state("K\x01\x85", "C\x04abcd"), state(")", "C\x04abcd"), state("K\x00\x85", "C\x00"))
    const none = "GLOBAL numpy.ndarray"
    each(
      none,
      state("K\x02\x85", "C\x04abcd"),
      state("J\xff\xff\xff\xff\x85", "C\x04abcd"),
      state("K\x01", "C\x04abcd")
    )
    each(
      none,
      state(`(${"K\x01".repeat(65)}t`, "C\x04abcd"),
      state("\x8a\x09\0\0\0\0\0\0\0\0\x01K\x00\x86", "C\x00"),
      `${shell}.`
    )
  })

  it("costs memory in proportion where one thing is used for many", () => {
    const fields = `cshop\nItem\nq\x00}(${Array.from({ length: 99 }, (_, at) => `V${at}\nN`).join("")}uq\x01`
    const many = bytesOf(`${fields}${"h\x00)\x81h\x01b0".repeat(20_000)}N.`)
    assert.match(verdict(many), /^one argument for many calls at/)
  })
})
