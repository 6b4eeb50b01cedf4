/** Tests that play in a simulated network, each in one of its own. */
import { it } from "@effect/vitest"
import { Machines } from "@peerage/testing"
import type { MemoryNetwork } from "@peerage/transport"
import { Effect, type Scope } from "effect"

/** What a test does, step by step. */
type Steps = Generator<Effect.Effect<unknown, unknown, MemoryNetwork.MemoryNetwork | Scope.Scope>, void, never>

const inNetwork = (steps: () => Steps) => Machines.simulated(Effect.gen(steps))

/** A test, with a network and a scope of its own. */
export const test = Object.assign(
  (title: string, steps: () => Steps) => it.effect(title, () => inNetwork(steps)),
  {
    /** A test for each row of a table. */
    each: <Row>(rows: ReadonlyArray<Row>) => (title: string, steps: (row: Row) => Steps) =>
      it.effect.each(rows)(title, (row) => inNetwork(() => steps(row)))
  }
)
