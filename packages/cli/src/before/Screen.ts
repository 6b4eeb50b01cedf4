/**
 * Where a room is shown and typed into. `Prompt` is the one for people at a terminal; this is the plain one, for pipes
 * and files: lines in from standard input, whose end ends nothing, and lines out to standard output.
 */
import { Console, Effect, Stdio, Stream } from "effect"
import type * as Style from "./Style.ts"

/** One place with lines going both ways. */
export interface Screen {
  /** Shows whole lines, fit to print. */
  readonly write: (lines: ReadonlyArray<string>) => Effect.Effect<void>
  /** What is typed, a line at a time. Ends when the person has had enough; never for a pipe. */
  readonly typed: Stream.Stream<string>
  /** Keeps lines in place that change, each shorter than there are columns; where there is a terminal to do so. */
  readonly status?: ((draw: (columns: number) => ReadonlyArray<string>) => Effect.Effect<void>) | undefined
  readonly style: Style.Style
}

/** Shows lines on standard output. */
export const write = (lines: ReadonlyArray<string>): Effect.Effect<void> =>
  lines.length === 0 ? Effect.void : Console.log(lines.join("\n"))

/** The lines of standard input, then nothing for ever. */
export const lines: Stream.Stream<string, never, Stdio.Stdio> = Stream.unwrap(
  Effect.map(Stdio.Stdio, ({ stdin }) =>
    stdin.pipe(
      Stream.decodeText(),
      Stream.splitLines,
      // A standard input that cannot be read is one that says nothing.
      Stream.catch((error) => Stream.fromEffectDrain(Effect.logWarning(`standard input: ${error.message}`))),
      Stream.concat(Stream.never)
    ))
)
