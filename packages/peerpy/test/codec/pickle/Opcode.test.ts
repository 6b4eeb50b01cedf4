import { assert, describe, it } from "@effect/vitest"
import { Record, Result } from "effect"
import { Opcode, type OpcodeName } from "../../../src/codec/pickle/Opcode.ts"
import * as Pickle from "../../../src/codec/pickle/Pickle.ts"
import { bytearray, bytesOf, dict, frozenset, tuple } from "../../fixtures/Pickles.ts"

/** Pickles in the characters of their bytes, and their values. */
const grouped: ReadonlyArray<
  readonly [OpcodeName, ...rows: ReadonlyArray<readonly [pickle: string, value: Pickle.PickleValue]>]
> = [
  ["PROTO", ["\x80\x00N.", null], ["\x80\x05N.", null], ["N\x80\x02.", null]],
  ["FRAME", ["\x95\x02\0\0\0\0\0\0\0N.", null], ["\x95\x01\0\0\0\0\0\0\0K\x05.", 5n]],
  ["STOP", ["N.", null]],
  ["MARK", ["((t(tt.", tuple(tuple(), tuple())]],
  ["POP", ["NK\x010.", null], ["N(0.", null], ["(N0t.", tuple()]],
  ["POP_MARK", ["N(K\x01K\x021.", null]],
  ["DUP", ["]2\x86.", tuple([], [])]],
  ["PUT", ["]p4294967296\n0g4294967296\n.", []], ["Np007\n0g7\n.", null]],
  ["BINPUT", ["Nq\xff0h\xff.", null]],
  ["LONG_BINPUT", ["Nr\xff\xff\xff\xff0j\xff\xff\xff\xff.", null]],
  ["MEMOIZE", ["(K\x07\x94K\x08\x94h\x00t.", tuple(7n, 8n, 7n)], ["(K\x07q\x05K\x08\x94h\x01t.", tuple(7n, 8n, 8n)]],
  ["GET", ["K\x07q\x000g0\n.", 7n]],
  ["BINGET", ["K\x07\x940h\x00.", 7n]],
  ["LONG_BINGET", ["K\x07\x940j\0\0\0\0.", 7n]],
  ["NONE", ["N.", null]],
  ["NEWTRUE", ["\x88.", true]],
  ["NEWFALSE", ["\x89.", false]],
  ["INT", ["I42\n.", 42n], ["I-0\n.", 0n], ["I00\n.", false], ["I01\n.", true], ["I001\n.", 1n]],
  ["INT", [`I${"9".repeat(4300)}\n.`, 10n ** 4300n - 1n], [`I-${"9".repeat(4300)}\n.`, 1n - 10n ** 4300n]],
  ["BININT", ["J\xff\xff\xff\x7f.", 2_147_483_647n], ["J\0\0\0\x80.", -2_147_483_648n]],
  ["BININT1", ["K\xff.", 255n]],
  ["BININT2", ["M\xfe\xff.", 65_534n]],
  ["LONG", ["L-123L\n.", -123n], ["L123\n.", 123n], [`L-${"9".repeat(4300)}L\n.`, 1n - 10n ** 4300n]],
  ["LONG1", ["\x8a\x00.", 0n], ["\x8a\x01\x80.", -128n], ["\x8a\x02\x80\x00.", 128n], ["\x8a\x03\xff\xff\xff.", -1n]],
  ["LONG4", ["\x8b\0\0\0\0.", 0n], [`\x8b\0\0\x01\0${"\xff".repeat(65_535)}\x00.`, 2n ** 524_280n - 1n]],
  ["FLOAT", ["F1.5\n.", 1.5], ["F-0.0\n.", -0], ["F1e+100\n.", 1e100], ["F.5\n.", 0.5], ["F-1.e-3\n.", -0.001]],
  ["FLOAT", ["Finf\n.", Infinity], ["F-inf\n.", -Infinity], ["Fnan\n.", NaN]],
  ["BINFLOAT", ["G\x3f\xf8\0\0\0\0\0\0.", 1.5]],
  ["STRING", ["S'a \"b\" c'\n.", "a \"b\" c"], ["S\"it's\"\n.", "it's"], ["S''\n.", ""]],
  ["STRING", [
    "S'\\\\ \\' \\\" \\n\\r\\t\\a\\b\\f\\v \\x41\\101\\7\\0008 \\q'\n.",
    "\\ ' \" \n\r\t\u0007\b\f\v AA\u0007\u00008 \\q"
  ]],
  ["STRING", ["S'\\500\\0\\1011'\n.", "@\0A1"]],
  ["BINSTRING", ["T\x03\0\0\0a'b.", "a'b"]],
  ["SHORT_BINSTRING", ["U\x03a\nb.", "a\nb"]],
  ["UNICODE", ["V\xe9 \\u2713 \\U0001F600 \\u000a\\u005cu0041\n.", "é ✓ 😀 \n\\u0041"]],
  ["UNICODE", ["V\\\\u0041 \\x41 \\n \\\n.", "\\\\u0041 \\x41 \\n \\"], ["V\n.", ""]],
  ["UNICODE", ["V\x80\x9f\r\n.", "\u0080\u009f\r"]],
  ["SHORT_BINUNICODE", ["\x8c\x05\xc3\xa9\xe2\x9c\x93.", "é✓"], ["\x8c\x03\xef\xbb\xbf.", "\ufeff"]],
  ["BINUNICODE", ["X\x04\0\0\0\xf0\x9f\x98\x80.", "😀"]],
  ["BINUNICODE8", ["\x8d\x01\0\0\0\0\0\0\0a.", "a"]],
  ["SHORT_BINBYTES", ["C\x02\x00\xff.", bytesOf("\x00\xff")]],
  ["BINBYTES", ["B\x02\0\0\0\x00\xff.", bytesOf("\x00\xff")]],
  ["BINBYTES8", ["\x8e\x02\0\0\0\0\0\0\0\x00\xff.", bytesOf("\x00\xff")]],
  ["BYTEARRAY8", ["\x96\x02\0\0\0\0\0\0\0\x00\xff.", bytearray("\x00\xff")]],
  ["EMPTY_LIST", ["].", []]],
  ["LIST", ["(K\x01K\x02l.", [1n, 2n]]],
  ["APPEND", ["]K\x01aK\x02a.", [1n, 2n]]],
  ["APPENDS", ["](K\x01K\x02e(e.", [1n, 2n]]],
  ["EMPTY_TUPLE", [").", tuple()]],
  ["TUPLE", ["(K\x01K\x02K\x03K\x04t.", tuple(1n, 2n, 3n, 4n)]],
  ["TUPLE1", ["K\x01\x85.", tuple(1n)]],
  ["TUPLE2", ["K\x01K\x02\x86.", tuple(1n, 2n)]],
  ["TUPLE3", ["K\x01K\x02K\x03\x87.", tuple(1n, 2n, 3n)]],
  ["EMPTY_DICT", ["}.", dict()]],
  ["DICT", ["(K\x01NK\x02]d.", dict([1n, null], [2n, []])]],
  ["SETITEM", ["}K\x01Ns.", dict([1n, null])]],
  ["SETITEMS", ["}(K\x01NK\x02NK\x01)u.", dict([1n, tuple()], [2n, null])]],
  ["EMPTY_SET", ["\x8f.", new Set()]],
  ["ADDITEMS", ["\x8f(K\x01K\x02K\x01\x90.", new Set([1n, 2n])]],
  ["FROZENSET", ["(K\x01(\x91\x91.", frozenset(1n, frozenset())]],
  ["GLOBAL", ["cbuiltins\nset\n0N.", null]],
  ["STACK_GLOBAL", ["\x8c\x08builtins\x8c\x09frozenset\x93]\x85R.", frozenset()]],
  ["REDUCE", ["c__builtin__\nset\n](K\x01K\x02e\x85R.", new Set([1n, 2n])]],
  ["REDUCE", ["cbuiltins\nfrozenset\n]K\x01a\x85R.", frozenset(1n)], ["c__builtin__\nbytes\n)R.", bytesOf("")]],
  ["REDUCE", ["c_codecs\nencode\nV\x00\xff\nVlatin1\n\x86R.", bytesOf("\x00\xff")]],
  ["REDUCE", ["cbuiltins\nbytearray\n)R.", bytearray("")]],
  ["REDUCE", ["cbuiltins\nbytearray\nC\x01\xff\x85R.", bytearray("\xff")]],
  ["REDUCE", ["cbuiltins\nbytearray\nV\xff\nU\x07latin-1\x86R.", bytearray("\xff")]]
]
const table = grouped.flatMap(([name, ...rows]) => rows.map(([pickle, value]) => [name, pickle, value] as const))

