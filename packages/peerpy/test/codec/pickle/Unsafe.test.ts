import { assert, describe, it } from "@effect/vitest"
import { bytesOf } from "../../fixtures/Pickles.ts"
import { verdict } from "./Verdict.ts"

describe("a pickle that would run something", () => {
  it.each([
    ["a shell by GLOBAL", "cos\nsystem\n(S'id'\ntR.", "GLOBAL os.system"],
    [
      "a shell by GLOBAL, as it is named on POSIX",
      "\x80\x02cposix\nsystem\nX\x02\0\0\0id\x85R.",
      "GLOBAL posix.system"
    ],
    ["a shell by GLOBAL, as it is named on Windows", "cnt\nsystem\n(Vdir\ntR.", "GLOBAL nt.system"],
    ["a shell by STACK_GLOBAL", "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.", "STACK_GLOBAL os.system"],
    [
      "a shell by STACK_GLOBAL, from the memo",
      "\x8c\x02os\x940\x8c\x06system\x940h\x00h\x01\x93.",
      "STACK_GLOBAL os.system"
    ],
    ["a shell by STACK_GLOBAL, in old strings", "U\x02osS'system'\n\x93.", "STACK_GLOBAL os.system"],
    ["a shell by INST", "(S'id'\nios\nsystem\n.", "INST os.system"],
    ["a shell by OBJ", "(cos\nsystem\nS'id'\no.", "GLOBAL os.system"],
    ["a shell by NEWOBJ", "cos\nsystem\n)\x81.", "GLOBAL os.system"],
    ["a shell in a frame", "\x80\x04\x95\x0b\0\0\0\0\0\0\0cos\nsystem\n.", "GLOBAL os.system"],
    ["a shell deep in data", "](}K\x01](cos\nsystem\n)Reseu.", "GLOBAL os.system"],
    ["a shell that is thrown away", "cos\nsystem\n)R0N.", "GLOBAL os.system"],
    ["a process", "csubprocess\nPopen\n(](Vid\nVx\netR.", "GLOBAL subprocess.Popen"],
    ["code by eval", "c__builtin__\neval\n(V1\ntR.", "GLOBAL __builtin__.eval"],
    ["code by exec", "\x8c\x08builtins\x8c\x04exec\x93.", "STACK_GLOBAL builtins.exec"],
    ["an attribute by getattr", "cbuiltins\ngetattr\n.", "GLOBAL builtins.getattr"],
    ["an import", "cbuiltins\n__import__\n.", "GLOBAL builtins.__import__"],
    ["an open file", "cio\nopen\n.", "GLOBAL io.open"],
    [
      "an object rebuilt",
      "ccopyreg\n_reconstructor\n(c__main__\nA\nc__builtin__\nobject\nNtR.",
      "GLOBAL copyreg._reconstructor"
    ],
    ["a dict that is ordered", "ccollections\nOrderedDict\n)R.", "GLOBAL collections.OrderedDict"],
    ["a complex number", "cbuiltins\ncomplex\nF1.0\nF2.0\n\x86R.", "GLOBAL builtins.complex"],
    ["an array", "carray\n_array_reconstructor\n.", "GLOBAL array._array_reconstructor"],
    ["a decoder", "c_codecs\ndecode\n.", "GLOBAL _codecs.decode"],
    ["the encoder of another module", "ccodecs\nencode\nVa\nVlatin1\n\x86R.", "GLOBAL codecs.encode"],
    ["a set of another module", "csets\nset\n]\x85R.", "GLOBAL sets.set"],
    ["bytes of the encoders", "c_codecs\nbytes\n)R.", "GLOBAL _codecs.bytes"],
    ["an encoder of the builtins", "cbuiltins\nencode\nVa\nVlatin1\n\x86R.", "GLOBAL builtins.encode"],
    ["a method of a set", "\x8c\x08builtins\x8c\x0cset.__init__\x93]\x85R.", "STACK_GLOBAL builtins.set.__init__"],
    ["a set in a module with a blank", "cbuiltins \nset\n]\x85R.", "GLOBAL builtins .set"],
    ["a set with a carriage return", "cbuiltins\r\nset\r\n]\x85R.", "GLOBAL builtins.set"],
    ["nothing with a name", "c\n\n.", "GLOBAL ."],
    ["a name with escapes", "c\x1b[31mos\x07\n\xe2\x80\xaesys\x00tem\n.", "GLOBAL [31mos.system"],
    [
      "a name that is long",
      `c${"m".repeat(100)}\n${"n".repeat(10_000)}\n.`,
      `GLOBAL ${"m".repeat(64)}.${"n".repeat(64)}`
    ],
    ["a name that is cut in a pair", `c${"m".repeat(63)}\xf0\x9f\x98\x80\nn\n.`, `GLOBAL ${"m".repeat(63)}.n`],
    ["an extension", "\x82\x01.", "EXT1 -"],
    ["an extension of two bytes", "\x83\x01\x01.", "EXT2 -"],
    ["an extension of four bytes", "\x84\x01\x01\x01\x01.", "EXT4 -"],
    ["a persistent object", "Pid\n.", "PERSID -"],
    ["a persistent object from the stack", "NQ.", "BINPERSID -"],
    ["a buffer that is not here", "\x97.", "NEXT_BUFFER -"],
    ["a buffer made read-only", "C\x00\x98.", "READONLY_BUFFER -"],
    ["a state for a dict", "}}b.", "BUILD -"],
    ["a state for a set", "cbuiltins\nset\n]\x85R}b.", "BUILD -"],
    ["a call of what is no function", "K\x01)R.", "REDUCE -"],
    ["a call of a function in a list", "]cbuiltins\nset\na.", "GLOBAL builtins.set"]
  ])("is refused: %s", (_, pickle, expected) => {
    assert.strictEqual(verdict(bytesOf(pickle)), expected)
  })
})

