/** Lines of the demo's timeline. */
import { assert, it } from "@effect/vitest"
import { line } from "../src/demo/Timeline.ts"
import { none } from "../src/room/Style.ts"

it("lines times and actors up", () => {
  assert.deepStrictEqual([
    line(none, { kind: "Headline", who: "", did: "They talk" }, 0),
    line(none, { kind: "Step", who: "ann", did: "says hi" }, 420),
    line(none, { kind: "Step", who: "everybody", did: "hears\u001B it" }, 12_345)
  ], [
    "\nThey talk",
    "  0.42s  ann       says hi",
    " 12.35s  everybody hears\uFFFD it"
  ])
})
