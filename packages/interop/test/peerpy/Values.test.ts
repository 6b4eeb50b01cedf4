/** Values of all kinds between ours and originals, both ways, whoever opened the connection. */
import { assert } from "@effect/vitest"
import { type Payload, Pickle } from "@peerage/peerpy"
import { Effect } from "effect"
import { live } from "../Live.ts"
import { pairs } from "./Peers.ts"

/** A value in Python's words and in ours. */
type Same = readonly [python: string, ours: Payload.Value]

const json: ReadonlyArray<Same> = [
  ["None", null],
  ["True", true],
  ["False", false],
  ["0", 0],
  ["-7", -7],
  ["9007199254740991", 9007199254740991],
  ["9007199254740993", 9007199254740993n],
  ["-123456789012345678901234567890", -123456789012345678901234567890n],
  ["1.5", 1.5],
  ["-2.5e-07", -2.5e-7],
  ["1e+100", 1e100],
  ["inf", Infinity],
  ["-inf", -Infinity],
  ["''", ""],
  ["'Grüße, 你好, שלום, \u{1F600}'", "Grüße, 你好, שלום, \u{1F600}"],
  ["'\\x00\\t\\n\"\\\\/\\x7f'", "\u0000\t\n\"\\/\u007f"],
  ["[]", []],
  ["{}", {}],
  ["[1, [2.5, [None, ['three']]]]", [1, [2.5, [null, ["three"]]]]],
  ["{'a': {'ключ': [True]}, '': 0}", { a: { "ключ": [true] }, "": 0 }]
]

const raw: ReadonlyArray<Same> = [
  ["None", null],
  ["True", true],
  ["0", 0n],
  ["255", 255n],
  ["-1", -1n],
  ["65536", 65536n],
  ["2147483648", 2147483648n],
  ["-123456789012345678901234567890", -123456789012345678901234567890n],
  ["1.0", 1],
  ["-0.0", -0],
  ["inf", Infinity],
  ["''", ""],
  ["'Grüße, \u{1F600}\\x00'", "Grüße, \u{1F600}\u0000"],
  ["b''", new Uint8Array(0)],
  ["b'\\x00\\xff'", Uint8Array.of(0, 255)],
  ["bytearray(b'\\x01')", new Pickle.ByteArray(Uint8Array.of(1))],
  ["[1, 'a', [None]]", [1n, "a", [null]]],
  ["()", new Pickle.Tuple([])],
  ["(1, (2, 3, 4, 5))", new Pickle.Tuple([1n, new Pickle.Tuple([2n, 3n, 4n, 5n])])],
  [
    "{'a': 1, 2: b'x', None: {}}",
    new Map<Pickle.PickleValue, Pickle.PickleValue>([
      ["a", 1n],
      [2n, Uint8Array.of(120)],
      [null, new Map()]
    ])
  ],
  ["{7}", new Set([7n])],
  ["frozenset({7})", new Pickle.FrozenSet(new Set([7n]))]
]

const bytes: ReadonlyArray<Same> = [
  ["b''", new Uint8Array(0)],
  ["b'\\x00'", Uint8Array.of(0)],
  ["b'PING|||'", Buffer.from("PING|||")],
  ["b'\\xff\\xfe\\x00DATA'", Uint8Array.of(255, 254, 0, 68, 65, 84, 65)],
  [`b'${"0123456789".repeat(100)}'`, Buffer.from("0123456789".repeat(100))]
]

/** Bytes of one class, as chai tells a Buffer from what it holds. */
const plain = (value: Payload.Value): Payload.Value => value instanceof Uint8Array ? new Uint8Array(value) : value

for (const [type, values] of [["json", json], ["raw", raw], ["bytes", bytes]] as const) {
  for (const [whose, pair] of pairs(type)) {
    live(
      `over a ${type} connection ${whose}, every value of an original arrives as what it is`,
      Effect.gen(function*() {
        const { ours, receive, theirs } = yield* pair
        for (const [python, value] of values) {
          assert.isTrue(yield* theirs.send(ours.self, python))
          assert.deepStrictEqual(yield* receive, plain(value))
        }
      })
    )

    live(
      `over a ${type} connection ${whose}, every value of ours arrives at an original as what it is`,
      Effect.gen(function*() {
        const { connection, theirs } = yield* pair
        for (const [, value] of values) yield* connection.sendAny(value)
        yield* theirs.until("all values", () => theirs.heard().length === values.length ? true : undefined)
        assert.deepStrictEqual(theirs.heard(), values.map(([python]) => python))
      })
    )
  }
}
