/**
 * What was read lately, by the bytes it was read from. Where many peers live in one process, as in a simulated network,
 * each of them receives the same long message: it is read once, and all share the value.
 */

// Shorter frames are read anew, which costs less than to look for them.
const shortest = 512
// Peers that receive the same are a few messages apart at most.
const most = 4

interface Known<A> {
  readonly frame: Uint8Array
  readonly value: A
}

/** Compares from the end: a list that has grown differs there. */
const isSame = (one: Uint8Array, other: Uint8Array): boolean => {
  if (one.length !== other.length) return false
  for (let index = one.length - 1; index >= 0; index--) if (one[index] !== other[index]) return false
  return true
}

/** The latest values. Garbage collection takes them, so none is kept for long in a process with one peer. */
export class Recent<A> {
  private known: ReadonlyArray<WeakRef<Known<A>>> = []

  /** The value that was read from the same bytes; `undefined` where none is known. */
  get(frame: Uint8Array): A | undefined {
    if (frame.length < shortest) return undefined
    for (const reference of this.known) {
      const known = reference.deref()
      if (known !== undefined && isSame(known.frame, frame)) return known.value
    }
    return undefined
  }

  /** Remembers a value that must not change. */
  add(frame: Uint8Array, value: A): void {
    if (frame.length < shortest) return
    this.known = [new WeakRef({ frame: frame.slice(), value }), ...this.known.slice(0, most - 1)]
  }
}
