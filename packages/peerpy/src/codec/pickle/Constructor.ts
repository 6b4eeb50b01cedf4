/**
 * The five things that a pickle may name, because Python writes plain data as calls of them where a protocol has no
 * opcode for it.
 *
 *     protocols 0 to 2   bytes        bytes()   _codecs.encode("...", "latin1")
 *     protocols 0 to 3   set          set([...])   frozenset([...])
 *     protocols 0 to 4   bytearray    bytearray()   bytearray(b"...")   bytearray("...", "latin-1")
 */

/** A global that stands for one of the five. It is no value: it may only be called. */
export class Constructor {
  readonly name: "set" | "frozenset" | "bytes" | "bytearray" | "encode"
  readonly module: string
  /** Name of the opcode that brought it. */
  readonly opcode: string

  constructor(name: Constructor["name"], module: string, opcode: string) {
    this.name = name
    this.module = module
    this.opcode = opcode
  }
}

/** Finds the constructor of this name, or undefined when it is none. Python 2 named the module `__builtin__`. */
export const find = (module: string, name: string): Constructor["name"] | undefined => {
  if (module === "_codecs") return name === "encode" ? name : undefined
  if (module !== "builtins" && module !== "__builtin__") return undefined
  return name === "set" || name === "frozenset" || name === "bytes" || name === "bytearray" ? name : undefined
}
