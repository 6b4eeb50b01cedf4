/**
 * The prompt of a person at a terminal. What happens appears above the line being typed, which keeps its text, its
 * cursor and its place, even where it is longer than the terminal is wide; changing lines stay between the two. Arrow
 * keys walk through earlier lines, Tab completes.
 */
import { Cause, Console, Effect, Queue, Stream } from "effect"
import * as Readline from "node:readline"
import { format } from "node:util"
import type { Style } from "./Style.ts"

/** Completes a line: the whole words that may follow, and the part of the line that they replace. */
export type Complete = (line: string) => readonly [words: ReadonlyArray<string>, replaced: string]

const historySize = 500
// For a terminal that does not say how wide it is.
const narrow = 80

/** How wide a terminal is, in columns. */
export const columnsOf = (output: NodeJS.WritableStream): number =>
  "columns" in output && Number(output.columns) > 0 ? Number(output.columns) : narrow

/** Makes a prompt. It appears as soon as the typed lines are pulled. */
export const make = Effect.fnUntraced(function*({ input = process.stdin, output = process.stdout, style }: {
  readonly style: Style
  readonly input?: NodeJS.ReadableStream
  readonly output?: NodeJS.WritableStream
}) {
  const beneath = yield* Console.Console
  const invitation = style.bold("> ")
  let prompting: Readline.Interface | undefined
  let drawn = 0

  const erase = (readline: Readline.Interface) => {
    Readline.moveCursor(output, 0, -readline.getCursorPos().rows)
    Readline.cursorTo(output, 0)
    Readline.clearScreenDown(output)
  }

  const show = (text: string) => {
    if (prompting === undefined) return void output.write(`${text}\n`)
    erase(prompting)
    output.write(`${text}\n`)
    // Readline would move up by the rows it has drawn before, which are gone; it keeps their number here.
    Object.assign(prompting, { prevRows: 0 })
    prompting.prompt(true)
  }

  /** The changing lines are part of the prompt: readline keeps their place as it keeps the prompt's. */
  const keep = (draw: (columns: number) => ReadonlyArray<string>) => {
    if (prompting === undefined) return
    const lines = draw(columnsOf(output))
    drawn = lines.length
    prompting.setPrompt([...lines, invitation].join("\n"))
    prompting.prompt(true)
  }

  /** Removes the changing lines above a line that was typed; the typed line stays. */
  const settle = (readline: Readline.Interface, line: string) => {
    if (drawn === 0) return
    Object.assign(readline, { line, cursor: line.length })
    const { rows } = readline.getCursorPos()
    Object.assign(readline, { line: "", cursor: 0, prevRows: 0 })
    Readline.moveCursor(output, 0, -rows - 1)
    Readline.clearScreenDown(output)
    output.write(`${invitation}${line}\n`)
  }

  const open = (typed: Queue.Queue<string, Cause.Done>, complete: Complete) => {
    const readline = Readline.createInterface({
      input,
      output,
      terminal: true,
      historySize,
      removeHistoryDuplicates: true,
      prompt: invitation,
      completer: (line: string): Readline.CompleterResult => {
        const [words, replaced] = complete(line)
        return [[...words], replaced]
      }
    })
    readline.on("line", (line) => {
      settle(readline, line)
      Queue.offerUnsafe(typed, line)
      readline.prompt()
    })
    // Ctrl-C, and by itself Ctrl-D.
    readline.on("SIGINT", () => readline.close())
    readline.on("close", () => {
      prompting = undefined
      erase(readline)
      Queue.endUnsafe(typed)
    })
    prompting = readline
    readline.prompt()
    return readline
  }

  return {
    write: (lines: ReadonlyArray<string>) => Effect.sync(() => lines.length === 0 ? undefined : show(lines.join("\n"))),
    typed: (complete: Complete): Stream.Stream<string> =>
      Stream.callback((typed) =>
        Effect.acquireRelease(
          Effect.sync(() => open(typed, complete)),
          (readline) => Effect.sync(() => readline.close())
        )
      ),
    status: (draw: (columns: number) => ReadonlyArray<string>) => Effect.sync(() => keep(draw)),
    style,
    /** A console for everything else that would disturb the line being typed. */
    console: {
      ...beneath,
      log: (...args: ReadonlyArray<unknown>) => show(format(...args)),
      error: (...args: ReadonlyArray<unknown>) =>
        prompting === undefined ? beneath.error(...args) : show(format(...args))
    }
  }
})
