/**
 * An immutable map in the order of its keys. A change makes another map, which shares all but one path with the old one.
 *
 * A weight-balanced tree, as Haskell's `Data.Map`: every operation takes time with the logarithm of the size, whatever
 * keys a stranger chooses. Effect's HashMap has a hash of 32 bits; ids that were chosen to collide make a list of it.
 */
import type { Order } from "effect"

interface Entry<K, A> {
  readonly key: K
  readonly value: A
}

interface Node<K, A> extends Entry<K, A> {
  readonly size: number
  readonly left: Tree<K, A>
  readonly right: Tree<K, A>
}

type Tree<K, A> = Node<K, A> | undefined

/** Values by key. */
export interface SortedMap<K, A> {
  readonly order: Order.Order<K>
  readonly root: Tree<K, A>
}

/** A map without entries. */
export const empty = <K, A>(order: Order.Order<K>): SortedMap<K, A> => ({ order, root: undefined })

const sizeOf = <K, A>(tree: Tree<K, A>): number => tree === undefined ? 0 : tree.size

/** The number of entries. */
export const size = <K, A>({ root }: SortedMap<K, A>): number => sizeOf(root)

const node = <K, A>({ key, value }: Entry<K, A>, left: Tree<K, A>, right: Tree<K, A>): Node<K, A> => ({
  key,
  value,
  size: sizeOf(left) + sizeOf(right) + 1,
  left,
  right
})

// One side may be three times as large as the other. Its inner side may be twice as large as its outer one.
const sideRatio = 3
const innerRatio = 2

/** A node of two sides, one of which may have an entry too many or too few. */
const balanced = <K, A>(entry: Entry<K, A>, left: Tree<K, A>, right: Tree<K, A>): Node<K, A> => {
  const [one, other] = [sizeOf(left), sizeOf(right)]
  if (right !== undefined && one + other > 1 && other > sideRatio * one) {
    const { left: inner, right: outer } = right
    return inner === undefined || inner.size < innerRatio * sizeOf(outer)
      ? node(right, node(entry, left, inner), outer)
      : node(inner, node(entry, left, inner.left), node(right, inner.right, outer))
  }
  if (left !== undefined && one + other > 1 && one > sideRatio * other) {
    const { left: outer, right: inner } = left
    return inner === undefined || inner.size < innerRatio * sizeOf(outer)
      ? node(left, outer, node(entry, inner, right))
      : node(inner, node(left, outer, inner.left), node(entry, inner.right, right))
  }
  return node(entry, left, right)
}

const find = <K, A>({ order, root }: SortedMap<K, A>, key: K): Tree<K, A> => {
  let at = root
  while (at !== undefined) {
    const sign = order(key, at.key)
    if (sign === 0) return at
    at = sign < 0 ? at.left : at.right
  }
  return undefined
}

/** The value of a key. */
export const get = <K, A>(map: SortedMap<K, A>, key: K): A | undefined => find(map, key)?.value

/** True when the key has a value. */
export const has = <K, A>(map: SortedMap<K, A>, key: K): boolean => find(map, key) !== undefined

/** The map in which the key has this value. */
export const set = <K, A>({ order, root }: SortedMap<K, A>, key: K, value: A): SortedMap<K, A> => {
  const insert = (tree: Tree<K, A>): Node<K, A> => {
    if (tree === undefined) return node({ key, value }, undefined, undefined)
    const { left, right } = tree
    const sign = order(key, tree.key)
    if (sign === 0) return node({ key, value }, left, right)
    return sign < 0 ? balanced(tree, insert(left), right) : balanced(tree, left, insert(right))
  }
  return { order, root: insert(root) }
}

const firstOf = <K, A>(tree: Node<K, A>): Node<K, A> => tree.left === undefined ? tree : firstOf(tree.left)

const withoutFirst = <K, A>(tree: Node<K, A>): Tree<K, A> =>
  tree.left === undefined ? tree.right : balanced(tree, withoutFirst(tree.left), tree.right)

/** The map without the key. */
export const remove = <K, A>(map: SortedMap<K, A>, key: K): SortedMap<K, A> => {
  const { order } = map
  const without = (tree: Tree<K, A>): Tree<K, A> => {
    if (tree === undefined) return undefined
    const { left, right } = tree
    const sign = order(key, tree.key)
    if (sign !== 0) return sign < 0 ? balanced(tree, without(left), right) : balanced(tree, left, without(right))
    return right === undefined ? left : balanced(firstOf(right), left, withoutFirst(right))
  }
  return has(map, key) ? { order, root: without(map.root) } : map
}

/** The value of the least key. */
export const first = <K, A>({ root }: SortedMap<K, A>): A | undefined =>
  root === undefined ? undefined : firstOf(root).value

/** The entries in the order of their keys. Takes time with those that are looked at only. */
export function* entries<K, A>({ root }: SortedMap<K, A>): Generator<readonly [K, A]> {
  const above: Array<Node<K, A>> = []
  let at = root
  while (true) {
    for (; at !== undefined; at = at.left) above.push(at)
    const next = above.pop()
    if (next === undefined) return
    yield [next.key, next.value]
    at = next.right
  }
}
