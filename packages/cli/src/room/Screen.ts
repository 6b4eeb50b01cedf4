/**
 * Where a long-running command is shown and typed into: a prompt for a person at a terminal, else plain lines for pipes
 * and files, read from standard input, whose end ends nothing, and written to standard output.
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

/** The colours that standard output has. */
export const style: Effect.Effect<Style.Style> = Effect.map(
  TerminalCapabilities.TerminalCapabilities,
  ({ canColor }) => canColor ? Style.ansi : Style.none
)

/** Makes the screen: JSON where it was asked for, a prompt where a person sits at both ends, else plain lines. */
export const make = Effect.fnUntraced(function*(json: boolean): Effect.fn.Return<Screen, never, Stdio.Stdio> {
  const { canPrompt } = yield* TerminalCapabilities.TerminalCapabilities
  if (canPrompt && !json) return { kind: "Terminal", ...(yield* Prompt.make({ style: yield* style })) }
  const stdio = yield* Effect.context<Stdio.Stdio>()
  return {
    kind: json ? "Json" : "Plain",
    write,
    typed: () => Stream.provideContext(lines, stdio),
    style: json ? Style.none : yield* style,
    console: yield* Console.Console
  }
})

/** Does work at a screen, with everything that the work prints kept clear of the line being typed. */
export const use = <A, E, R>(
  json: boolean,
  work: (screen: Screen) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | Stdio.Stdio> =>
  Effect.flatMap(make(json), (screen) => Effect.provideService(work(screen), Console.Console, screen.console))
