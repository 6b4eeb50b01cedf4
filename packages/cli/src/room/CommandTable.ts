/** A room's commands as a table: finds the command that a line means, runs it, and completes lines. Knows no protocol. */
import { type Failed, failed } from "@peerage/console/Failed"
import { printable } from "@peerage/console/Printable"
import { Effect, Result } from "effect"
import type { Command, Failure, Mistake, Outcome, Tagged, Understood } from "./Command.ts"
import type { View } from "./Narrate.ts"
import type { Complete } from "./Prompt.ts"
import { nearest } from "./Words.ts"

/** The commands of a room. */
export interface CommandTable<Room, View, Event> {
  /** All that can be typed here, in the order of the help. */
  readonly commands: ReadonlyArray<Command<Room, View, Event>>
  /** What a line that does not begin with a slash means, with the blanks around it. */
  readonly withoutSlash: (line: string) => Result.Result<Understood<Room, Event>, Mistake>
  /** What is said of an unknown command that is not near any other. */
  readonly hint: string
  /** Commands that only others have, and what is said where one of them is typed here. */
  readonly elsewhere?: {
    readonly commands: ReadonlyArray<{ readonly name: string }>
    readonly refuse: (name: string) => Mistake
  } | undefined
  /** Words that Tab offers at the beginning of a line, besides commands. */
  readonly beginnings?: ((room: Room) => ReadonlyArray<string>) | undefined
}

/** The table with more commands, before the last two: the help, and leaving. */
export const withMore = <Room, V extends View, Event extends Tagged, More extends Tagged>(
  table: CommandTable<Room, V, Event>,
  more: CommandTable<unknown, View, More>["commands"]
): CommandTable<Room, V, Event | More> => ({
  ...table,
  commands: [...table.commands.slice(0, -2), ...more, ...table.commands.slice(-2)]
})

/** Finds a command by its name, in any case. */
export const find = <Item extends { readonly name: string }>(
  items: ReadonlyArray<Item>,
  name: string
): Item | undefined => items.find((item) => item.name === name.toLowerCase())

/** Fails because there is no such command, and says which one may have been meant. */
export const unknown = (
  name: string,
  { commands, hint }: Pick<CommandTable<never, never, unknown>, "commands" | "hint">
): Result.Result<never, Mistake> => {
  const guess = nearest(name, commands.map((command) => command.name))
  return Result.fail({
    reason: "UnknownCommand",
    message: `There is no command ${printable(name)}. ${guess === undefined ? hint : `Did you mean ${guess}?`}`
  })
}

/** Understands a line; `undefined` where there is nothing in it. */
export const understand =
  <Room, View, Event>({ commands, elsewhere, hint, withoutSlash }: CommandTable<Room, View, Event>) =>
  (text: string): Result.Result<Understood<Room, Event> | undefined, Mistake> => {
    const line = text.trimStart()
    if (line === "") return Result.succeed(undefined)
    if (!line.startsWith("/")) return withoutSlash(text)
    const [, name = "", rest = ""] = /^(\S+)\s?([^]*)$/.exec(line) ?? []
    if (elsewhere?.commands.some((command) => command.name === name.toLowerCase())) {
      return Result.fail(elsewhere.refuse(name.toLowerCase()))
    }
    return find(commands, name)?.understand(rest) ?? unknown(name, { commands, hint })
  }

// As many letters as a person types before it is clear which command it is, with the slash.
const telling = 3

/**
 * A line as events may repeat it: without what follows a command that takes a secret, or a word that was probably meant for
 * one.
 */
export const shown = <Room, View, Event>(table: CommandTable<Room, View, Event>) => (text: string): string => {
  const line = text.trim()
  const [word = ""] = line.split(/\s/, 1)
  const name = word.startsWith("/") ? word.toLowerCase() : `/${word.toLowerCase()}`
  const isMeant = (secret: string) =>
    (name.length >= telling && secret.startsWith(name)) || nearest(name, [secret]) !== undefined
  const understood = understand(table)(text)
  const hides = Result.isSuccess(understood)
    ? table.commands.some((command) => command.secret && command.name === understood.success?.name)
    : find(table.commands, name)?.secret
      ?? table.commands.some((command) => command.secret && isMeant(command.name))
  return hides ? word : line
}

/** Does what a line says. Never fails: a line that is not done is answered with `Failed`. */
export const execute =
  <Room, View, Event>(table: CommandTable<Room, View, Event>, room: Room) =>
  (text: string): Effect.Effect<Outcome<Event | Failed>> => {
    const line = text.trim()
    return Effect.fromResult(understand(table)(text)).pipe(
      Effect.flatMap((understood): Effect.Effect<Outcome<Event>, Failure> =>
        understood === undefined ? Effect.succeed([]) : understood.run(room, { line, commands: table.commands })
      ),
      Effect.catch((failure) => Effect.succeed([failed(shown(table)(text), failure)]))
    )
  }

/** Whether a line leaves the room at once. */
export const leaves = <Room, View, Event>(table: CommandTable<Room, View, Event>) => (text: string): boolean =>
  Result.match(understand(table)(text), {
    onSuccess: (understood) => understood?.leaves === true,
    onFailure: () => false
  })

/** Completes a line: names of commands, and what a command takes. */
export const complete =
  <Room, View, Event>({ beginnings, commands }: CommandTable<Room, View, Event>, room: Room): Complete => (line) => {
    const [, name, part] = /^(\/\S+)\s+(\S*)$/.exec(line) ?? []
    const begun = part ?? line
    const offered = name !== undefined
      ? find(commands, name)?.complete(room) ?? []
      : line.startsWith("/")
      ? commands.map((command) => command.name)
      : beginnings?.(room) ?? []
    return [[...new Set(offered)].filter((word) => word.startsWith(begun)).map((word) => `${word} `), begun]
  }
