import { assert, it } from "@effect/vitest"
import { Host, Theatre } from "@peerage/simulate"
import { Effect, FileSystem } from "effect"
import { inTrouble } from "./Trouble.ts"

it.effect("faults happen at their moments, are undone, and lose what was not flushed", () =>
  Effect.gen(function*() {
    const { network } = yield* Theatre.Theatre
    const hosts = yield* Effect.forEach(["1", "2", "3", "4", "5"], (name) => Host.make(name))
    const [, second] = hosts
    if (second === undefined) return assert.fail("there is no second host")
    const files = yield* second.run(FileSystem.FileSystem)
    yield* files.writeFileString("notes", "not flushed")
    yield* Effect.sleep("21 seconds")
    assert.lengthOf(yield* network.partitions, 2 * 3 * 2)
    yield* Effect.sleep("10 seconds")
    assert.deepStrictEqual([yield* network.partitions, yield* second.status], [[], "Killed"])
    yield* Effect.sleep("10 seconds")
    assert.deepStrictEqual([yield* second.status, yield* files.readFileString("notes")], ["Running", ""])
  }).pipe(inTrouble))
