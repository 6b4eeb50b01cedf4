/**
 * One record for each command of a room: how it is written, what it does, how its answer looks, and what Tab offers
 * after it. Knows no protocol.
 *
 *     typed line ---> parse ---> run ---> answer: events ---> show ---> lines for people
 *                                                        \--> JSON for programs
 */
import type { Failure, Mistake } from "@peerage/console/Failed"
import { printable } from "@peerage/console/Printable"
import { Effect, Result } from "effect"
import { first } from "./Words.ts"

export type { Failure, Mistake } from "@peerage/console/Failed"

/** Any event. */
export interface Tagged {
  readonly _tag: string
}

/** The events of a union that have one of these tags. */
export type WithTag<Event extends Tagged, Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>

/** What a command answers to leave the room. */
export const leave = "Leave"

/** What comes of a line: events that answer it, or leaving the room. */
export type Outcome<Event> = ReadonlyArray<Event> | typeof leave

/** The line as it was typed, and every command of the room. */
export interface Typed {
  readonly line: string
  readonly commands: ReadonlyArray<Described>
}

/** How a command is written, its name first: `/to ID TEXT`; and what it does, for the help. */
export interface Described {
  readonly usage: string
  readonly does: string
}

/** A command as its author writes it. `Room` is what commands work on, `View` what showing needs. */
export interface Definition<Room, View, Event extends Tagged, Args, Tag extends Event["_tag"]> extends Described {
  /** Reads what follows the name, without the blanks around it; with them for a command that says something. */
  readonly parse: (rest: string) => Result.Result<Args, Mistake>
  /** True for a command that says something: all that follows its name and one blank is text. */
  readonly says?: boolean | undefined
  /** True where what follows its name is secret, and is not repeated when the line is not done. Default false. */
  readonly secret?: boolean | undefined
  /** True where it leaves the room at once, whatever was typed before it. Default false. */
  readonly leaves?: boolean | undefined
  /** Tags of its answers. None for a command whose outcome the library's own events report. */
  readonly answers?: ReadonlyArray<Tag> | undefined
  readonly run: (args: Args, room: Room, typed: Typed) => Effect.Effect<Outcome<WithTag<Event, Tag>>, Failure>
  /** An answer as lines for people. */
  readonly show?: ((answer: WithTag<Event, Tag>, view: View) => ReadonlyArray<string>) | undefined
  /** Words that Tab offers after the name. */
  readonly complete?: ((room: Room) => ReadonlyArray<string>) | undefined
}

/** A command with its arguments, ready to run. */
export interface Understood<Room, Event> {
  readonly name: string
  readonly args: unknown
  readonly leaves: boolean
  readonly run: (room: Room, typed: Typed) => Effect.Effect<Outcome<Event>, Failure>
}

/** A command as the room uses it. */
export interface Command<Room, View, Event> extends Described {
  readonly name: string
  /** Whether what follows its name is secret. */
  readonly secret: boolean
  /** Reads what follows the name and one blank. */
  readonly understand: (rest: string) => Result.Result<Understood<Room, Event>, Mistake>
  /** An answer as lines for people; `undefined` for an event that is no answer of this command. */
  readonly show: (event: Tagged, view: View) => ReadonlyArray<string> | undefined
  readonly complete: (room: Room) => ReadonlyArray<string>
}

/** Gives the function that makes a room's commands of their definitions. */
export const roomCommand = <Room, View, Event extends Tagged>() =>
<Args, Tag extends Event["_tag"] = never>(
  {
    answers = [],
    complete,
    does,
    leaves = false,
    parse,
    run,
    says = false,
    secret = false,
    show,
    usage
  }: Definition<Room, View, Event, Args, Tag>
): Command<Room, View, WithTag<Event, Tag>> => {
  const [name] = first(usage)
  const isAnswer = (event: Tagged): event is WithTag<Event, Tag> => answers.some((tag) => tag === event._tag)
  return {
    name,
    usage,
    does,
    secret,
    understand: (rest) =>
      Result.map(
        parse(says ? rest : rest.trim()),
        (args) => ({ name, args, leaves, run: (room, typed) => run(args, room, typed) })
      ),
    show: (event, view) => show !== undefined && isAnswer(event) ? show(event, view) : undefined,
    complete: complete ?? (() => [])
  }
}

/** Fails because what follows a command is not what it takes. `message` says what would be right. */
export const mistake = (message: string): Result.Result<never, Mistake> =>
  Result.fail({ reason: "BadArgument", message })

/** Answers nothing where something was done, and fails with this reason where it was not. */
export const doneOr = <E>(
  done: Effect.Effect<boolean, E>,
  reason: string,
  message: string
): Effect.Effect<ReadonlyArray<never>, E | Mistake> =>
  Effect.flatMap(done, (done) => done ? Effect.succeed([]) : Effect.fail({ reason, message }))

/** Reads nothing, and fails where there is something. */
export const nothing = (rest: string): Result.Result<undefined, Mistake> =>
  rest === ""
    ? Result.succeed(undefined)
    : mistake(`This command takes nothing after it, and there is "${printable(rest)}".`)
