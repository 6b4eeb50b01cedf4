/** Every original of every recorded session, played by ours. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import { world } from "../peer/Network.ts"
import { deviations, expectedIn } from "./Deviations.ts"
import { replay } from "./Player.ts"
import { placeOf, sessions } from "./Recording.ts"

const parts = sessions.flatMap((session) =>
  session.roles.map((role) => ({ session, role, place: placeOf(session, role) }))
)
const network = world({ traceBytes: 65_536, traceEntries: 100_000 })

/** Sorts what differs into what the table does not know, and what the table says that does not differ. */
const unlike = (lines: ReadonlyArray<string>, expected: ReadonlyArray<string>) => {
  const unneeded = [...expected]
  const unexplained = lines.filter((line) => {
    const known = unneeded.indexOf(line)
    if (known !== -1) unneeded.splice(known, 1)
    return known === -1
  })
  return { unexplained, unneeded }
}

/** Names by chance are all alike here. */
const nameless = (line: string): string => line.replace(/-> "6:[a-z0-9]+(?:-[a-z0-9]+){3}:/, "-> \"6:ID:")

describe("a recorded session of the originals", () => {
  it.effect.each(parts)("goes on with us: $place", ({ place, role, session }) =>
    Effect.gen(function*() {
      const lines = (yield* replay(session, role)).map(nameless)
      assert.deepStrictEqual(unlike(lines, expectedIn(place)), { unexplained: [], unneeded: [] })
    }).pipe(network, Random.withSeed(1)), 20_000)

  it("is there with all its originals", () => {
    assert.strictEqual(sessions.length, 17)
    assert.strictEqual(parts.length, 48)
    assert.strictEqual(new Set(parts.map(({ place }) => place)).size, 48)
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
