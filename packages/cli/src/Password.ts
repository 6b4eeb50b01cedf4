/**
 * Where a password or a passphrase comes from: --password, --password-file or the environment, else a person at the
 * terminal, else, for a host, a passphrase that is made up. There is none by default.
 */
// Not the package's index, which takes long to load.
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import { printable } from "@peerage/console/Printable"
import type { Reader } from "@peerage/console/Reader"
import * as SystemProblem from "@peerage/wire/SystemProblem"
import { Effect, FileSystem, Redacted, Result, Terminal } from "effect"
import { Prompt, TerminalCapabilities } from "effect/cli"
import { SecureRandom } from "effect/crypto/SecureRandom"
import type { Key } from "node:readline"
import { given, variable } from "./Flags.ts"
import * as Suspension from "./room/Suspension.ts"
import { type Check, type Given, optional } from "./Usage.ts"
import * as Utf8 from "./Utf8.ts"

/** What is given: a password of a protocol, or the passphrase of encrypted networks. */
export type Word = "password" | "passphrase"

/** The flags for one of the two; `what` is what the help calls it. */
export const flagsOf = (word: Word, what: string = word) => ({
  inline: given(word, "TEXT", `The ${what}; others on this machine may see it: prefer the file`),
  file: given(`${word}-file`, "FILE", `A file whose first line is the ${what}`)
})

/** The flags for a password. */
export const flags = flagsOf("password")

/** What is given for one of the two. */
export type Flags = { readonly [flag in keyof typeof flags]: Given }

const password: Reader<Redacted.Redacted<string>> = (text) =>
  text === "" ? Result.fail("at least one character") : Result.succeed(Redacted.make(text))

const fromFile = Effect.fnUntraced(function*(word: Word, name: string, path: string) {
  const fs = yield* FileSystem.FileSystem
  const read = yield* Effect.result(fs.readFile(path))
  if (Result.isFailure(read)) {
    const problem = `cannot read ${printable(path)}: ${SystemProblem.of(read.failure)}`
    return Result.fail(`${name}: ${problem}; give a file whose first line is the ${word}`)
  }
  const whole = Utf8.decode(read.success)
  if (whole === undefined) {
    return Result.fail(`${name}: ${printable(path)} is not UTF-8; convert it first, as iconv does`)
  }
  const [text = ""] = Utf8.withoutMark(whole).split(/\r?\n/)
  return optional(password)({ name: `${name}: the first line`, text })
})

const typed = ({ name, text }: Given) => text !== undefined && name.startsWith("--")

/** Whether one of the two flags, or its variable, is given. */
export const isGiven = ({ file, inline }: Flags): boolean => file.text !== undefined || inline.text !== undefined

/**
 * What is wrong with the flags together, and what they say; `undefined` where nothing was given, and nothing is needed or
 * a person can be asked.
 */
