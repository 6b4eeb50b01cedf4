/**
 * Where a command is shown and typed into: a prompt for a person at a terminal, else plain lines for pipes and files, read
 * from standard input, whose end ends nothing, and written to standard output.
 */
import { Console, Effect, Stdio, Stream } from "effect"
import { TerminalCapabilities } from "effect/cli"
import * as Prompt from "./Prompt.ts"
import * as Style from "./Style.ts"

/** One place with lines going both ways. */
export interface Screen {
  /** Who reads it. Programs read JSON. */
  readonly kind: "Terminal" | "Plain" | "Json"
  /** Shows whole lines, fit to print. */
  readonly write: (lines: ReadonlyArray<string>) => Effect.Effect<void>
  /** What is typed, a line at a time. Ends when the person leaves; a pipe never ends it. */
  readonly typed: (complete: Prompt.Complete) => Stream.Stream<string>
  /** Keeps changing lines in place, each shorter than there are columns; where there is a terminal to do so. */
  readonly status?: ((draw: (columns: number) => ReadonlyArray<string>) => Effect.Effect<void>) | undefined
  readonly style: Style.Style
  /** The console for everything else in the process. */
  readonly console: Console.Console
}

/** Shows lines on standard output. */
export const write = (lines: ReadonlyArray<string>): Effect.Effect<void> =>
  lines.length === 0 ? Effect.void : Console.log(lines.join("\n"))

/** The lines of standard input, then nothing for ever. */
const lines: Stream.Stream<string, never, Stdio.Stdio> = Stream.unwrap(
  Effect.map(Stdio.Stdio, ({ stdin }) =>
    stdin.pipe(
      Stream.decodeText(),
      Stream.splitLines,
      // An unreadable standard input counts as an empty one.
      Stream.catch((error) => Stream.fromEffectDrain(Effect.logWarning(`standard input: ${error.message}`))),
      Stream.concat(Stream.never)
    ))
)

/** Makes the screen: JSON where it was asked for, a prompt where a person sits at both ends, else plain lines. */
export const make = Effect.fnUntraced(function*(json: boolean): Effect.fn.Return<Screen, never, Stdio.Stdio> {
  const { canColor, canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  const style = canColor && !json ? Style.ansi : Style.none
  if (canPrompt && !json) return { kind: "Terminal", ...(yield* Prompt.make({ style })) }
  const stdio = yield* Effect.context<Stdio.Stdio>()
  return {
    kind: json ? "Json" : "Plain",
    write,
    typed: () => Stream.provideContext(lines, stdio),
    style,
    console: yield* Console.Console
  }
})
