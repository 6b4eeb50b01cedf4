/** An original in a Python process of its own, asked by name for what its public interface can do. */
import { Effect, Schema, type Scope } from "effect"
import { join } from "node:path"
import { inject } from "vitest"
import { programs } from "../src/Environment.ts"
import * as Program from "./Program.ts"

/** The original raised an exception: its name and what it says. */
export class Raised extends Schema.TaggedError<Raised>()("Raised", { error: Schema.String }) {
  override get message() {
    return this.error
  }
}

/** A running driver. */
export interface Original extends Program.Program {
  /** Has something done and waits for what comes of it. Dies when it is not as the schema says. */
  readonly ask: <A>(
    value: Schema.Codec<A, unknown>,
    verb: string,
    args?: Readonly<Record<string, unknown>>
  ) => Effect.Effect<A, Raised>
}

/** Starts a driver of `python/` by name; behind `prefix`, which is a command that runs another. */
export const start = Effect.fnUntraced(function*(
  driver: string,
  prefix: ReadonlyArray<string> = []
): Effect.fn.Return<Original, never, Scope.Scope> {
  const [command = "", ...args] = [...prefix, inject("python"), join(programs, `${driver}.py`)]
  const program = yield* Program.start(command, args, { PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" })
  let asked = 0
  return {
    ...program,
    ask: (value, verb, args = {}) =>
      Effect.gen(function*() {
        const id = ++asked
        yield* program.write(JSON.stringify({ ...args, id, do: verb }))
        const answer = yield* program.tells("answer", { id })
        if (typeof answer["error"] === "string") return yield* new Raised({ error: answer["error"] })
        return yield* Effect.orDie(Schema.decodeUnknownEffect(value)(answer["value"]))
      })
  }
})
