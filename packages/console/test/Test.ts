/** Tests as generators, each with a scope of its own. */
import { it } from "@effect/vitest"
import { Effect, type Scope } from "effect"

/** What a test does, with what it needs. */
export type Steps<R> = () => Generator<Effect.Effect<unknown, unknown, R>, void, never>

/** A test whose clock stands still unless it moves it. */
export const effect = (name: string, steps: Steps<Scope.Scope>) => it.effect(name, () => Effect.gen(steps))