describe("a constructor of plain data with other arguments", () => {
  const set = "cbuiltins\nset\n"
  const bytearray = "cbuiltins\nbytearray\n"
  const encode = "c_codecs\nencode\n"
  it.each([
    ["no argument for a set", `${set})R.`, "REDUCE builtins.set"],
    ["a tuple for a set", `${set})\x85R.`, "REDUCE builtins.set"],
    ["a text for a set", `${set}Vabc\n\x85R.`, "REDUCE builtins.set"],
    ["two lists for a set", `${set}]]\x86R.`, "REDUCE builtins.set"],
    ["a list, but no tuple, for a set", `${set}]R.`, "REDUCE builtins.set"],
    ["a dict for a frozenset", "cbuiltins\nfrozenset\n}\x85R.", "REDUCE builtins.frozenset"],
    ["an iterator for a set", `${set}cbuiltins\niter\n]\x85R\x85R.`, "GLOBAL builtins.iter"],
    ["a constructor for a set", `${set}${set}\x85R.`, "GLOBAL builtins.set"],
    ["a constructor as the arguments", `${set}${set}R.`, "GLOBAL builtins.set"],
    ["a set as a constructor", `${set}]\x85R]\x85R.`, "REDUCE -"],
    ["a size for bytes", "cbuiltins\nbytes\nJ\xff\xff\xff\x7f\x85R.", "REDUCE builtins.bytes"],
    ["a list for bytes", "c__builtin__\nbytes\n]K\x01a\x85R.", "REDUCE __builtin__.bytes"],
    ["bytes for bytes", "cbuiltins\nbytes\nC\x01a\x85R.", "REDUCE builtins.bytes"],
    ["a size for a bytearray", `${bytearray}J\xff\xff\xff\x7f\x85R.`, "REDUCE builtins.bytearray"],
    ["a list for a bytearray", `${bytearray}]K\x01a\x85R.`, "REDUCE builtins.bytearray"],
    ["a text for a bytearray", `${bytearray}Va\n\x85R.`, "REDUCE builtins.bytearray"],
    ["bytes and an encoding for a bytearray", `${bytearray}C\x01aVlatin-1\n\x86R.`, "REDUCE builtins.bytearray"],
    ["another encoding for a bytearray", `${bytearray}Va\nVutf-7\n\x86R.`, "REDUCE builtins.bytearray"],
    ["more than an encoding for a bytearray", `${bytearray}Va\nVlatin-1\nVignore\n\x87R.`, "REDUCE builtins.bytearray"],
    ["None for a bytearray", `${bytearray}N\x85R.`, "REDUCE builtins.bytearray"],
    ["no encoding for an encoder", `${encode}Va\n\x85R.`, "REDUCE _codecs.encode"],
    ["another codec for an encoder", `${encode}Va\nVzlib\n\x86R.`, "REDUCE _codecs.encode"],
    ["another spelling of the codec", `${encode}Va\nVlatin-1\n\x86R.`, "REDUCE _codecs.encode"],
    ["bytes for an encoder", `${encode}C\x01aVlatin1\n\x86R.`, "REDUCE _codecs.encode"],
    ["more than a codec for an encoder", `${encode}Va\nVlatin1\nVignore\n\x87R.`, "REDUCE _codecs.encode"],
    ["characters beyond the codec", `${encode}V\\u0100\nVlatin1\n\x86R.`, "REDUCE _codecs.encode"]
  ])("is refused: %s", (_, pickle, expected) => {
    assert.strictEqual(verdict(bytesOf(pickle)), expected)
  })

  it.each([
    ["as the value", `${set}.`, "GLOBAL builtins.set"],
    ["in a tuple", `${set}\x85.`, "GLOBAL builtins.set"],
    ["in a list", `](${set}e.`, "GLOBAL builtins.set"],
    ["as a key", `}${set}Ns.`, "GLOBAL builtins.set"],
    ["as an item", `}N${set}s.`, "GLOBAL builtins.set"],
    ["in a set", `\x8f(${set}\x90.`, "GLOBAL builtins.set"],
    ["in a frozenset", `(${set}\x91.`, "GLOBAL builtins.set"],
    ["from the memo", `${set}q\x000h\x00.`, "GLOBAL builtins.set"],
    ["as a name", `${set}Vset\n\x93.`, "GLOBAL builtins.set"],
    ["from the stack", "\x8c\x08builtins\x8c\x09frozenset\x93\x85.", "STACK_GLOBAL builtins.frozenset"]
  ])("is no value, uncalled: %s", (_, pickle, expected) => {
    assert.strictEqual(verdict(bytesOf(pickle)), expected)
  })
})
