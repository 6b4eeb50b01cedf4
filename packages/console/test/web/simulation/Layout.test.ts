/** Where hosts stand. */
import { assert, describe, it } from "@effect/vitest"
import { byName, place, type Point, type Shape, shapeOf } from "../../../web/simulation/layout.ts"

const names = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1))
const apart = (one: Point, other: Point) => Math.hypot(one.x - other.x, one.y - other.y)
const desktop = { width: 980, height: 750 }
const phone = { width: 360, height: 460 }

describe("hosts", () => {
  it("stand by their names, in whatever order they come", () => {
    assert.deepStrictEqual(["10", "2", "b", "a"].sort(byName), ["2", "10", "a", "b"])
    assert.deepStrictEqual(
      [...place(["3", "1", "2"], "star", desktop).places].sort(),
      [...place(["1", "2", "3"], "star", desktop).places].sort()
    )
  })

  it("stand around who leads, in a tree where they join so, else in a ring", () => {
    assert.strictEqual(shapeOf("Pyile", [{ role: "member" }, { role: "host" }]), "star")
    assert.strictEqual(shapeOf("Pyrate", [{ role: "bootstrap" }]), "star")
    assert.strictEqual(shapeOf("p2p-chat", [{ role: "peer" }]), "tree")
    assert.strictEqual(shapeOf("PeerPy", [{ role: "peer" }]), "ring")
  })

  it("put the first in the middle of a star", () => {
    const { centre, places } = place(names(20), "star", desktop)
    assert.strictEqual(centre, "1")
    assert.closeTo(places.get("1")?.x ?? 0, 490, 0.01)
    assert.isBelow(places.get("2")?.y ?? 999, 60)
  })

  it("stand further out in a tree the more hosts are between, each near its own", () => {
    const { places } = place(names(15), "tree", desktop)
    const middle = places.get("1") ?? { x: 0, y: 0 }
    const out = (name: string) => apart(middle, places.get(name) ?? middle)
    assert.strictEqual(out("1"), 0)
    assert.isBelow(out("2"), out("4"))
    const [child, own, other] = ["9", "4", "7"].map((name) => places.get(name) ?? middle)
    assert.isBelow(apart(child ?? middle, own ?? middle), apart(child ?? middle, other ?? middle))
  })

  for (const shape of ["star", "ring", "tree"] satisfies ReadonlyArray<Shape>) {
    for (const count of [1, 2, 3, 20, 100]) {
      it(`fit on a desktop and a phone, ${count} in a ${shape}, and none covers another`, () => {
        for (const size of [desktop, phone]) {
          const { places, radius } = place(names(count), shape, size)
          assert.strictEqual(places.size, count)
          const points = [...places.values()]
          for (const { x, y } of points) {
            assert.isTrue(x >= radius && x <= size.width - radius && y >= radius && y <= size.height - radius)
          }
          if (count > 20) continue
          for (const [index, point] of points.entries()) {
            for (const other of points.slice(index + 1)) assert.isAbove(apart(point, other), 2 * radius)
          }
        }
      })
    }
  }

  it("are nobody at first", () => {
    assert.strictEqual(place([], "star", desktop).places.size, 0)
  })
})
