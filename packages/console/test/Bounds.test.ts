/** How much of a peer a frame has at most, and what becomes of the rest. */
import { assert, describe } from "@effect/vitest"
import { Array } from "effect"
import { bounds } from "../src/api/Frame.ts"
import { bytesOf } from "../src/Cut.ts"
import * as FakePanel from "./FakePanel.ts"
import { open, scene } from "./Pages.ts"
import { effect } from "./Test.ts"

describe("a frame", () => {
  const long = "é".repeat(100_000)

  effect("is no longer than its bytes, whatever the peer has", function*() {
    const rows = Array.makeBy(2000, (n) => ({ id: `${n}`, cells: [long, long] }))
    const { frames } = yield* scene({
      members: Array.makeBy(2000, (n) => ({ ...FakePanel.member(`${n}`), name: long, detail: long })),
      rows,
      said: Array.makeBy(500, (n) => FakePanel.message(n, long)),
      lines: Array.makeBy(500, (n) => ({ n, at: 0, level: "INFO", text: long }))
    })
    const { first } = yield* open(frames)
    assert.isAtMost(bytesOf(first), bounds.frame)
    for (const list of [first.members?.list, first.tables?.["bans"]?.rows, first.said, first.lines]) {
      assert.isNotEmpty(list)
    }
    assert.strictEqual(first.said.at(-1)?.n, 499)
    assert.strictEqual((first.members?.list.length ?? 0) + (first.members?.more ?? 0), 2000)
    const bans = first.tables?.["bans"]
    assert.strictEqual((bans?.rows.length ?? 0) + (bans?.more ?? 0), 2000)
    assert.isAtMost(bytesOf(yield* frames.history("")), bounds.frame)
  })

  effect("has five hundred rows of a list, and says how many more there are", function*() {
    const { frames } = yield* scene({ members: Array.makeBy(1704, (n) => FakePanel.member(`${n}`)) })
    const { first } = yield* open(frames)
    assert.deepStrictEqual([first.members?.list.length, first.members?.more], [500, 1204])
  })

  effect("has what came from elsewhere as text that controls nothing, and says what is cut", function*() {
    const { frames } = yield* scene({
      members: [{ ...FakePanel.member("x"), name: "\u001B[31mann\n\u202Ebob" }],
      said: [
        FakePanel.message(0, "<img src=x onerror=alert(1)>\nline\u0007"),
        FakePanel.message(1, long),
        FakePanel.message(2, { big: 12345678901234567890n, "\u001Bkey": ["\u202E"] })
      ]
    })
    const { first } = yield* open(frames)
    assert.strictEqual(first.members?.list[0]?.name, "\uFFFD[31mann \uFFFDbob")
    const [html, cut, json] = first.said
    assert.deepStrictEqual([html?.data, html?.cut], ["<img src=x onerror=alert(1)>\nline\uFFFD", false])
    assert.isTrue(cut?.cut)
    assert.isAtMost(bytesOf(cut?.data), bounds.text + 8)
    assert.deepStrictEqual(json?.data, { big: "12345678901234567890", "\uFFFDkey": ["\uFFFD"] })
  })
})