const refused: ReadonlyArray<readonly [OpcodeName, pickle: string, global: string | undefined]> = [
  ["GLOBAL", "cos\nsystem\n.", "os.system"],
  ["STACK_GLOBAL", "\x8c\x02os\x8c\x06system\x93.", "os.system"],
  ["REDUCE", "cbuiltins\nset\n)R.", "builtins.set"],
  ["REDUCE", "N)R.", undefined],
  ["BUILD", "]}b.", undefined],
  ["INST", "(ios\nsystem\n.", "os.system"],
  ["OBJ", "(cbuiltins\nset\no.", "builtins.set"],
  ["OBJ", "o.", undefined],
  ["NEWOBJ", "cbuiltins\nbytearray\n)\x81.", "builtins.bytearray"],
  ["NEWOBJ_EX", "c_codecs\nencode\n)}\x92.", "_codecs.encode"],
  ["EXT1", "\x82\x01.", undefined],
  ["EXT2", "\x83\x01\x00.", undefined],
  ["EXT4", "\x84\x01\0\0\0.", undefined],
  ["PERSID", "Pname\n.", undefined],
  ["BINPERSID", "NQ.", undefined],
  ["NEXT_BUFFER", "\x97.", undefined],
  ["READONLY_BUFFER", "]\x98.", undefined]
]

describe("an opcode", () => {
  it.each(table)("of plain data is done: %s in %j", (_, pickle, value) => {
    assert.deepStrictEqual(Pickle.read(bytesOf(pickle)), Result.succeed(value))
  })

  it.each(refused)("that reaches beyond data is refused: %s in %j", (opcode, pickle, global) => {
    const error = new Pickle.UnsafePickle(global === undefined ? { opcode } : { opcode, global })
    assert.deepStrictEqual(Pickle.read(bytesOf(pickle)), Result.fail(error))
  })

  it("of each name is in one of the tables, in a pickle that has its byte", () => {
    const rows = [...table, ...refused]
    const shown = new Set(rows.filter(([name, pickle]) => bytesOf(pickle).includes(Opcode[name])).map(([name]) => name))
    assert.deepStrictEqual([...shown].sort(), Record.keys(Opcode).sort())
    assert.strictEqual(new Set(Object.values(Opcode)).size, 68)
  })

  it("of any other byte is none", () => {
    const known = new Set<number>(Object.values(Opcode))
    const others = Array.from({ length: 256 }, (_, code) => code).filter((code) => !known.has(code))
    assert.strictEqual(others.length, 188)
    for (const code of others) {
      const error = new Pickle.MalformedPickle({ reason: "no opcode", at: 1 })
      assert.deepStrictEqual(Pickle.read(Uint8Array.of(0x4e, code, 0x2e)), Result.fail(error))
    }
  })
})
