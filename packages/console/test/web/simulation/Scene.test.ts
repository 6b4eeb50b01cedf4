/** What is painted at a moment. */
import { assert, describe, it } from "@effect/vitest"
import { sceneAt } from "../../../web/simulation/scene.ts"
import { packet } from "./Kit.ts"

const places = new Map([["1", { x: 0, y: 0 }], ["2", { x: 100, y: 0 }]])

const at = (now: number, given: Parameters<typeof packet>[0], speed = 1) =>
  sceneAt([packet(given)], { now, speed, places }).map((mark) => ({ ...mark, part: Math.round(mark.part * 100) }))

describe("a scene", () => {
  it("has a packet on its way for as long as it takes, in slow motion", () => {
    assert.deepInclude(at(50, {}, 0.1)[0], { _tag: "Comet", part: 50, tone: "message" })
    assert.deepInclude(at(0, {}, 0.1)[0], { _tag: "Comet", part: 0 })
  })

  it("has it for as long as the eye needs, where it is faster than that", () => {
    assert.deepInclude(at(85, {}, 1)[0], { _tag: "Comet", part: 50 })
    assert.deepInclude(at(340, {}, 4)[0], { _tag: "Comet", part: 50 })
  })

  it("rings where a message arrived, and nowhere else", () => {
    assert.deepInclude(at(170 + 160, {})[0], { _tag: "Ring", part: 50, at: { x: 100, y: 0 } })
    assert.deepStrictEqual(at(170 + 160, { kind: "heartbeat" }), [])
    assert.deepStrictEqual(at(600, {}), [])
  })

  it("lets a packet die before the middle of a cut link, and at the door of a host that is down", () => {
    assert.deepInclude(at(85, { dropped: "cut" })[0], { _tag: "Comet", part: 50, to: { x: 42, y: 0 } })
    assert.deepInclude(at(170 + 325, { dropped: "lost" })[0], { _tag: "Cross", part: 50, at: { x: 42, y: 0 } })
    assert.deepInclude(at(325, { dropped: "down" })[0], { _tag: "Cross", part: 50, at: { x: 100, y: 0 } })
    assert.deepStrictEqual(at(900, { dropped: "cut" }), [])
  })

  it("spreads a broadcast from its host", () => {
    assert.deepInclude(at(260, { to: "all", kind: "datagram" })[0], { _tag: "Wave", part: 50, at: { x: 0, y: 0 } })
  })

  it("has nothing of the future, of hosts that nobody knows, and of long ago", () => {
    assert.deepStrictEqual(at(0, { at: 1 }), [])
    assert.deepStrictEqual(at(1, { from: "7" }), [])
    assert.deepStrictEqual(at(1, { to: "7" }), [])
    assert.deepStrictEqual(at(9000, { arrives: 10_000 }), [])
  })
})
