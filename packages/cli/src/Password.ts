/**
 * Where a password comes from: --password, --password-file or the environment, else a person at the terminal, else, for
 * a host, a passphrase that is made up. There is none by default.
 */
// Not the package's index, which takes long to load.
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import * as SystemProblem from "@peerage/wire/SystemProblem"
import { Console, Effect, FileSystem, Redacted, Result, Terminal } from "effect"
import { Prompt, TerminalCapabilities } from "effect/cli"
import { SecureRandom } from "effect/crypto/SecureRandom"
import type { Key } from "node:readline"
import { given } from "./Flags.ts"
import { printable } from "./Printable.ts"
import * as Suspension from "./room/Suspension.ts"
import { type Check, type Given, optional, type Reader } from "./Usage.ts"
import * as Utf8 from "./Utf8.ts"

/** The flags for a password. */
export const flags = {
  inline: given("password", "TEXT", "The password; others on this machine may see it: prefer the file"),
  file: given("password-file", "FILE", "A file whose first line is the password")
}

const password: Reader<Redacted.Redacted<string>> = (text) =>
  text === "" ? Result.fail("at least one character") : Result.succeed(Redacted.make(text))

const fromFile = Effect.fnUntraced(function*(name: string, path: string) {
  const fs = yield* FileSystem.FileSystem
  const read = yield* Effect.result(fs.readFile(path))
  if (Result.isFailure(read)) {
    const problem = `cannot read ${printable(path)}: ${SystemProblem.of(read.failure)}`
    return Result.fail(`${name}: ${problem}; give a file whose first line is the password`)
  }
  const whole = Utf8.decode(read.success)
  if (whole === undefined) {
    return Result.fail(`${name}: ${printable(path)} is not UTF-8; convert it first, as iconv does`)
  }
  const [text = ""] = Utf8.withoutMark(whole).split(/\r?\n/)
  return optional(password)({ name: `${name}: the first line`, text })
})

const typed = ({ name, text }: Given) => text !== undefined && name.startsWith("--")

/** What is wrong with the flags together, and the password; `undefined` where none was given and a person can be asked. */
export const checks = Effect.fnUntraced(function*(
  { file, inline }: { readonly [flag in keyof typeof flags]: Given }
) {
  const { canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  const onePassword: Check<void> = typed(inline) && typed(file)
    ? Result.fail("--password and --password-file are two passwords; give one")
    : Result.void
  // A typed flag counts for more than the environment, whichever of the two it is.
  const known: Check<Redacted.Redacted<string> | undefined> =
    file.text !== undefined && (typed(file) || inline.text === undefined)
      ? yield* fromFile(file.name, file.text)
      : inline.text === undefined && !canPrompt
      ? Result.fail("a password is missing: give --password-file, PEERAGE_PASSWORD or --password")
      : optional(password)(inline)
  return { onePassword, known }
})

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

/** Asks for it without showing what is typed. */
export const ask = Effect.andThen(
  suspendable,
  Prompt.run(Prompt.Hidden({
    message: "Password",
    validate: (text) => text === "" ? Effect.fail("A password has at least one character") : Effect.succeed(text)
  }))
).pipe(
  // One of its own, closed with the question: another would let go of standard input when a room reads it already.
  Effect.provideServiceEffect(Terminal.Terminal, NodeTerminal.make()),
  Effect.scoped,
  // A person who gives up gets a line of their own back.
  Effect.tapError(() => Console.error(""))
)

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
