/** The engine of all rooms, on a table of two commands: how lines are found, run and completed, and how they fail. */
import { assert, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { leave, mistake, nothing, roomCommand } from "../../src/room/Command.ts"
import { type CommandTable, complete, execute } from "../../src/room/CommandTable.ts"
import { render, type View } from "../../src/room/Narrate.ts"
import * as Shared from "../../src/room/SharedCommands.ts"
import { answering, corrects, plain, understands } from "../Tables.ts"
import { effect } from "../Test.ts"

interface Counter {
  readonly count: number
  readonly names: ReadonlyArray<string>
}

type Event = { readonly _tag: "Counted"; readonly count: number } | { readonly _tag: "Ticked" } | Shared.SharedAnswer

const command = roomCommand<Counter, View, Event>()

const add = command({
  usage: "/add NUMBER",
  does: "add to the count",
  parse: (rest) => rest === "" ? mistake("Add what?") : Result.succeed(Number(rest)),
  answers: ["Counted"],
  run: (number, { count }) =>
    number < 0
      ? Effect.fail({ reason: "Negative", message: "Only upward." })
      : number > 9
      ? Effect.fail({ _tag: "Overflow", message: "Too much.", reason: { _tag: "NoRoom" } })
      : Effect.succeed([{ _tag: "Counted", count: count + number }]),
  show: ({ count }, { style }) => [style.bold(String(count))],
  complete: ({ names }) => names
})

const quit = command({ usage: "/quit", does: "leave", parse: nothing, run: () => Effect.succeed(leave) })

const table: CommandTable<Counter, View, Event> = {
  commands: [add, quit, Shared.help("Numbers are added. Besides:", "That is all.")],
  withoutSlash: (line) => add.understand(line),
  hint: "There is /help.",
  elsewhere: { commands: [{ name: "/reset" }], refuse: (name) => ({ reason: "Denied", message: `No ${name} here.` }) },
  beginnings: () => ["1", "2", "10"]
}

const room = { count: 1, names: ["one", "two", "one"] }

understands("in a small room", table, [
  [" "],
  ["4", "/add", 4],
  ["/ADD 4", "/add", 4],
  ["/add", "BadArgument"],
  ["/quit", "/quit"],
  ["/quit now", "BadArgument"],
  ["/reset", "Denied"],
  ["/RESET now", "Denied"],
  ["/set", "UnknownCommand"]
])

corrects(table, [
  ["/qiut", "There is no command /qiut. Did you mean /quit?"],
  ["/frobnicate", "There is no command /frobnicate. There is /help."],
  ["/reset", "No /reset here."],
  ["/quit now", "This command takes nothing after it, and there is \"now\"."]
])

effect("answers with events, or with why a line was not done", function*() {
  const failed = { _tag: "Failed", command: "/add" }
  assert.deepStrictEqual(yield* answering(table, room)(" 4 ", "", "/add", "/add -1", "/add 10", "/quit"), [
    { _tag: "Counted", count: 5 },
    { ...failed, reason: "BadArgument", message: "Add what?" },
    { ...failed, command: "/add -1", reason: "Negative", message: "Only upward." },
    { ...failed, command: "/add 10", reason: "NoRoom", message: "Too much." },
    "Leave"
  ])
})

effect("helps with every command, and shows that as lines", function*() {
  const [help] = yield* execute(table, room)("/help")
  const show = render({ commands: table.commands, narrate: () => undefined }, plain)
  assert.deepStrictEqual(help === undefined || typeof help === "string" ? [] : show(help, "", true), [
    "Numbers are added. Besides:",
    "  /add NUMBER  add to the count",
    "  /quit        leave",
    "  /help        this list",
    "That is all."
  ])
})

it("shows an answer as its command does, an event as it is narrated, and a failure in any case", () => {
  const narrate = (event: Event) => event._tag === "Ticked" ? { text: "tick", mark: "+" as const } : undefined
  const show = render({ commands: table.commands, narrate }, plain)
  const failure = { _tag: "Failed", command: "x", reason: "y", message: "No." } as const
  assert.deepStrictEqual(show({ _tag: "Counted", count: 5 }, "14:03:59", true), ["5"])
  assert.deepStrictEqual(show({ _tag: "Counted", count: 5 }, "14:03:59", false), ["14:03:59 5"])
  assert.deepStrictEqual(show({ _tag: "Ticked" }, "14:03:59", false), ["14:03:59 + tick"])
  assert.deepStrictEqual(show({ _tag: "Ticked" }, "14:03:59", true), ["+ tick"])
  assert.deepStrictEqual(show(failure, "14:03:59", true), ["No."])
  assert.deepStrictEqual(show(failure, "14:03:59", false), ["14:03:59 No."])
})

for (
  const [line, words, replaced] of [
    ["/", ["/add ", "/quit ", "/help "], "/"],
    ["/q", ["/quit "], "/q"],
    ["/add ", ["one ", "two "], ""],
    ["/ADD t", ["two "], "t"],
    ["/add two ", [], "/add two "],
    ["/reset ", [], ""],
    ["1", ["1 ", "10 "], "1"]
  ] as const
) {
  it(`completes ${JSON.stringify(line)} from what there is, each word once`, () => {
    assert.deepStrictEqual(complete(table, room)(line), [[...words], replaced])
  })
}
