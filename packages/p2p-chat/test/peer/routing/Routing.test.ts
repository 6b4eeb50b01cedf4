/** The rules of a routing table, one by one: neighbours come, announce and go, and each is told what it has to know. */
import { assert, describe, it } from "@effect/vitest"
import { id } from "../Network.ts"
import { join, leave, peer } from "./Peer.ts"

describe("a route", () => {
  it("leads to the neighbour that announced it, whatever via says", () => {
    const one = peer([2, 3])
    const step = one.hear(2, join(10, 4, 3), join(11, 1, 1))
    assert.deepStrictEqual(step.joined, [id(10), id(11)])
    assert.deepStrictEqual(one.table(), ["2: 1 via 2", "3: 1 via 3", "10: 5 via 2", "11: 2 via 2"])
  })

  it.each([
    { what: "the peer itself", number: 1 },
    { what: "another neighbour", number: 3 },
    { what: "the one who says it", number: 2 },
    { what: "id 0, which an original never forgets", number: 0 }
  ])("is not changed by a JOIN or LEAVE for $what", ({ number }) => {
    const one = peer([2, 3])
    for (const announcement of [join(number), leave(number)]) {
      const { changed, joined, left } = one.hear(2, announcement)
      assert.deepStrictEqual({ changed, joined, left }, { changed: false, joined: [], left: [] })
      assert.deepStrictEqual(one.table(), ["2: 1 via 2", "3: 1 via 3"])
    }
  })

  it("is found by what the peer that was joined had said of a neighbour before that one went", () => {
    const one = peer([3])
    one.enter(2)
    one.hear(2, join(3, 1))
    assert.deepStrictEqual(one.detach(3).left, [])
    assert.deepStrictEqual(one.table(), ["3: 2 via 2", "2: 1 via 2"])
  })

  it("is not found by what a joiner had said of another one before that one went, unless it says it again", () => {
    const one = peer([2, 3])
    one.hear(2, join(3, 1))
    assert.deepStrictEqual(one.detach(3).left, [id(3)])
    assert.deepStrictEqual(one.table(), ["2: 1 via 2"])
    one.hear(2, join(3, 1))
    assert.deepStrictEqual(one.table(), ["2: 1 via 2", "3: 2 via 2"])
  })

  it("is told again to one of ours that says LEAVE of a peer that is connected here", () => {
    const one = peer([2, 3])
    assert.deepStrictEqual(one.told(2), ["JOIN 3 1 via 1"])
    one.hear(2, leave(3))
    assert.deepStrictEqual(one.told(2), ["JOIN 3 1 via 1"])
  })

  it("stays when somebody withdraws it who did not announce it", () => {
    const one = peer([2, 3])
    one.hear(2, join(10))
    assert.isFalse(one.hear(3, leave(10), leave(11)).changed)
    assert.deepStrictEqual(one.table(), ["2: 1 via 2", "3: 1 via 3", "10: 2 via 2"])
  })

  it("stays when somebody announces a shorter one, and gives way to the shortest when it gets longer or ends", () => {
    const one = peer([2, 3, 4])
    one.hear(2, join(10, 3))
    assert.isFalse(one.hear(3, join(10, 1)).changed)
    assert.isFalse(one.hear(4, join(10, 2)).changed)
    one.hear(2, join(10, 4))
    assert.strictEqual(one.table().at(-1), "10: 2 via 3")
    assert.deepStrictEqual(one.hear(3, leave(10)).left, [])
    assert.strictEqual(one.table().at(-1), "10: 3 via 4")
    one.detach(4)
    assert.strictEqual(one.table().at(-1), "10: 5 via 2")
    assert.deepStrictEqual(one.hear(2, leave(10)).left, [id(10)])
    assert.deepStrictEqual(one.table(), ["2: 1 via 2", "3: 1 via 3"])
  })

  it("stays what it is among equals", () => {
    const one = peer([2, 3])
    one.hear(3, join(10, 2))
    assert.isFalse(one.hear(2, join(10, 2)).changed)
    assert.strictEqual(one.table().at(-1), "10: 3 via 3")
  })

  it("is forgotten with the neighbour that it leads through, unless another one announces it", () => {
    const one = peer([2, 3])
    one.hear(2, join(10), join(11), join(12))
    one.hear(3, join(11, 7))
    assert.deepStrictEqual(one.detach(2).left, [2, 10, 12].map(id))
    assert.deepStrictEqual(one.table(), ["3: 1 via 3", "11: 8 via 3"])
  })

  it("counts one hop where none is said, as by an original", () => {
    const one = peer([2], [2])
    one.hear(2, join(10, 0))
    assert.strictEqual(one.table().at(-1), "10: 2 via 2")
  })

  it("ends at maxHops", () => {
    const one = peer([2], [], { maxHops: 4 })
    assert.deepStrictEqual(one.hear(2, join(10, 3), join(11, 4), join(12, 2 ** 32 - 1)).joined, [id(10)])
    assert.deepStrictEqual(one.hear(2, join(10, 4)).left, [id(10)])
    assert.deepStrictEqual(one.table(), ["2: 1 via 2"])
  })

  it("is not taken in beyond maxPeers of one neighbour, until there is room", () => {
    const one = peer([2, 3], [], { maxPeers: 2 })
    assert.isFalse(one.hear(2, join(10), join(11)).overflowed)
    const step = one.hear(2, join(12), join(10, 5))
    assert.deepStrictEqual([step.overflowed, step.joined], [true, []])
    assert.deepStrictEqual(one.table().slice(2), ["10: 6 via 2", "11: 2 via 2"])
    assert.isFalse(one.hear(3, join(12)).overflowed)
    assert.isFalse(one.hear(2, leave(10), join(13)).overflowed)
  })

  it("keeps its place among the others as long as there is one, whoever it leads to", () => {
    const one = peer([2, 3])
    one.hear(2, join(30), join(20), join(10))
    one.hear(3, join(20, 5))
    one.hear(2, leave(20), join(30, 4))
    assert.deepStrictEqual(one.table(), ["2: 1 via 2", "3: 1 via 3", "30: 5 via 2", "20: 6 via 3", "10: 2 via 2"])
    one.hear(3, leave(20))
    one.hear(3, join(20))
    assert.deepStrictEqual(one.table().slice(2), ["30: 5 via 2", "10: 2 via 2", "20: 2 via 3"])
  })

  it("makes an id taken, as being oneself does", () => {
    const one = peer([2])
    one.hear(2, join(10))
    assert.deepStrictEqual([1, 2, 10, 11].map(one.isTaken), [true, true, true, false])
  })

  it("is not made by somebody who is no neighbour", () => {
    const one = peer([2])
    assert.isFalse(one.hear(3, join(10)).changed)
    assert.deepStrictEqual(one.told(3), [])
  })
})

