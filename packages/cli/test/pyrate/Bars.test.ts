/** The bars of files on their way, beside each other. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import * as Bars from "../../src/pyrate/Bars.ts"
import { none } from "../../src/room/Style.ts"
import { effect } from "../Test.ts"

effect("has what was asked for here first, and says how many more there are", function*() {
  let lines: ReadonlyArray<string> = []
  const bars = Bars.make({ style: none, status: (draw) => Effect.sync(() => void (lines = draw(100))) })
  for (let n = 0; n < 20; n++) yield* bars.serve({ name: "a.txt", peer: `10.0.0.3:${n}`, bytes: 0, total: 9 })
  yield* Effect.forkScoped(bars.during({ name: "b.txt", peer: "10.0.0.2:5005" }, Effect.never), {
    startImmediately: true
  })
  assert.strictEqual(lines.length, 9)
  assert.match(lines[0] ?? "", /^b\.txt/)
  assert.match(lines[1] ?? "", /^a\.txt to 10\.0\.0\.3:0 .* 0% {2}0 bytes of 9 bytes$/)
  assert.strictEqual(lines.at(-1), "and 13 more")
  for (let n = 0; n < 20; n++) yield* bars.serve({ name: "a.txt", peer: `10.0.0.3:${n}`, bytes: 9, total: 9 })
  assert.strictEqual(lines.length, 1)
})
