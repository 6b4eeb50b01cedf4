/**
 * An immutable map in the order of its keys. A change makes another map, which shares all but one path with the old one.
 *
 * A weight-balanced tree, as Haskell's `Data.Map`: every operation takes time with the logarithm of the size, whatever
 * keys a stranger chooses. Effect's HashMap has a hash of 32 bits; ids that were chosen to collide make a list of it.
 */
import type { Order } from "effect"

interface Node<K, A> {
  readonly key: K
  readonly value: A
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

const node = <K, A>({ key, value }: Pick<Node<K, A>, "key" | "value">, left: Tree<K, A>, right: Tree<K, A>) => ({
  key,
  value,
  size: sizeOf(left) + sizeOf(right) + 1,
  left,
  right
})

// One side may be three times as large as the other. Its inner side may be twice as large as its outer one.
const sideRatio = 3
const innerRatio = 2

type Entry<K, A> = Pick<Node<K, A>, "key" | "value">

/** A node whose sides may differ by one entry more than they may. */
const balanced = <K, A>(entry: Entry<K, A>, left: Tree<K, A>, right: Tree<K, A>): Node<K, A> => {
  const [one, other] = [sizeOf(left), sizeOf(right)]
  if (one + other < 2) return node(entry, left, right)
  if (right !== undefined && other > sideRatio * one) return rotatedLeft(entry, left, right)
  if (left !== undefined && one > sideRatio * other) return rotatedRight(entry, left, right)
  return node(entry, left, right)
}

const rotatedLeft = <K, A>(entry: Entry<K, A>, left: Tree<K, A>, right: Node<K, A>): Node<K, A> => {
  const inner = right.left
  return inner === undefined || inner.size < innerRatio * sizeOf(right.right)
    ? node(right, node(entry, left, inner), right.right)
    : node(inner, node(entry, left, inner.left), node(right, inner.right, right.right))
}

const rotatedRight = <K, A>(entry: Entry<K, A>, left: Node<K, A>, right: Tree<K, A>): Node<K, A> => {
  const inner = left.right
  return inner === undefined || inner.size < innerRatio * sizeOf(left.left)
    ? node(left, left.left, node(entry, inner, right))
    : node(inner, node(left, left.left, inner.left), node(entry, inner.right, right))
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
    const sign = order(key, tree.key)
    if (sign < 0) return balanced(tree, insert(tree.left), tree.right)
    if (sign > 0) return balanced(tree, tree.left, insert(tree.right))
    return node({ key, value }, tree.left, tree.right)
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
    if (sign < 0) return balanced(tree, without(left), right)
    if (sign > 0) return balanced(tree, left, without(right))
    return right === undefined ? left : balanced(firstOf(right), left, withoutFirst(right))
  }
  return has(map, key) ? { order, root: without(map.root) } : map
}

/** The value of the least key. */
export const first = <K, A>({ root }: SortedMap<K, A>): A | undefined =>
  root === undefined ? undefined : firstOf(root).value

/** The value of the greatest key. */
export const last = <K, A>({ root }: SortedMap<K, A>): A | undefined => {
  let at = root
  while (at?.right !== undefined) at = at.right
  return at?.value
}

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
