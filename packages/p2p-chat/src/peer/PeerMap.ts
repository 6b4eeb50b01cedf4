/**
 * A map by id that never changes: a change makes another one, which shares all but a few nodes with it. It has no order.
 *
 *     branch     up to 32 children, told apart by five bits of a place at each level
 *     place      all 64 bits of an id, stirred so that ids made one after another spread
 *
 * Whoever chooses ids to meet gets them 14 levels deep at most; of a map by a hash of 32 bits he could make a list.
 */
import type { PeerId } from "../codec/PeerId.ts"

/** Values by id. */
export interface PeerMap<A extends {}> {
  readonly size: number
  readonly root: Branch<A>
}

/** Where an id stands: two times 32 bits. */
interface Place {
  readonly near: number
  readonly far: number
}

interface Leaf<A> {
  readonly _tag: "Leaf"
  readonly place: Place
  readonly id: PeerId
  readonly value: A
}

interface Branch<A> {
  readonly _tag: "Branch"
  /** Which of the 32 children there are. */
  readonly bits: number
  readonly children: ReadonlyArray<Node<A>>
}

type Node<A> = Leaf<A> | Branch<A>

const bare: Branch<never> = { _tag: "Branch", bits: 0, children: [] }

/** A map without entries. */
export const empty: PeerMap<never> = { size: 0, root: bare }

// Each step can be undone: odd factors and shifted bits lose nothing. (The numbers are those of well-known hashes.)
const placeOf = (id: PeerId): Place => {
  const far = Number(BigInt.asIntN(32, id >> 32n))
  const near = Math.imul(Number(BigInt.asIntN(32, id)) ^ Math.imul(far, 0x9e3779b1), 0x85ebca6b)
  return { near: near ^ (near >>> 15), far }
}

const isAt = (one: Place, other: Place): boolean => one.near === other.near && one.far === other.far

// Seven levels take up 32 bits.
const half = 7

const bitOf = ({ far, near }: Place, level: number): number =>
  1 << (level < half ? (near >>> (5 * level)) & 31 : (far >>> (5 * (level - half))) & 31)

const ones = (bits: number): number => {
  const pairs = bits - ((bits >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

const indexOf = (bits: number, bit: number): number => ones(bits & (bit - 1))

const find = <A extends {}>({ root }: PeerMap<A>, place: Place): Leaf<A> | undefined => {
  let node: Node<A> | undefined = root
  for (let level = 0; node?._tag === "Branch"; level++) {
    const bit = bitOf(place, level)
    node = (node.bits & bit) === 0 ? undefined : node.children[indexOf(node.bits, bit)]
  }
  return node !== undefined && isAt(node.place, place) ? node : undefined
}

/** The place looked for last: who is looked up is mostly looked up again, and making a place is what takes longest. */
let last: { readonly id: bigint; readonly place: Place } = { id: 0n, place: { near: 0, far: 0 } }

/** The value of an id. */
export const get = <A extends {}>(map: PeerMap<A>, id: PeerId): A | undefined => {
  if (last.id !== id) last = { id, place: placeOf(id) }
  return find(map, last.place)?.value
}

/** True when the id has a value. */
export const has = <A extends {}>(map: PeerMap<A>, id: PeerId): boolean => find(map, placeOf(id)) !== undefined

/** The map in which the id has this value. */
export const set = <A extends {}>(map: PeerMap<A>, id: PeerId, value: A): PeerMap<A> => {
  const place = placeOf(id)
  const before = find(map, place)
  if (before?.value === value) return map
  const root = grow(map.root, { _tag: "Leaf", place, id, value }, 0)
  return { size: before === undefined ? map.size + 1 : map.size, root }
}

const grow = <A>({ bits, children }: Branch<A>, leaf: Leaf<A>, level: number): Branch<A> => {
  const bit = bitOf(leaf.place, level)
  const index = indexOf(bits, bit)
  const child = (bits & bit) === 0 ? undefined : children[index]
  return child === undefined
    ? { _tag: "Branch", bits: bits | bit, children: children.toSpliced(index, 0, leaf) }
    : { _tag: "Branch", bits, children: children.with(index, meet(child, leaf, level + 1)) }
}

/** What stands where a leaf comes to somebody's place. */
const meet = <A>(node: Node<A>, leaf: Leaf<A>, level: number): Node<A> => {
  if (node._tag === "Branch") return grow(node, leaf, level)
  return isAt(node.place, leaf.place) ? leaf : grow(grow(bare, node, level), leaf, level)
}

/** The map without the id. */
export const remove = <A extends {}>(map: PeerMap<A>, id: PeerId): PeerMap<A> => {
  const place = placeOf(id)
  if (find(map, place) === undefined) return map
  const root = shrink(map.root, place, 0)
  return { size: map.size - 1, root: root?._tag === "Branch" ? root : root === undefined ? bare : grow(bare, root, 0) }
}

/** A branch without a leaf that is there. Of a single leaf nothing but itself remains, so that no ways stay long. */
const shrink = <A>({ bits, children }: Branch<A>, place: Place, level: number): Node<A> | undefined => {
  const bit = bitOf(place, level)
  const index = indexOf(bits, bit)
  const child = children[index]
  const rest = child?._tag === "Branch" ? shrink(child, place, level + 1) : undefined
  const left = rest === undefined ? children.toSpliced(index, 1) : children.with(index, rest)
  const [first] = left
  if (first === undefined || (first._tag === "Leaf" && left.length === 1)) return first
  return { _tag: "Branch", bits: rest === undefined ? bits ^ bit : bits, children: left }
}

/** Up to `most` entries, in no order. Takes time with their number only. */
export const entries = <A extends {}>(map: PeerMap<A>, most = Infinity): ReadonlyArray<readonly [PeerId, A]> => {
  const found: Array<readonly [PeerId, A]> = []
  const waiting: Array<Node<A>> = [map.root]
  while (found.length < most) {
    const node = waiting.pop()
    if (node === undefined) break
    if (node._tag === "Leaf") found.push([node.id, node.value])
    else waiting.push(...node.children)
  }
  return found
}
