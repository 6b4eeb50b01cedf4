/**
 * How each kind of value is pickled, and which of them are remembered: as in CPython's pickler all but None, booleans,
 * numbers and the empty tuple, each as soon as it stands on the reader's stack. So a list knows itself while it is
 * filled, and a tuple only when it is complete.
 */
import * as Integer from "./Integer.ts"
import { Opcode } from "./Opcode.ts"
import { Output } from "./Output.ts"
import { ByteArray, FrozenSet, Hashing, Instance, NumpyArray, Scalar, Tuple } from "./Value.ts"

type Parts = Generator<unknown, void>

const encoder = new TextEncoder()
const loneSurrogate = /\p{Surrogate}/u
const batch = 1000
const shortLength = 255
/** As many as a Map holds. */
const maxRemembered = 2 ** 24 - 1

const u32 = (value: number): ReadonlyArray<number> => [value, value >>> 8, value >>> 16, value >>> 24]

/** One of two opcodes, and the length behind it in one byte or in four. */
const sized = (length: number, short: number, long: number): ReadonlyArray<number> =>
  length <= shortLength ? [short, length] : [long, ...u32(length)]

/** The state of one writing. After a refusal its bytes mean nothing. */
export class Writer {
  refusal: string | undefined
  private readonly output = new Output()
  private readonly hashing = new Hashing()
  /** Strings by what they are, all else by identity. */
  private readonly memo = new Map<unknown, number>()
  /** Short bytes by what they are. */
  private readonly memoOfBytes = new Map<string, number>()
  private remembered = 0

  /** Refuses the value, unless it is refused already. */
  refuse(reason: string): void {
    this.refusal ??= reason
  }

  /** Writes a value. What has parts is written by going through them and saving each before the next is asked for. */
  save(value: unknown): Parts | undefined {
    this.output.boundary()
    if (typeof value === "object" && value !== null) return this.recall(value) ? undefined : this.object(value)
    this.atom(value)
    return undefined
  }

  finish(): Uint8Array {
    return this.output.finish()
  }

  private atom(value: unknown): void {
    if (value === null) this.output.write(Opcode.NONE)
    else if (typeof value === "boolean") this.output.write(value ? Opcode.NEWTRUE : Opcode.NEWFALSE)
    else if (typeof value === "bigint") this.integer(value)
    else if (typeof value === "number") this.float(value)
    else if (typeof value !== "string") this.refuse(`Python has no ${typeof value}`)
    else if (!this.recall(value)) this.text(value, true)
  }

  private object(value: object): Parts | undefined {
    if (Array.isArray(value)) return this.list(value)
    if (value instanceof Tuple) return this.tuple(value)
    if (value instanceof Map) return this.table(value, Opcode.EMPTY_DICT, Opcode.SETITEMS)
    if (value instanceof Set) return this.table(value, Opcode.EMPTY_SET, Opcode.ADDITEMS)
    if (value instanceof FrozenSet) return this.frozenSet(value)
    if (value instanceof Uint8Array) this.bytes(value)
    else if (value instanceof ByteArray) this.byteArray(value)
    else if (value instanceof Scalar) this.refuse(`a ${value.kind} is only read; send its text`)
    else if (value instanceof Instance) this.refuse("an object of a class is only read; send what it holds")
    else if (value instanceof NumpyArray) this.refuse("an array of numpy is only read; send its bytes or a list")
    else this.refuse("an object of a kind that Python does not have")
    return undefined
  }

  private integer(value: bigint): void {
    if (BigInt.asIntN(8 * Integer.maxIntegerBytes, value) !== value) {
      return this.refuse(`an integer of more than ${Integer.maxIntegerBytes} bytes`)
    }
    if (BigInt.asIntN(32, value) !== value) {
      const digits = Integer.encode(value)
      return this.output.writeDigits(sized(digits.length, Opcode.LONG1, Opcode.LONG4), digits)
    }
    const small = Number(value)
    if (small >= 0 && small <= 0xff) this.output.write(Opcode.BININT1, small)
    else if (small >= 0 && small <= 0xffff) this.output.write(Opcode.BININT2, small, small >>> 8)
    else this.output.write(Opcode.BININT, ...u32(small))
  }

  private float(value: number): void {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setFloat64(0, value)
    this.output.writeDigits([Opcode.BINFLOAT], bytes)
  }

  private text(value: string, shared: boolean): void {
    if (loneSurrogate.test(value)) return this.refuse("text with half a surrogate pair")
    const bytes = encoder.encode(value)
    this.output.writeContents(sized(bytes.length, Opcode.SHORT_BINUNICODE, Opcode.BINUNICODE), bytes)
    this.remember(shared ? value : undefined)
  }

