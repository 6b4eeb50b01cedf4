import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import { type Deviation, deviations, explains } from "./Deviations.ts"
import { replay } from "./Player.ts"
import { type Session, sessions } from "./Recording.ts"
import type { Difference } from "./Transcript.ts"

/** Our peer in one role against the recorded others, in a network of its own. */
const replayed = (session: Session, role: string) =>
  Effect.scoped(replay(session, role)).pipe(Effect.provide(MemoryNetwork.layer({ traceBytes: 8192 })))

const readable = ({ change, purpose, text }: Difference): string => `${purpose} ${change} ${text.slice(0, 200)}`

const parts = sessions.flatMap((session) => Array.from(session.roles.keys(), (role) => ({ session, role })))

describe("a recorded session of the originals", () => {
  for (const { role, session } of parts) {
    it.effect(`goes on with us as ${role}: ${session.name}`, () =>
      Effect.gen(function*() {
        const { differences, unrecorded } = yield* replayed(session, role)
        const unexplained = differences.filter((found) => !deviations.some((deviation) => explains(deviation, found)))
        assert.deepStrictEqual(unexplained.map(readable), [])
        assert.deepStrictEqual(unrecorded, [])
      }))
  }

  it("is there in all its roles", () => {
    assert.strictEqual(sessions.length, 13)
    assert.strictEqual(parts.length, 42)
  })
})

describe("the table of deviations", () => {
  it.effect("has no entry that is not needed", () =>
    Effect.gen(function*() {
      const all = yield* Effect.forEach(parts, ({ role, session }) => replayed(session, role))
      const differences = all.flatMap((one) => one.differences)
      const needed = (deviation: Deviation) => differences.some((found) => explains(deviation, found))
      assert.deepStrictEqual(deviations.filter((deviation) => !needed(deviation)).map(({ what }) => what), [])
    }), 30_000)
})
