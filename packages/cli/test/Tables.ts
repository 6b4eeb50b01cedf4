/** Tables that the commands and events of every room are tested with: a row is a test. */
import { assert, it } from "@effect/vitest"
import { json } from "@peerage/console/Printable"
import { Effect, Result, SubscriptionRef } from "effect"
import type { Tagged } from "../src/room/Command.ts"
import { type CommandTable, complete, execute, understand } from "../src/room/CommandTable.ts"
import { render, type Showing, type View, viewOf } from "../src/room/Narrate.ts"
import type { SharedAnswer } from "../src/room/SharedCommands.ts"
import { ansi, none } from "../src/room/Style.ts"

/** The style without colours, and a view of it with a welcome. */
export const plain: View = viewOf(none, ["Welcome."])

/** A view in colours. */
export const coloured: View = viewOf(ansi)

/** What was typed; the command that it means with its arguments, the reason of a mistake, or nothing. */
export type Typed = readonly [typed: string, meant?: string, args?: unknown]

/** What lines of every room mean. */
export const everywhere: ReadonlyArray<Typed> = [
  [""],
  [" \t "],
  ["/help", "/help"],
  ["/EXIT", "/exit"],
  ["/exit now", "BadArgument"],
  // As it was pasted.
  ["/exit\nhello", "BadArgument"],
  ["/peers", "/peers"],
  ["/peers x", "BadArgument"],
  ["/log", "/log", "INFO"],
  ["/log debug", "/log", "INFO"],
  ["/log warning", "/log", "WARNING"],
  ["/log loud", "BadArgument"],
  ["/nope", "UnknownCommand"],
  ["/", "UnknownCommand"]
]

/** Lines, each with what it means; and lines, between bars, that are mistakes in what follows a command. */
export const understands = <Room, V, Event>(
  where: string,
  table: CommandTable<Room, V, Event>,
  rows: ReadonlyArray<Typed>,
  mistakes = ""
) => {
  const wrong = mistakes.split(/\s*\|\s*/).filter((typed) => typed !== "").map((typed): Typed => [typed, "BadArgument"])
  for (const [typed, meant, args] of [...rows, ...wrong]) {
    it(`understands ${JSON.stringify(typed)} ${where}`, () => {
      const result = understand(table)(typed)
      assert.deepStrictEqual(
        Result.isFailure(result) ? [result.failure.reason, undefined] : [result.success?.name, result.success?.args],
        [meant, args]
      )
    })
  }
}

/** What is said of a line that is a mistake; nothing for one that is none. */
export const saidOf = <Room, V, Event>(table: CommandTable<Room, V, Event>, typed: string): string => {
  const result = understand(table)(typed)
  return Result.isFailure(result) ? result.failure.message : ""
}

/** Mistakes, each with a part of what is said of it. Nothing typed gets out of them with its control characters. */
export const corrects = <Room, V, Event>(
  table: CommandTable<Room, V, Event>,
  rows: ReadonlyArray<readonly [typed: string, said: string]>,
  ...more: ReadonlyArray<string>
) => {
  for (const [typed, said] of rows) {
    it(`says what would be right in place of ${typed}`, () => assert.include(saidOf(table, typed), said))
  }
  it("says its mistakes without the control characters that were typed", () => {
    for (const name of [...table.commands.map((command) => command.name), ...more]) {
      assert.notMatch(saidOf(table, `${name} \u001B[31m\u202Ex y`), /[\u0007\u001B\u202E]/)
    }
  })
  it("has every command once, by its name", () => {
    assert.strictEqual(new Set(table.commands.map(({ name }) => name)).size, table.commands.length)
    for (const { name, usage } of table.commands) {
      assert.isTrue(usage === name || usage.startsWith(`${name} `))
      const found = understand(table)(name)
      assert.isTrue(Result.isSuccess(found) || found.failure.reason === "BadArgument", name)
    }
  })
}

/** A status of a peer that stays as it is, of the kind that a room asks for. */
export const statusOf = <Status>(status: NoInfer<Status>): SubscriptionRef.SubscriptionRef<Status> =>
  Effect.runSync(SubscriptionRef.make(status))

/** Types lines one after another, and gives all answers as programs see them. */
export const answering = <Room, V, Event>(table: CommandTable<Room, V, Event>, room: Room) => {
  const run = execute(table, room)
  return (...lines: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<unknown>> =>
    Effect.map(
      Effect.forEach(lines, run),
      (answers) => answers.flat().map((answer): unknown => JSON.parse(json(answer)))
    )
}

/** Beginnings of lines, each with what Tab offers and what that replaces. */
export const completes = <Room, V, Event>(
  table: CommandTable<Room, V, Event>,
  room: () => Room,
  rows: ReadonlyArray<readonly [line: string, words: ReadonlyArray<string>, replaced: string]>
) => {
  for (const [line, words, replaced] of rows) {
    it(`completes ${JSON.stringify(line)}`, () => {
      assert.deepStrictEqual(complete(table, room())(line), [words.map((word) => `${word} `), replaced])
    })
  }
}

/** How answers of every room look. */
export const shownEverywhere: ReadonlyArray<readonly [event: SharedAnswer, ...lines: ReadonlyArray<string | RegExp>]> =
  [
    [{ _tag: "Log", entries: [] }, "The log is empty."],
    [
      { _tag: "Log", entries: [{ at: "2026-01-01T00:00:00.000Z", level: "INFO", text: "a\u001Bb" }] },
      /^[\d:]{8} INFO {4}a\uFFFDb$/
    ],
    [
      { _tag: "Log", entries: [{ at: "2026-01-01T00:00:00.000Z", level: "WARNING", text: "a\u001Bb" }] },
      /^[\d:]{8} WARNING a\uFFFDb$/
    ],
    [{ _tag: "Failed", command: "/x", reason: "UnknownCommand", message: "No." }, "No."]
  ]

const clock = "14:03:59"

/** Events, each with the lines that people see when it happens (`asked` false) or as an answer. */
export const shows = <Event extends Tagged, V extends View>(
  showing: Showing<Event, V>,
  view: V,
  asked: boolean,
  rows: ReadonlyArray<readonly [event: Event, ...lines: ReadonlyArray<string | RegExp>]>
) => {
  for (const [event, ...lines] of rows) {
    it(`${asked ? "answers with" : "shows"} ${json(event).slice(0, 200)}`, () => {
      const shown = render(showing, view)(event, clock, asked)
      assert.strictEqual(shown.length, lines.length)
      lines.forEach((line, index) =>
        typeof line === "string"
          ? assert.strictEqual(shown[index], asked ? line : `${clock} ${line}`)
          : assert.match(shown[index] ?? "", line)
      )
    })
  }
}

/** A line without its colours. */
export const bare = (line: string): string => line.replace(/\u001B\[\d+m/g, "")
