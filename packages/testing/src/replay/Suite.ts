/** The tests of a replay: every original of every recorded session, played by our peer. */
import { assert, describe, it } from "@effect/vitest"
import { MemoryNetwork } from "@peerage/transport"
import { Effect, Random, type Scope } from "effect"
import { type Deviation, unlike } from "./Deviations.ts"
import { placeOf, type Recorded, type Role, type Session } from "./Recording.ts"
import type { Verdict } from "./Verdict.ts"

/** What a protocol has recorded, and how our peer plays it. */
export interface Originals<C extends Recorded, R extends Role> {
  readonly sessions: ReadonlyArray<Session<C, R>>
  /** Plays one role of a session, in a network of its own. */
  readonly replay: (
    session: Session<C, R>,
    role: R
  ) => Effect.Effect<Verdict, unknown, MemoryNetwork.MemoryNetwork | Scope.Scope>
  readonly deviations: ReadonlyArray<Deviation>
  /** How many sessions and roles there are, so that none is lost. */
  readonly count: { readonly sessions: number; readonly roles: number }
}

/** Adds the tests. */
export const define = <C extends Recorded, R extends Role>(
  { count, deviations, replay, sessions }: Originals<C, R>
): void => {
  const parts = sessions.flatMap((session) =>
    session.roles.map((role) => ({ session, role, place: placeOf(session, role) }))
  )
  const places = new Set(parts.map(({ place }) => place))

  describe("a recorded session of the originals", () => {
    it.effect.each(parts)("goes on with us: $place", ({ place, role, session }) =>
      Effect.gen(function*() {
        const { differences, faults } = yield* replay(session, role)
        assert.deepStrictEqual(
          { ...unlike(deviations, place, differences), faults },
          { unexplained: [], unneeded: [], faults: [] }
        )
      }).pipe(
        Effect.scoped,
        Random.withSeed(1),
        Effect.provide(MemoryNetwork.layer({ traceBytes: 65_536, traceEntries: 100_000 }))
      ))

    it("is there with all its originals", () => {
      assert.deepStrictEqual({ sessions: sessions.length, roles: parts.length, places: places.size }, {
        ...count,
        places: count.roles
      })
    })
  })

  describe("the table of deviations", () => {
    it("speaks of recorded originals only, and of each deviation somewhere", () => {
      const named = deviations.flatMap(({ where }) => Object.keys(where))
      assert.deepStrictEqual(named.filter((place) => !places.has(place)), [])
      assert.deepStrictEqual(deviations.filter(({ where }) => Object.values(where).flat().length === 0), [])
    })
  })
}