describe("a neighbour", () => {
  it("is told of everybody when it comes, but not of itself", () => {
    const one = peer([2])
    one.hear(2, join(10, 3))
    one.attach(3)
    assert.deepStrictEqual(one.told(3), ["JOIN 2 1 via 1", "JOIN 10 4 via 1"])
    assert.deepStrictEqual(one.told(2), ["JOIN 3 1 via 1"])
  })

  it("is not told what it said itself, and what leads through it is withdrawn", () => {
    const one = peer([2, 3])
    one.hear(2, join(10, 3))
    assert.deepStrictEqual([one.told(2), one.told(3)], [["JOIN 3 1 via 1"], ["JOIN 2 1 via 1", "JOIN 10 4 via 1"]])
    one.hear(3, join(10, 1))
    one.hear(2, leave(10))
    assert.deepStrictEqual([one.told(2), one.told(3)], [["JOIN 10 2 via 1"], ["LEAVE 10"]])
  })

  it("is told each thing once, and withdrawn once", () => {
    const one = peer([2, 3])
    one.told(3)
    one.hear(2, join(10), join(10))
    assert.deepStrictEqual([one.told(3), one.told(3)], [["JOIN 10 2 via 1"], []])
    one.hear(2, join(10))
    assert.deepStrictEqual(one.told(3), [])
    one.hear(2, leave(10), leave(10))
    assert.deepStrictEqual([one.told(3), one.told(3)], [["LEAVE 10"], []])
  })

  it("is told nothing of what came and went before there was time to say it", () => {
    const one = peer([2, 3])
    one.told(3)
    one.hear(2, join(10), leave(10))
    one.hear(2, join(11))
    one.hear(2, leave(11))
    assert.deepStrictEqual(one.told(3), [])
  })

  it("of ours is told when a way becomes longer", () => {
    const one = peer([2, 3])
    one.hear(2, join(10, 1))
    one.told(3)
    one.hear(2, join(10, 2))
    assert.deepStrictEqual(one.told(3), ["JOIN 10 3 via 1"])
  })

  it("that goes is withdrawn from all others with everything behind it", () => {
    const one = peer([2, 3, 4])
    one.hear(2, join(10), join(11))
    for (const number of [3, 4]) one.told(number)
    one.detach(2)
    for (const number of [3, 4]) assert.deepStrictEqual(one.told(number), ["LEAVE 2", "LEAVE 10", "LEAVE 11"])
  })

  it("is in a circle as long as another one of ours announces it", () => {
    const one = peer([2, 3, 4], [4])
    one.hear(2, join(2))
    one.hear(4, join(2))
    assert.isFalse(one.isInCircle(2))
    one.hear(3, join(2, 5))
    assert.deepStrictEqual([2, 3].map(one.isInCircle), [true, false])
    one.hear(3, leave(2))
    assert.isFalse(one.isInCircle(2))
  })

  it("is told of those for whom there was no room when others go, of as many as there is room for", () => {
    const one = peer([2, 3, 4], [], { maxPeers: 4 })
    one.hear(2, join(10), join(11))
    one.hear(4, join(12), join(13))
    assert.deepStrictEqual(one.told(3), ["JOIN 2 1 via 1", "JOIN 4 1 via 1", "JOIN 10 2 via 1", "JOIN 11 2 via 1"])
    assert.strictEqual(one.waiting(3), 2)
    one.hear(2, leave(10))
    assert.deepStrictEqual([one.told(3), one.waiting(3)], [["LEAVE 10"], 1])
    assert.deepStrictEqual([one.told(3).length, one.told(3)], [1, []])
    one.detach(2)
    assert.deepStrictEqual(one.told(3), ["LEAVE 2", "LEAVE 11"])
    assert.strictEqual(one.told(3).length, 1)
    assert.deepStrictEqual(one.told(3), [])
  })

  it("is told nothing of those for whom there was no room when they have gone meanwhile", () => {
    const one = peer([2, 3], [], { maxPeers: 2 })
    one.hear(2, join(10), join(11))
    assert.deepStrictEqual(one.told(3), ["JOIN 2 1 via 1", "JOIN 10 2 via 1"])
    one.hear(2, leave(11))
    assert.deepStrictEqual([one.waiting(3), one.told(3), one.waiting(3)], [1, [], 0])
    one.hear(2, leave(10))
    assert.deepStrictEqual([one.told(3), one.told(3)], [["LEAVE 10"], []])
  })

  it("that comes back is told everything anew", () => {
    const one = peer([2, 3])
    assert.deepStrictEqual(one.told(2), ["JOIN 3 1 via 1"])
    one.detach(2)
    one.attach(2)
    assert.deepStrictEqual(one.told(2), ["JOIN 3 1 via 1"])
  })
})

describe("a message", () => {
  it.each([
    { what: "its own neighbour's", via: 2, from: 2, sender: "Verified" },
    { what: "from behind the neighbour that it came over", via: 2, from: 10, sender: "Relayed" },
    { what: "from nobody that is known", via: 2, from: 99, sender: "Relayed" },
    { what: "from behind another neighbour", via: 3, from: 10, sender: "Mismatch" },
    { what: "another neighbour's", via: 3, from: 2, sender: "Mismatch" },
    { what: "the peer's own", via: 2, from: 1, sender: "Mismatch" }
  ])("that claims to be $what is $sender", ({ from, sender, via }) => {
    const one = peer([2, 3])
    one.hear(2, join(10))
    assert.strictEqual(one.judge(via, from), sender)
  })
})
