/**
 * Where a password comes from: --password, --password-file or the environment, else a person at the terminal. There
 * is none by default.
 */
import { Console, Effect, FileSystem, Redacted, Result } from "effect"
import { Flag, Prompt, TerminalCapabilities } from "effect/cli"
import type { Reading } from "./before/Usage.ts"
import { text } from "./Flags.ts"
import type { Given, Reader } from "./Usage.ts"

/** The flags about it. */
export const flags = {
  password: text("password", {
    metavar: "TEXT",
    description: "The password; others on this machine may see it: prefer the file"
  }),
  passwordFile: text("password-file", { metavar: "FILE", description: "A file whose first line is the password" })
} satisfies { readonly [name: string]: Flag.Flag<Given | undefined> }

/** What was given of them. */
export interface Source {
  readonly password: Given | undefined
  readonly passwordFile: Given | undefined
}

const password: Reader<Redacted.Redacted<string>> = (text) =>
  text === "" ? Result.fail("at least one character") : Result.succeed(Redacted.make(text))

const fromFile = Effect.fnUntraced(function*(given: Given, reading: Reading) {
  const fs = yield* FileSystem.FileSystem
  const read = yield* Effect.result(fs.readFileString(given.text))
  if (Result.isFailure(read)) return reading.mistake(`${given.name}: cannot read ${given.text}`)
  return reading.optional(
    { name: `${given.name}: the first line`, text: read.success.split(/\r?\n/)[0] ?? "" },
    password
  )
})

/** The password that was given, or `undefined`. What is wrong with it becomes a mistake of the reading. */
export const given = Effect.fnUntraced(function*(source: Source, reading: Reading) {
  // What is typed counts for more than the environment, whichever of the two it is.
  const typed = (one: Given | undefined) => one?.name.startsWith("--") === true
  if (typed(source.password) && typed(source.passwordFile)) {
    reading.mistake("--password and --password-file are two passwords; give one")
  }
  if (source.passwordFile !== undefined && (typed(source.passwordFile) || source.password === undefined)) {
    return yield* fromFile(source.passwordFile, reading)
  }
  return reading.optional(source.password, password)
})

/** True when one was given, be it right or wrong. */
export const wasGiven = (source: Source): boolean => source.password !== undefined || source.passwordFile !== undefined

/** True when there is a person to ask. */
export const canAsk = Effect.map(TerminalCapabilities.TerminalCapabilities, ({ canPrompt }) => canPrompt)

/** Asks for it without showing what is typed. */
export const ask = Prompt.run(Prompt.Hidden({
  message: "Password",
  validate: (text) => text === "" ? Effect.fail("A password has at least one character") : Effect.succeed(text)
})).pipe(
  // Whoever thinks better of it gets a line of their own back.
  Effect.tapError(() => Console.error(""))
)

/** What to say where there is none and nobody to ask. */
export const missing = "a password is missing: give --password-file, PEERAGE_PASSWORD or --password"
