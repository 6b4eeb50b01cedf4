/**
 * The machine that a pickle is a program for: a stack, marks on it, and a memo of what may be used again.
 *
 *     stack   [ a | b c | d ]      marks at 1 and 3: only d can be popped before the upper mark is
 *
 * Whatever allocates is charged before it does, and every opcode takes time in proportion to its own bytes and to what
 * it takes off the stack, so that a pickle costs time and memory in proportion to its length.
 */
import { Crowds } from "./Crowd.ts"
import { Digits, maxAlike } from "./Digits.ts"
import { Input } from "./Input.ts"
import { Cost, type Limits, maxMemory } from "./Limits.ts"
import { isPart, type Item, type Part, Shell } from "./Part.ts"
import { Hashing, type PickleValue, Tuple } from "./Value.ts"

/** Items that an opcode goes through in one slice. */
const itemsPerSlice = 4096

/** What an opcode has still to do. */
interface Rest {
  next: number
  readonly count: number
  readonly visit: (index: number) => void
}

/** The state of one reading. Its methods fail through `input` and go on with None, until the opcode ends. */
export class Machine {
  readonly input: Input
  readonly hashing = new Hashing()
  readonly crowds = new Crowds()
  private readonly digits = new Digits()
  stopped = false
  /** Lists, tuples, dicts, sets and objects made so far. */
  containers = 0
  /** Memory charged so far, in bytes. */
  charged = 0
  private copied = 0
  private readonly memory: number
  private readonly most: number
  private values = 0
  private rest: Rest | undefined
  private readonly stack: Array<Item> = []
  private readonly marks: Array<number> = []
  private readonly memo = new Map<number, Item>()
  private readonly unfilled = new Set<Shell>()

  constructor(bytes: Uint8Array, limits: Limits) {
    this.input = new Input(bytes)
    this.memory = Math.min(limits.memory, maxMemory)
    this.most = limits.values
  }

  /** Charges memory. False, and a failure, when it is more than there may be. */
  charge(bytes: number): boolean {
    this.charged += bytes
    if (this.charged <= this.memory) return true
    this.input.malformed(`a value of more than ${this.memory} bytes of memory`)
    return false
  }

  /**
   * Counts what a constructor copies or looks through. Python makes an argument for one call, or for two (encoded text in a bytearray),
   * so all calls together never copy more than twice the pickle; a pickle that gives one argument to many calls does.
   */
  countCopy(items: number): boolean {
    this.copied += items
    if (this.copied <= 2 * this.input.length) return true
    this.input.malformed("one argument for many calls")
    return false
  }

  push(item: Item): void {
    if (++this.values > this.most) this.input.malformed(`more than ${this.most} values`)
    else if (this.charge(Cost.place)) this.stack.push(item)
  }

  /** Visits the numbers below `count`: at once where they are few, and before the next opcode where they are many. */
  each(count: number, visit: (index: number) => void): void {
    this.rest = { next: 0, count, visit }
    this.proceed()
  }

  /** Does as much as a slice may of what the last opcode has still to do. False where that is nothing. */
  proceed(): boolean {
    const { rest } = this
    if (rest === undefined) return false
    const end = Math.min(rest.count, rest.next + itemsPerSlice)
    while (rest.next < end && !this.over) rest.visit(rest.next++)
    if (rest.next === rest.count) this.rest = undefined
    return true
  }

  /** Whether nothing more is read: after STOP, or after a failure. */
  get over(): boolean {
    return this.stopped || this.input.error !== undefined
  }

  /** Pushes an object. One that is `empty` has to be filled. */
  pushShell(shell: Shell, empty: boolean): void {
    if (empty) this.unfilled.add(shell)
    this.push(shell)
  }

  /** Fills the object on top, once. Refuses what is none, and a state that Python does not write for it. */
  fill(state: Item): void {
    const shell = this.top()
    const value = shell instanceof Shell && !shell.filled ? shell.fill(this, state) : undefined
    if (shell instanceof Shell && value !== undefined) {
      shell.value = value
      shell.filled = true
      this.unfilled.delete(shell)
    } else if (isPart(shell)) this.refuse(shell)
    else this.input.unsafe("BUILD")
  }

