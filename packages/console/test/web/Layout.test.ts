/** Routes are drawn where their ids say, whatever the order of the table. */
import { assert, it } from "@effect/vitest"
import { type Node, place } from "../../web/layout.ts"

const self: Node = { id: "self", name: "me", hops: 0 }
const node = (id: string, hops: number, via: string): Node => ({ id, name: id, hops, via })
const nodes = [self, node("a", 1, "a"), node("b", 1, "b"), node("c", 2, "a"), node("d", 2, "a"), node("e", 3, "b")]

const distance = ({ x, y }: { readonly x: number; readonly y: number }) => Math.round(Math.hypot(x, y) * 1000) / 1000
const placeOf = (id: string, all = nodes) => place(all).find((one) => one.node.id === id) ?? assert.fail(`no ${id}`)

it("puts the peer itself in the middle, with nothing before it", () => {
  assert.deepStrictEqual(placeOf("self"), { node: self, x: 0, y: 0, from: undefined })
})

it("puts each node on the ring of its hops", () => {
  assert.deepStrictEqual(["a", "b", "c", "d", "e"].map((id) => distance(placeOf(id))), [0.333, 0.333, 0.667, 0.667, 1])
})

it("draws a branch from the next hop, and a neighbour's from the middle", () => {
  const { x, y } = placeOf("a")
  assert.deepStrictEqual(placeOf("c").from, { x, y })
  assert.deepStrictEqual(placeOf("a").from, { x: 0, y: 0 })
})

it("places the same table the same way in any order", () => {
  const turned = [...nodes].reverse()
  for (const { id } of nodes) assert.deepStrictEqual(placeOf(id, turned), placeOf(id))
})

it("places no two nodes of a large table together", () => {
  const many = [
    self,
    ...Array.from({ length: 12 }, (_, index) => node(`n${index}`, 1, `n${index}`)),
    ...Array.from({ length: 60 }, (_, index) => node(`m${index}`, 2 + index % 3, `n${index % 12}`))
  ]
  const spots = place(many).map(({ x, y }) => `${Math.round(x * 500)} ${Math.round(y * 500)}`)
  assert.strictEqual(new Set(spots).size, many.length)
})

it("gives a node whose next hop is not in the table a sector of its own", () => {
  const { from, node: { id } } = placeOf("x", [self, node("x", 2, "unknown")])
  assert.deepStrictEqual({ from, id }, { from: { x: 0, y: 0 }, id: "x" })
})
