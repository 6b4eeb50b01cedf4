/**
 * The screen for people: what happens appears above the line being typed, which keeps its text, its cursor, and its
 * place even where it is longer than the terminal is wide. Arrow keys walk through what was typed before, Tab completes.
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
}

const historySize = 500

/** A prompt, which shows itself as soon as what is typed is asked for. */
export const make = Effect.fnUntraced(function*(
  { complete, input = process.stdin, output = process.stdout, style }: PromptOptions
): Effect.fn.Return<Prompt> {
  const beneath = yield* Console.Console
  let prompting: Readline.Interface | undefined

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

  const open = (typed: Queue.Queue<string, Cause.Done>) => {
    const readline = Readline.createInterface({
      input,
      output,
      terminal: true,
      historySize,
      removeHistoryDuplicates: true,
      prompt: style.bold("> "),
      completer: (line: string): Readline.CompleterResult => {
        const [words, replaced] = complete(line)
        return [[...words], replaced]
      }
    })
    readline.on("line", (line) => {
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
    style,
    console: {
      ...beneath,
      log: (...args) => show(format(...args)),
      error: (...args) => prompting === undefined ? beneath.error(...args) : show(format(...args))
    }
  }
})
