/**
 * Where a command is shown and typed into: a prompt for a person at a terminal, else plain lines for pipes and files, read
 * from standard input, whose end ends nothing, and written to standard output.
 */
import { Console, Effect, Result, Stdio, Stream } from "effect"
import { TerminalCapabilities } from "effect/cli"
import * as Utf8 from "../Utf8.ts"
import type { Mistake } from "./Command.ts"
import * as Lines from "./Lines.ts"
import * as Prompt from "./Prompt.ts"
import * as Reader from "./Reader.ts"
import * as Style from "./Style.ts"

/** A line as it was typed, or bytes that are no text. */
export type Line = Result.Result<string, NotText>

/** A line that is not UTF-8. `command` is what of it can be read. */
export interface NotText extends Mistake {
  readonly command: string
}

/** One place with lines going both ways. */
export interface Screen {
  /** Who reads it. Programs read JSON. */
  readonly kind: "Terminal" | "Plain" | "Json"
  /** Who takes what is written; missing where nobody is ever behind. */
  readonly reader?: Reader.Reader | undefined
  /** Shows whole lines, fit to print, at once. */
  readonly write: (lines: ReadonlyArray<string>) => Effect.Effect<void>
  /** What is typed, a line at a time. Ends when the person leaves; a pipe never ends it. */
  readonly typed: (complete: Prompt.Complete) => Stream.Stream<Line>
  /** Keeps changing lines in place, each shorter than there are columns; where there is a terminal to do so. */
  readonly status?: ((draw: (columns: number) => ReadonlyArray<string>) => Effect.Effect<void>) | undefined
  readonly style: Style.Style
  /** Shows a word in front of the prompt, where there is one. */
  readonly mark?: ((word: string) => Effect.Effect<void>) | undefined
  /** How large the terminal is, where there is one with colours. */
  readonly size?: { readonly columns: number; readonly rows: number } | undefined
  /** The console for everything else in the process. */
  readonly console: Console.Console
}

/** Shows lines on standard output at once. */
const show = (lines: ReadonlyArray<string>): Effect.Effect<void> =>
  lines.length === 0 ? Effect.void : Console.log(lines.join("\n"))

/** Shows lines on standard output, and waits until they are read. */
export const write = (lines: ReadonlyArray<string>): Effect.Effect<void> =>
  Effect.andThen(show(lines), Reader.standard.caughtUp)

/** How much may wait to be read of what goes on for as long as another peer sends it, in characters. */
const mostAhead = 67_108_864

/** Shows lines on standard output. Waits only where too much is unread: who sends them need not wait for a slow reader. */
export const writeAhead = (lines: ReadonlyArray<string>): Effect.Effect<void> =>
  Effect.andThen(
    show(lines),
    Effect.suspend(() => Reader.standard.behindBy() > mostAhead ? Reader.standard.caughtUp : Effect.void)
  )

/** Reads bytes, each as one character, as a line. */
const lineOf = (bytes: string, isFirst: boolean): Line => {
  const text = Utf8.decode(Buffer.from(bytes, "latin1"))
  return text !== undefined ? Result.succeed(isFirst ? Utf8.withoutMark(text) : text) : Result.fail({
    command: Buffer.from(bytes, "latin1").toString(),
    reason: "NotUtf8",
    message: "This line is not UTF-8, and nothing of it was done or sent. Convert the text first, as iconv does."
  })
}

/** The lines of standard input, then nothing for ever. */
const lines: Stream.Stream<Line, never, Stdio.Stdio> = Stream.unwrap(
  Effect.map(Stdio.Stdio, ({ stdin }) =>
    Lines.split(
      // No byte of a character of more than one is a line end, so that lines can be found before characters.
      Stream.map(stdin, (chunk) => Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1"))
    ).pipe(
      Stream.mapAccum(() => true, (isFirst, line) => [false, [lineOf(line, isFirst)]]),
      // An unreadable standard input counts as an empty one.
      Stream.catch((error) => Stream.fromEffectDrain(Effect.logWarning(`standard input: ${error.message}`))),
      Stream.concat(Stream.never)
    ))
)

/** Makes the screen: JSON where it was asked for, a prompt where a person sits at both ends, else plain lines. */
export const make = Effect.fnUntraced(function*(json: boolean): Effect.fn.Return<Screen, never, Stdio.Stdio> {
  const { canColor, canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  const style = canColor && !json ? Style.ansi : Style.none
  if (canPrompt && !json) {
    const { typed, ...prompt } = yield* Prompt.make({ style })
    return {
      kind: "Terminal",
      reader: Reader.standard,
      ...prompt,
      size: canColor ? Prompt.sizeOf(process.stdout) : undefined,
      typed: (complete) => Stream.map(typed(complete), Result.succeed)
    }
  }
  const stdio = yield* Effect.context<Stdio.Stdio>()
  return {
    kind: json ? "Json" : "Plain",
    reader: Reader.standard,
    write: show,
    typed: () => Stream.provideContext(lines, stdio),
    style,
    console: yield* Console.Console
  }
})