export const checksOf = Effect.fnUntraced(function*(word: Word, { file, inline }: Flags, needed: boolean) {
  const { canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  const one: Check<void> = typed(inline) && typed(file)
    ? Result.fail(`--${word} and --${word}-file are two ${word}s; give one`)
    : Result.void
  // A typed flag counts for more than the environment, whichever of the two it is.
  const known: Check<Redacted.Redacted<string> | undefined> =
    file.text !== undefined && (typed(file) || inline.text === undefined)
      ? yield* fromFile(word, file.name, file.text)
      : inline.text === undefined && needed && !canPrompt
      ? Result.fail(`a ${word} is missing: give --${word}-file, ${variable(word)} or --${word}`)
      : optional(password)(inline)
  return { one, known }
})

/** What is wrong with the flags for a password, and the password; `undefined` where none was given or is `needed`. */
export const checks = (flags: Flags, needed = true) =>
  Effect.map(checksOf("password", flags, needed), ({ known, one }) => ({ onePassword: one, known }))

/** Lets Ctrl-Z go back to the shell for as long as a question is asked. */
const suspendable = Effect.acquireRelease(
  Effect.sync(() => {
    const { stdin } = process
    const suspension = Suspension.open({
      input: stdin,
      onSuspend: () => {},
      // A key that changes nothing: the question is written again.
      onResume: () => stdin.emit("keypress", undefined, { name: "e", ctrl: true })
    })
    const press = (_: string | undefined, { ctrl, name }: Key) =>
      ctrl === true && name === "z" ? suspension.suspend() : undefined
    stdin.on("keypress", press)
    return { suspension, press }
  }),
  ({ press, suspension }) =>
    Effect.sync(() => {
      process.stdin.off("keypress", press)
      suspension.close()
    })
)

const eraseBelow = "\u001B[J"

/** Asks for it without showing what is typed. */
export const askFor = (word: Word) =>
  Effect.andThen(
    suspendable,
    Prompt.run(Prompt.Hidden({
      message: word === "password" ? "Password" : "Passphrase",
      validate: (text) => text === "" ? Effect.fail(`A ${word} has at least one character`) : Effect.succeed(text)
    }))
  ).pipe(
    // A person who gives up gets a line of their own back, without what the question complained of beneath.
    Effect.onError(() => Effect.ignore(Terminal.Terminal.use((terminal) => terminal.display(`\n${eraseBelow}`)))),
    // One of its own, closed with the question: another would let go of standard input when a room reads it already.
    Effect.provideServiceEffect(Terminal.Terminal, NodeTerminal.make()),
    Effect.scoped
  )

/** The same secret in the one form of its letters, as the encrypted transport proves it: keyboards differ in é. */
export const composed = (secret: Redacted.Redacted<string>): Redacted.Redacted<string> =>
  Redacted.make(Redacted.value(secret).normalize("NFC"))

/** Asks for a password. */
export const ask = askFor("password")

// 256 short words, each with its own first four letters.
/** The words of passphrases: each is worth 8 bits. */
export const words: ReadonlyArray<string> = (
  "acid acre aged airy ajar alps amber ant apex apple arch arena arrow ash atlas attic aunt axis bacon badge bagel " +
  "baker balm banjo barn basil bath beach bean bell bench berry bike birch bison blade blend bloom blue boat bolt " +
  "bonus book boot brass brave bread brick broom brush bucket bulb bunny cabin cable cactus cake camel candy canoe " +
  "cape card castle cave cedar cello chair chalk cherry chess chief cider circle clay clock cloud clover coal coast " +
  "cobra coin comet coral corn cotton cove crab crane creek crisp crow crystal cube curl dairy daisy dance dawn " +
  "deer delta denim desk dial dice diver dock dolphin donkey door dove dragon dream drum duck dune dust eagle early " +
  "earth echo eight elbow elder elk elm ember emu engine envoy epic equal essay evening exit fable falcon fancy " +
  "farm fawn feast fern ferry fiddle field fig finch fire fjord flag flint flower flute foam fog forest fossil fox " +
  "frog frost fruit galaxy garden garlic gate gecko gem ghost giant ginger glass globe glove goat gold goose grape " +
  "gravel green grove guitar gull hammer harbor harp hawk hazel heart hedge helmet herb heron hill hippo honey hood " +
  "horn hotel house husky iceberg igloo ink iris iron island ivory ivy jacket jade jazz jelly jewel jolly judge " +
  "juice jungle kayak kettle kite kiwi knight koala lace ladder lagoon lake lamp lantern lark lava leaf lemon " +
  "lentil lily lime linen lion lizard llama lobster lotus lunar lynx magnet mango maple marble meadow melon mint " +
  "mirror moon moss moth mule zebra"
).split(" ")

const length = 8

/** Makes up a passphrase to read out: eight words, 64 bits of chance from the system's secure source. */
export const makePassphrase: Effect.Effect<string, never, SecureRandom> = SecureRandom.use(
  (random) =>
    Effect.map(random.randomBytes(length), (bytes) => Array.from(bytes, (byte) => words[byte] ?? "").join("-"))
)
