/** Leaving a room while something that was typed is not done yet. */
import { assert, it } from "@effect/vitest"
import { type Cause, Console, Effect, Fiber, Queue, Result, Stream } from "effect"
import { TestClock } from "effect/testing"
import { nothing, roomCommand, type Tagged } from "../../src/room/Command.ts"
import type { CommandTable } from "../../src/room/CommandTable.ts"
import { plainView, type View } from "../../src/room/Narrate.ts"
import * as Room from "../../src/room/Room.ts"
import type { Screen } from "../../src/room/Screen.ts"
import * as Shared from "../../src/room/SharedCommands.ts"
import { none } from "../../src/room/Style.ts"

interface Done extends Tagged {
  readonly _tag: "Done"
  readonly text: string
}

const say = (text: string, took: Effect.Effect<unknown>) => Effect.as(took, [{ _tag: "Done", text } as const])

/** Text takes 900 ms to deliver; `/hole` is never done. */
const table: CommandTable<object, View, Done> = {
  commands: [
    Shared.exit("leave"),
    roomCommand<object, View, Done>()({
      usage: "/hole",
      does: "say it to nobody",
      parse: nothing,
      answers: ["Done"],
      run: () => say("hole", Effect.never)
    })
  ],
  withoutSlash: (text) =>
    Result.succeed({ name: "", args: text, leaves: false, run: () => say(text, Effect.sleep("900 millis")) }),
  hint: ""
}

/** A room, what it told, and how it is left. */
const room = Effect.gen(function*() {
  const typed = yield* Queue.unbounded<string, Cause.Done>()
  const screen: Screen = {
    kind: "Plain",
    write: () => Effect.void,
    typed: () => Stream.map(Stream.fromQueue(typed), Result.succeed),
    style: none,
    console: yield* Console.Console
  }
  const told: Array<unknown> = []
  const running = yield* Effect.forkScoped(Room.run({
    screen,
    table,
    room: {},
    narrate: () => undefined,
    view: plainView,
    note: (event) =>
      Effect.sync(() => void told.push(event._tag === "Done" ? event.text : `${event.command} ${event.reason}`)),
    events: [],
    opening: Effect.succeed([]),
    over: Effect.never
  }))
  const elapse = (millis: number) =>
    Effect.andThen(
      Effect.andThen(Effect.repeat(Effect.yieldNow, { times: 100 }), TestClock.adjust(millis)),
      Effect.repeat(Effect.yieldNow, { times: 100 })
    )
  return {
    type: (...lines: ReadonlyArray<string>) => Queue.offerAll(typed, lines),
    hangUp: Queue.end(typed),
    told,
    elapse,
    over: () => running.pollUnsafe() !== undefined,
    end: Fiber.join(running)
  }
})

for (const [way, leave] of [["/exit", "/exit"], ["the end of what is typed", undefined]] as const) {
  it.effect(`a room is left at ${way} one second later, whatever is under way, which is given up`, () =>
    Effect.gen(function*() {
      const { elapse, end, hangUp, over, told, type } = yield* room
      yield* type("/hole")
      yield* elapse(60_000)
      yield* leave === undefined ? hangUp : type(leave)
      yield* elapse(999)
      assert.deepStrictEqual([over(), told], [false, []])
      yield* elapse(1)
      assert.deepStrictEqual([over(), told], [true, ["/hole GivenUp"]])
      yield* end
    }))
}

it.effect("what was typed before is done in its turn, where it can be done", () =>
  Effect.gen(function*() {
    const { elapse, end, told, type } = yield* room
    yield* type("one", "/hole", "two", "three", "/exit", "four")
    yield* elapse(10_000)
    yield* end
    assert.deepStrictEqual(told, ["one", "/hole GivenUp", "two", "three"])
  }))
