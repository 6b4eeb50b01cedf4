/** The recording is played as it was recorded. */
import { assert, describe, it } from "@effect/vitest"
import { Recording } from "@peerage/testing"
import { createHash } from "node:crypto"
import { scenarios } from "../fixtures/Vectors.ts"
import * as Cues from "./Cues.ts"
import { sessions } from "./Recording.ts"

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex")

describe("a recording", () => {
  it("is played with the very bytes that were sent, also where their beginning stands for them", () => {
    const recorded = scenarios.flatMap(({ connections }) => connections).flatMap(({ events }) =>
      events.flatMap((event) => event.kind === "data" ? [event] : [])
    )
    const played = sessions.flatMap(({ connections }) => connections).flatMap(({ happenings }) =>
      happenings.flatMap(({ what }) => typeof what === "string" ? [] : [what])
    )
    assert.deepStrictEqual(played.map(({ length }) => length), recorded.map(({ len }) => len))
    const long = recorded.flatMap((segment, index) => segment.sha256 === undefined ? [] : [{ ...segment, index }])
    assert.strictEqual(long.length, 5)
    for (const { index, sha256: expected } of long) {
      assert.strictEqual(sha256(played[index] ?? new Uint8Array()), expected)
    }
  })

  it("has us type what was typed, and none of what strangers wrote in an original's name", () => {
    const typed = sessions.flatMap((session) =>
      session.roles.flatMap((role) =>
        Cues.linesOf(session, role).map(({ at, chat }) =>
          `${Recording.placeOf(session, role)}, ${Math.round(at)} ms: ${chat.text}`
        )
      )
    )
    assert.deepStrictEqual(typed, [
      "pair as A, 654 ms: grüße, a  spaced",
      "pair as B, 397 ms: hello from b",
      "star as 11, 966 ms: relayed by a",
      "star as 12, 1366 ms: and back",
      "store-and-forward as A, 0 ms: one from a",
      "store-and-forward as A, 0 ms: two from a",
      "store-and-forward as 11, 2950 ms: now direct",
      "chain as 12, 3138 ms: c to a",
      "chain as 12, 3495 ms: c to d",
      "chain as 14, 2434 ms: e to c",
      "chain as 14, 4512 ms: stale",
      "via-node-dies as 15, 2835 ms: through a dead via",
      "upstream-dies as 12, 2301 ms: to x via b",
      "probe-to-server-2 as A, 4420 ms: hijacked?",
      "probe-to-server-2 as 11, 700 ms: to a negative id",
      "id-zero as 11, 2207 ms: to the ghost",
      "joiner-against-probe as 305883746612086272, 2756 ms: two hops",
      "shutdown as 13, 5995 ms: still there?",
      "shutdown as 15, 8475 ms: after sigint"
    ])
  })
})
