/** Tests whose bodies are generators. */
import { it } from "@effect/vitest"
import { Effect, type Scope } from "effect"

/** The body of a test, or of each test of a table. */
export type Body<R> = Effect.fn.Return<void, unknown, R | Scope.Scope>

/** A test, and a table of tests. */
export interface Suite<R> {
  (name: string, body: () => Body<R>): void
  readonly each: <Row>(rows: ReadonlyArray<Row>) => (name: string, body: (row: Row) => Body<R>) => void
}

/** Tests that are run with what `provide` provides. */
export const suite = <R>(
  provide: (test: Effect.Effect<void, unknown, R | Scope.Scope>) => Effect.Effect<void, unknown, Scope.Scope>,
  run: typeof it.effect | typeof it.live = it.effect
): Suite<R> =>
  Object.assign((name: string, body: () => Body<R>) => run(name, () => provide(Effect.gen(body))), {
    each: <Row>(rows: ReadonlyArray<Row>) => (name: string, body: (row: Row) => Body<R>) =>
      run.each([...rows])(name, (row) => provide(Effect.gen(() => body(row))))
  })