  private bytes(value: Uint8Array): void {
    const content = value.length <= shortLength ? String.fromCharCode(...value) : undefined
    const index = content === undefined ? undefined : this.memoOfBytes.get(content)
    if (index !== undefined) return this.get(index)
    if (content !== undefined) this.memoOfBytes.set(content, this.remembered)
    this.output.writeContents(headerOfBytes(value.length), value)
    this.remember(value)
  }

  /**
   * Protocol 4 has no opcode for a bytearray, so Python writes the call of its constructor. What the call is made of
   * is remembered with everything else; of that only the module's name is ever the same object as something else.
   */
  private byteArray(value: ByteArray): void {
    if (!this.recall(ByteArray)) {
      this.output.boundary()
      if (!this.recall("builtins")) this.text("builtins", true)
      this.output.boundary()
      this.text("bytearray", false)
      this.output.write(Opcode.STACK_GLOBAL)
      this.remember(ByteArray)
    }
    this.output.boundary()
    if (value.bytes.length === 0) this.output.write(Opcode.EMPTY_TUPLE)
    else {
      this.output.boundary()
      this.output.writeContents(headerOfBytes(value.bytes.length), value.bytes)
      this.remember(undefined)
      this.output.write(Opcode.TUPLE1)
      this.remember(undefined)
    }
    this.output.write(Opcode.REDUCE)
    this.remember(value)
  }

  private *list(items: ReadonlyArray<unknown>): Parts {
    this.output.write(Opcode.EMPTY_LIST)
    this.remember(items)
    if (items.length === 1) {
      yield items[0]
      return this.output.write(Opcode.APPEND)
    }
    for (let from = 0; from < items.length; from += batch) {
      this.output.write(Opcode.MARK)
      for (let at = from; at < Math.min(from + batch, items.length); at++) yield items[at]
      this.output.write(Opcode.APPENDS)
    }
  }

  private *tuple(tuple: Tuple): Parts {
    const { items } = tuple
    const few = [Opcode.EMPTY_TUPLE, Opcode.TUPLE1, Opcode.TUPLE2, Opcode.TUPLE3][items.length]
    if (few === undefined) this.output.write(Opcode.MARK)
    yield* items
    this.hashing.inspect(tuple)
    const index = this.memo.get(tuple)
    if (index !== undefined) {
      // It contains itself, by way of a list or a dict, and was completed there.
      this.output.write(...(few === undefined ? [Opcode.POP_MARK] : items.map(() => Opcode.POP)))
      return this.get(index)
    }
    this.output.write(few ?? Opcode.TUPLE)
    if (items.length > 0) this.remember(tuple)
  }

  /** Quirk: a full last batch is followed by an empty one, as CPython only then notices the end. Lists have none. */
  private *table(table: ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>, empty: number, fill: number): Parts {
    this.output.write(empty)
    this.remember(table)
    if (table.size === 0) return
    const single = fill === Opcode.SETITEMS && table.size === 1
    if (!single) this.output.write(Opcode.MARK)
    let count = 0
    for (const [key, item] of table.entries()) {
      yield key
      this.checkHashable(key)
      if (fill === Opcode.SETITEMS) yield item
      if (++count % batch === 0) this.output.write(fill, Opcode.MARK)
    }
    this.output.write(single ? Opcode.SETITEM : fill)
  }

  private *frozenSet(frozen: FrozenSet): Parts {
    this.output.write(Opcode.MARK)
    for (const item of frozen.items) {
      yield item
      this.checkHashable(item)
    }
    this.output.write(Opcode.FROZENSET)
    this.remember(frozen)
  }

  private checkHashable(value: unknown): void {
    const refusal = this.hashing.refusal(value)
    if (refusal !== undefined) this.refuse(refusal)
  }

  /** Remembers what was written last. What has no `key` takes its place and is not found again. */
  private remember(key: unknown): void {
    if (this.remembered === maxRemembered) this.refuse(`more than ${maxRemembered} strings and objects`)
    else {
      if (key !== undefined) this.memo.set(key, this.remembered)
      this.remembered++
      this.output.write(Opcode.MEMOIZE)
    }
  }

  /** Writes a reference to what was written before, if it was. */
  private recall(key: unknown): boolean {
    const index = this.memo.get(key)
    if (index === undefined) return false
    this.get(index)
    return true
  }

  private get(index: number): void {
    if (index <= 0xff) this.output.write(Opcode.BINGET, index)
    else this.output.write(Opcode.LONG_BINGET, ...u32(index))
  }
}

const headerOfBytes = (length: number): ReadonlyArray<number> =>
  length < 2 ** 32
    ? sized(length, Opcode.SHORT_BINBYTES, Opcode.BINBYTES)
    : [Opcode.BINBYTES8, ...u32(length % 2 ** 32), ...u32(Math.floor(length / 2 ** 32))]
