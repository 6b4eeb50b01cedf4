/**
 * The screen for people: what happens appears above the line being typed, which keeps its text, its cursor, and its
 * place even where it is longer than the terminal is wide; lines that change keep theirs between. Arrow keys walk
 * through what was typed before, Tab completes.
 */
import { Cause, Console, Effect, Queue, Stream } from "effect"
import * as Readline from "node:readline"
import { format } from "node:util"
import type { Screen } from "./Screen.ts"
import type { Style } from "./Style.ts"

/** What may follow a line that has been begun: the whole words, and the part of the line that they replace. */
export type Complete = (line: string) => readonly [words: ReadonlyArray<string>, replaced: string]

/** How to prompt. */
export interface PromptOptions {
  readonly complete: Complete
  readonly style: Style
  readonly input?: NodeJS.ReadableStream | undefined
  readonly output?: NodeJS.WritableStream | undefined
}

/** A screen, and a console for everything else that would disturb the line being typed. */
export interface Prompt extends Screen {
  readonly console: Console.Console
  readonly status: NonNullable<Screen["status"]>
}

const historySize = 500
// Where a terminal does not say how wide it is.
const narrow = 80

/** A prompt, which shows itself as soon as what is typed is asked for. */
export const make = Effect.fnUntraced(function*(
  { complete, input = process.stdin, output = process.stdout, style }: PromptOptions
): Effect.fn.Return<Prompt> {
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

  /** The lines in place are part of the prompt: readline keeps their place as it keeps the prompt's. */
  const keep = (draw: (columns: number) => ReadonlyArray<string>) => {
    if (prompting === undefined) return
    const lines = draw("columns" in output && Number(output.columns) > 0 ? Number(output.columns) : narrow)
    drawn = lines.length
    prompting.setPrompt([...lines, invitation].join("\n"))
    prompting.prompt(true)
  }

  /** Takes lines in place away from above a line that was typed, which stays. */
  const settle = (readline: Readline.Interface, line: string) => {
    if (drawn === 0) return
    Object.assign(readline, { line, cursor: line.length })
    const { rows } = readline.getCursorPos()
    Object.assign(readline, { line: "", cursor: 0, prevRows: 0 })
    Readline.moveCursor(output, 0, -rows - 1)
    Readline.clearScreenDown(output)
    output.write(`${invitation}${line}\n`)
  }

  const open = (typed: Queue.Queue<string, Cause.Done>) => {
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
    write: (lines) => Effect.sync(() => lines.length === 0 ? undefined : show(lines.join("\n"))),
    typed: Stream.callback((typed) =>
      Effect.acquireRelease(Effect.sync(() => open(typed)), (readline) => Effect.sync(() => readline.close()))
    ),
    status: (draw) => Effect.sync(() => keep(draw)),
    style,
    console: {
      ...beneath,
      log: (...args) => show(format(...args)),
      error: (...args) => prompting === undefined ? beneath.error(...args) : show(format(...args))
    }
  }
})
