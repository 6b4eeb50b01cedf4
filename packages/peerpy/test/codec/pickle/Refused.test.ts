/** Pickles that are refused, by what is said of them. */
import { assert, describe, it } from "@effect/vitest"
import { bytesOf } from "../../fixtures/Pickles.ts"
import { verdict } from "./Verdict.ts"

const set = "cbuiltins\nset\n"
const bytearray = "cbuiltins\nbytearray\n"
const encode = "c_codecs\nencode\n"

const isRefused = (expected: string, ...pickles: ReadonlyArray<string>) => {
  for (const pickle of pickles) assert.strictEqual(verdict(bytesOf(pickle)), expected, JSON.stringify(pickle))
}

describe("a pickle is refused", () => {
  it.each([
    ["cut short at 0", "X\xff\xff\xff\xffa.", "\x8c\x03a.", "\x8d\xff\xff\xff\xff\xff\xff\xff\xffa."],
    ["cut short at 0", "B\xff\xff\xff\xffa.", "C\x03a.", "\x8e\x00\x00\x00\x00\x00\x00\x00\x80a."],
    ["cut short at 0", "\x96\x00\x00\x00\x00\x01\x00\x00\x00a.", "T\xff\xff\xff\x7fa.", "U\x03a."],
    ["cut short at 0", "\x8b\xff\xff\xff\x7f\x01.", "\x8a\x03\x01.", "\x95\x03\0\0\0\0\0\0\0N."],
    ["cut short at 0", "\x95\xff\xff\xff\xff\xff\xff\xff\xffN.", "I42", "cos\nsystem", "J\x01\x02.", "G\x3f\xf8."],
    ["cut short at 0", ""],
    ["a negative length at 0", "T\xff\xff\xff\xffa."],
    ["a negative length at 1", "N\x8b\xff\xff\xff\xff."],
    ["an integer of more than 65536 bytes at 0", `\x8b\x01\0\x01\0${"\x01".repeat(65_537)}.`],
    ["a line that is no integer at 0", `I${"1".repeat(4302)}\n.`, `L${"1".repeat(4302)}L\n.`, "I 1\n.", "I\n."],
    ["a line that is no integer at 0", "I0x10\n.", "LL\n."],
    ["a line that is no float at 0", `F${"1".repeat(2000)}\n.`, "Fone\n.", "F.\n.", "F0x1p3\n."],
    ["a line that is no index at 1", "Npone\n.", "Np-1\n.", "Np10000000000\n.", `Np${"1".repeat(100_000)}\n.`],
    ["a line that is no quoted string at 0", "Sabc\n.", "S'\n.", "S'a\"\n.", "S'\\x4'\n.", "S'\\x4g'\n."],
    ["a line that is no quoted string at 0", "S'\\x4@'\n.", "S'\\x/4'\n.", "S'\\x4\x10'\n.", "S'a\\'\n."],
    ["text of Python 2 that is not ASCII at 0", "U\x01\xe9.", "S'\\xe9'\n."],
    ["a line that is no text at 0", "V\\u12\n.", "V\\U00110000\n.", "V\\ud83d\n.", "V\\ud83d\\ude00\n."],
    ["text that is not UTF-8 at 0", "\x8c\x03\xed\xa0\xbd.", "c\xff\nset\n."],
    ["a protocol beyond 5 at 0", "\x80\x06N."],
    ["nothing on the stack at 0", ".", "0N.", "2.", "q\x00N."],
    ["nothing on the stack at 2", "N(."],
    ["more than one value at 2", "NN.", "(N."],
    ["bytes behind STOP at 1", "N.."],
    ["nothing on the stack at 1", "(\x94N.", "N\x86.", "Na."],
    ["nothing in the memo at this index at 0", "h\x00."],
    ["no MARK at 1", "N1.", "Nt."],
    ["nothing on the stack at 3", "N(N\x86."],
    ["no list to append to at 2", ")Na."],
    ["no list to append to at 11", "\x96\0\0\0\0\0\0\0\0K\x01a."],
    ["no dict to set items of at 3", "]NNs."],
    ["no set to add to at 3", "}(N\x90."],
    ["no set to add to at 4", "(\x91(N\x90."],
    ["a key without a value at 3", "}(Nu."],
    ["a key without a value at 4", "(NNNd."],
    ["a list as a key or in a set at 3", "}]Ns."],
    ["a dict as a key or in a set at 3", "\x8f(}\x90."],
    ["a set as a key or in a set at 2", "(\x8f\x91."],
    ["a bytearray as a key or in a set at 11", "}\x96\0\0\0\0\0\0\0\0Ns."],
    ["a tuple with mutable parts as a key or in a set at 5", "}]\x85\x85Ns."],
    ["a list as a key or in a set at 18", "cbuiltins\nset\n]]a\x85R."],
    ["a global whose names are no strings at 2", "NN\x93."],
    ["no opcode at 0", "{\"data\": 1}"]
  ])("that is none: %s", isRefused)

  it.each([
    ["GLOBAL os.system", "cos\nsystem\n(S'id'\ntR.", "(cos\nsystem\nS'id'\no.", "cos\nsystem\n)\x81."],
    ["GLOBAL os.system", "\x80\x04\x95\x0b\0\0\0\0\0\0\0cos\nsystem\n.", "](}K\x01](cos\nsystem\n)Reseu."],
    ["GLOBAL os.system", "cos\nsystem\n)R0N."],
    ["GLOBAL posix.system", "\x80\x02cposix\nsystem\nX\x02\0\0\0id\x85R."],
    ["GLOBAL nt.system", "cnt\nsystem\n(Vdir\ntR."],
    ["STACK_GLOBAL os.system", "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R."],
    ["STACK_GLOBAL os.system", "\x8c\x02os\x940\x8c\x06system\x940h\x00h\x01\x93.", "U\x02osS'system'\n\x93."],
    ["INST os.system", "(S'id'\nios\nsystem\n."],
    ["GLOBAL subprocess.Popen", "csubprocess\nPopen\n(](Vid\nVx\netR."],
    ["GLOBAL __builtin__.eval", "c__builtin__\neval\n(V1\ntR."],
    ["STACK_GLOBAL builtins.exec", "\x8c\x08builtins\x8c\x04exec\x93."],
    ["GLOBAL builtins.getattr", "cbuiltins\ngetattr\n."],
    ["GLOBAL builtins.__import__", "cbuiltins\n__import__\n."],
    ["GLOBAL io.open", "cio\nopen\n."],
    ["GLOBAL __main__.A", "ccopyreg\n_reconstructor\n(c__main__\nA\nc__builtin__\nobject\nNtR."],
    ["GLOBAL collections.deque", "ccollections\ndeque\n)R."],
    ["GLOBAL builtins.complex", "cbuiltins\ncomplex\nF1.0\nF2.0\n\x86R."],
    ["GLOBAL array._array_reconstructor", "carray\n_array_reconstructor\n."],
    ["GLOBAL _codecs.decode", "c_codecs\ndecode\n."],
    ["GLOBAL codecs.encode", "ccodecs\nencode\nVa\nVlatin1\n\x86R."],
    ["GLOBAL sets.set", "csets\nset\n]\x85R."],
    ["GLOBAL _codecs.bytes", "c_codecs\nbytes\n)R."],
    ["GLOBAL builtins.encode", "cbuiltins\nencode\nVa\nVlatin1\n\x86R."],
    ["STACK_GLOBAL builtins.set.__init__", "\x8c\x08builtins\x8c\x0cset.__init__\x93]\x85R."],
    ["GLOBAL builtins .set", "cbuiltins \nset\n]\x85R."],
    ["GLOBAL builtins.set", "cbuiltins\r\nset\r\n]\x85R.", "]cbuiltins\nset\na."],
    ["GLOBAL .", "c\n\n."],
    ["GLOBAL [31mos.system", "c\x1b[31mos\x07\n\xe2\x80\xaesys\x00tem\n."],
    [`GLOBAL ${"m".repeat(64)}.${"n".repeat(64)}`, `c${"m".repeat(100)}\n${"n".repeat(10_000)}\n.`],
    [`GLOBAL ${"m".repeat(63)}.n`, `c${"m".repeat(63)}\xf0\x9f\x98\x80\nn\n.`],
    ["EXT1 -", "\x82\x01."],
    ["EXT2 -", "\x83\x01\x01."],
    ["EXT4 -", "\x84\x01\x01\x01\x01."],
    ["PERSID -", "Pid\n."],
    ["BINPERSID -", "NQ."],
    ["NEXT_BUFFER -", "\x97."],
    ["READONLY_BUFFER -", "C\x00\x98."],
    ["BUILD -", "}}b.", "cbuiltins\nset\n]\x85R}b."],
    ["REDUCE -", "K\x01)R."]
  ])("that would run something: %s", isRefused)

  it.each([
    ["REDUCE builtins.set", `${set})R.`, `${set})\x85R.`, `${set}Vabc\n\x85R.`, `${set}]]\x86R.`, `${set}]R.`],
    ["REDUCE builtins.frozenset", "cbuiltins\nfrozenset\n}\x85R."],
    ["GLOBAL builtins.iter", `${set}cbuiltins\niter\n]\x85R\x85R.`],
    ["GLOBAL builtins.set", `${set}${set}\x85R.`, `${set}${set}R.`],
    ["REDUCE -", `${set}]\x85R]\x85R.`],
    ["REDUCE builtins.bytes", "cbuiltins\nbytes\nJ\xff\xff\xff\x7f\x85R.", "cbuiltins\nbytes\nC\x01a\x85R."],
    ["REDUCE __builtin__.bytes", "c__builtin__\nbytes\n]K\x01a\x85R."],
    ["REDUCE builtins.bytearray", `${bytearray}J\xff\xff\xff\x7f\x85R.`, `${bytearray}]K\x01a\x85R.`],
    ["REDUCE builtins.bytearray", `${bytearray}Va\n\x85R.`, `${bytearray}C\x01aVlatin-1\n\x86R.`],
    ["REDUCE builtins.bytearray", `${bytearray}Va\nVutf-7\n\x86R.`, `${bytearray}Va\nVlatin-1\nVignore\n\x87R.`],
    ["REDUCE builtins.bytearray", `${bytearray}N\x85R.`],
    ["REDUCE _codecs.encode", `${encode}Va\n\x85R.`, `${encode}Va\nVzlib\n\x86R.`, `${encode}Va\nVlatin-1\n\x86R.`],
    ["REDUCE _codecs.encode", `${encode}C\x01aVlatin1\n\x86R.`, `${encode}Va\nVlatin1\nVignore\n\x87R.`],
    ["REDUCE _codecs.encode", `${encode}V\\u0100\nVlatin1\n\x86R.`]
  ])("that gives a constructor of plain data other arguments: %s", isRefused)

  it.each([
    ["GLOBAL builtins.set", `${set}.`, `${set}\x85.`, `](${set}e.`, `}${set}Ns.`, `}N${set}s.`, `\x8f(${set}\x90.`],
    ["GLOBAL builtins.set", `(${set}\x91.`, `${set}q\x000h\x00.`, `${set}Vset\n\x93.`],
    ["STACK_GLOBAL builtins.frozenset", "\x8c\x08builtins\x8c\x09frozenset\x93\x85."]
  ])("that has a constructor, uncalled, for a value: %s", isRefused)
})