  /** Refuses the first object that was made and not filled. */
  refuseUnfilled(): void {
    for (const shell of this.unfilled) return this.refuse(shell)
  }

  /** Refuses what is no value, by the name that it came from. */
  refuse({ global: { module, name, opcode } }: Part): void {
    this.input.unsafe(opcode, [module, name])
  }

  /** Refuses to fill the item on top with parts: it is no container for them. */
  refuseFilling(reason: string): void {
    const item = this.top()
    if (isPart(item)) this.refuse(item)
    else this.input.malformed(reason)
  }

  /** Pushes a new list, tuple, dict, set or object, which was charged. */
  pushContainer(container: PickleValue): void {
    this.containers++
    if (container instanceof Tuple) this.hashing.inspect(container)
    this.push(container)
  }

  /** The topmost item above the mark, which stays. */
  top(): Item {
    const item = this.stack.length > this.fence ? this.stack.at(-1) : undefined
    if (item !== undefined) return item
    this.input.malformed("nothing on the stack")
    return null
  }

  /** The topmost value above the mark, which stays. */
  topValue(): PickleValue {
    return this.value(known(this.top()))
  }

  /** The item that is `below` others, if there is such an item above the mark. */
  peek(below: number): Item | undefined {
    return this.stack.length - below > this.fence ? this.stack.at(-1 - below) : undefined
  }

  /** The item that came first after the last mark. */
  peekAboveMark(): Item | undefined {
    return this.marks.length === 0 ? undefined : this.stack[this.fence]
  }

  pop(): Item {
    const item = this.top()
    if (this.stack.length > this.fence) this.stack.pop()
    return known(item)
  }

  popValue(): PickleValue {
    return this.value(this.pop())
  }

  /** Pops the `count` topmost items, the deepest first. */
  popItems(count: number): Array<Item> {
    if (this.stack.length - count < this.fence) this.input.malformed("nothing on the stack")
    return this.stack.splice(Math.max(this.fence, this.stack.length - count)).map(known)
  }

  /** Pops the `count` topmost values, the deepest first. */
  popValues(count: number): Array<PickleValue> {
    return this.popItems(count).map((item) => this.value(item))
  }

  /** Pops the last mark and all above it. */
  popMarked(): Array<PickleValue> {
    return this.popToMark().map((item) => this.value(item))
  }

  /** Pops the last mark and all items above it, values or not. */
  popToMark(): Array<Item> {
    if (this.marks.length === 0) this.input.malformed("no MARK")
    const items = this.stack.splice(this.fence).map(known)
    this.marks.pop()
    return items
  }

  /** Pops the last mark when it is on top. */
  popMark(): boolean {
    if (this.marks.length === 0 || this.fence !== this.stack.length) return false
    this.marks.pop()
    return true
  }

  mark(): void {
    if (this.charge(Cost.place)) this.marks.push(this.stack.length)
  }

  /** Remembers the topmost item under this index, or under the next that is free. */
  put(index: number = this.memo.size): void {
    const item = this.top()
    if (!this.charge(Cost.entry)) return
    this.memo.set(index, item)
    if (this.memo.size > this.most) this.input.malformed(`more than ${this.most} values in the memo`)
  }

  /** Pushes what is remembered under this index. */
  get(index: number): void {
    const item = this.memo.get(index)
    if (item === undefined) this.input.malformed("nothing in the memo at this index")
    else this.push(item)
  }

  /** Whether nothing is left on the stack, no mark either. */
  get empty(): boolean {
    return this.stack.length === 0 && this.marks.length === 0
  }

  /** Fails when `value` cannot be a key of a dict or in a set. */
  checkHashable(value: PickleValue): void {
    const refusal = this.hashing.refusal(value)
    if (refusal !== undefined) this.input.malformed(refusal)
    else if (typeof value === "bigint" && !this.digits.add(value)) {
      this.input.malformed(`more than ${maxAlike} integers with the same lowest 64 bits as keys or in sets`)
    }
  }

  private get fence(): number {
    return this.marks.at(-1) ?? 0
  }

  private value(item: Item): PickleValue {
    if (!isPart(item)) return item
    this.refuse(item)
    return null
  }
}

/** An object by its value, as soon as it has one. */
const known = (item: Item): Item => item instanceof Shell ? item.value ?? item : item
