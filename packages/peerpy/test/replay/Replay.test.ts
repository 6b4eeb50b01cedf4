/** Every original of every recorded session, played by our peer. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect } from "effect"
import { deviations, expectedIn } from "./Deviations.ts"
import { replay } from "./Player.ts"
import { placeOf, type Role, type Session, sessions } from "./Recording.ts"
import type { Difference } from "./Verdict.ts"

/** Our peer in one role against the recorded others, in a network of its own. */
const replayed = (session: Session, role: Role) =>
  Effect.scoped(replay(session, role)).pipe(Effect.provide(MemoryNetwork.layer({ traceBytes: 65_536 })))

const parts = sessions.flatMap((session) =>
  session.roles.map((role) => ({ session, role, place: placeOf(session, role) }))
)

/** Sorts what differs into what the table does not know, and what the table says that does not differ. */
const unlike = (differences: ReadonlyArray<Difference>, expected: ReadonlyArray<string>) => {
  const unneeded = [...expected]
  const unexplained = differences.filter(({ line }) => {
    const known = unneeded.indexOf(line)
    if (known !== -1) unneeded.splice(known, 1)
    return known === -1
  })
  return { unexplained: unexplained.map(({ at, line }) => `${line} (${Math.round(at)} ms)`), unneeded }
}

describe("a recorded session of the originals", () => {
  it.effect.each(parts)("goes on with us: $place", ({ place, role, session }) =>
    Effect.gen(function*() {
      const { differences, torn, unrecorded } = yield* replayed(session, role)
      assert.deepStrictEqual(
        { ...unlike(differences, expectedIn(place)), torn, unrecorded },
        { unexplained: [], unneeded: [], torn: [], unrecorded: [] }
      )
    }))

  it("is there with all its originals", () => {
    assert.strictEqual(sessions.length, 18)
    assert.strictEqual(parts.length, 41)
    assert.strictEqual(new Set(parts.map(({ place }) => place)).size, 41)
  })
})

describe("the table of deviations", () => {
  it("speaks of recorded originals only, and of each deviation somewhere", () => {
    const places = new Set(parts.map(({ place }) => place))
    const named = deviations.flatMap(({ where }) => Object.keys(where))
    assert.deepStrictEqual(named.filter((place) => !places.has(place)), [])
    assert.deepStrictEqual(deviations.filter(({ where }) => Object.values(where).flat().length === 0), [])
  })
})
