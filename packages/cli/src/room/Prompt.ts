/**
 * The prompt of a person at a terminal. What happens appears above the line being typed, which keeps its text, its
 * cursor and its place, even where it is longer than the terminal is wide; changing lines stay between the two. Arrow
 * keys walk through earlier lines, Tab completes, Ctrl-Z goes back to the shell for a while. What is pasted becomes part
 * of the line, with its line ends. Before the prompt appears there may be one changing line.
 */
import { Cause, Console, Effect, Queue, Stream } from "effect"
import * as Readline from "node:readline"
import { PassThrough, Writable } from "node:stream"
import { format } from "node:util"
import * as Keyboard from "./Keyboard.ts"
import * as Paste from "./Paste.ts"
import type { Style } from "./Style.ts"

/** Completes a line: the whole words that may follow, and the part of the line that they replace. */
export type Complete = (line: string) => readonly [words: ReadonlyArray<string>, replaced: string]

const historySize = 500
// For a terminal that does not say how wide it is.
const narrow = 80
const low = 24

/** How wide a terminal is, in columns. */
export const columnsOf = (output: NodeJS.WritableStream): number =>
  "columns" in output && Number(output.columns) > 0 ? Number(output.columns) : narrow

/** How large a terminal is, in characters. */
export const sizeOf = (output: NodeJS.WritableStream): { readonly columns: number; readonly rows: number } => ({
  columns: columnsOf(output),
  rows: "rows" in output && Number(output.rows) > 0 ? Number(output.rows) : low
})

// Readline edits one line. In it, a line end of a pasted text is a character that is none of any text, and is shown as a
// sign of the same width.
const lineEnd = "\uFDD0"
const sign = "⏎"

/** The terminal, with signs for line ends. What is written to it is written at once. */
const withSigns = (output: NodeJS.WritableStream, style: Style) =>
  Object.defineProperty(
    new Writable({
      decodeStrings: false,
      write: (text, _, done) => {
        output.write(String(text).replaceAll(lineEnd, style.dim(sign)))
        done()
      }
    }),
    "columns",
    { get: () => columnsOf(output) }
  )

const tooLong = `What you pasted has more than ${Paste.longest} characters, and was left out. Paste it in parts.`

/** Makes a prompt. It appears as soon as the typed lines are pulled. */
export const make = Effect.fnUntraced(function*({ input = process.stdin, output: beyond = process.stdout, style }: {
  readonly style: Style
  readonly input?: NodeJS.ReadableStream
  readonly output?: NodeJS.WritableStream
}) {
  const beneath = yield* Console.Console
  const output = withSigns(beyond, style)
  let invitation = style.bold("> ")
  let prompting: Readline.Interface | undefined
  let drawn = 0
  let over = false

  const erase = (readline: Readline.Interface) => {
    Readline.moveCursor(output, 0, -readline.getCursorPos().rows)
    Readline.cursorTo(output, 0)
    Readline.clearScreenDown(output)
  }

  /** Without a prompt there is one changing line at most. */
  const clearLine = () => {
    if (drawn > 0) output.write("\r\u001B[K")
    drawn = 0
  }

  const show = (text: string) => {
    if (prompting === undefined) {
      clearLine()
      return void output.write(`${text}\n`)
    }
    erase(prompting)
    output.write(`${text}\n`)
    // Readline would move up by the rows it has drawn before, which are gone; it keeps their number here.
    Object.assign(prompting, { prevRows: 0 })
    prompting.prompt(true)
  }

  /** Drawn when a terminal that is behind has taken what was written: the latest state only. */
  let later: ((columns: number) => ReadonlyArray<string>) | undefined
  const catchUp = () => {
    if (later !== undefined) keep(later)
  }

  /** The changing lines are part of the prompt: readline keeps their place as it keeps the prompt's. */
  const keep = (draw: (columns: number) => ReadonlyArray<string>) => {
    if (over) return
    if ("writableNeedDrain" in beyond && beyond.writableNeedDrain === true) {
      if (later === undefined) beyond.once("drain", catchUp)
      later = draw
      return
    }
    later = undefined
    const lines = draw(columnsOf(output))
    if (prompting === undefined) {
      clearLine()
      output.write(lines.slice(0, 1).join(""))
      drawn = lines.slice(0, 1).length
      return
    }
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

  const insert = (readline: Readline.Interface, text: string) => {
    const { cursor, line } = readline
    Object.assign(readline, {
      line: `${line.slice(0, cursor)}${text}${line.slice(cursor)}`,
      cursor: cursor + text.length
    })
    readline.prompt(true)
  }

  const open = (typed: Queue.Queue<string, Cause.Done>, complete: Complete) => {
    clearLine()
    // Readline takes its keys from any stream that emits them.
    const keys = new PassThrough()
    const readline = Readline.createInterface({
      input: keys,
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
    const keyboard = Keyboard.open({
      input,
      output,
      readline,
      onKey: (text, key) => keys.emit("keypress", text, key),
      onPasted: (text) => insert(readline, text.replaceAll("\n", lineEnd)),
      onTooLong: () => show(style.red(tooLong)),
      onSuspend: () => erase(readline),
      onResume: (elsewhere) => {
        if (elsewhere) Object.assign(readline, { prevRows: 0 })
        readline.prompt(true)
      },
      // What stands in the line is left alone: nobody has pressed Enter.
      onEnd: () => readline.close()
    })
    const resize = () => output.emit("resize")
    beyond.on("resize", resize)
    readline.on("line", (line) => {
      settle(readline, line)
      Queue.offerUnsafe(typed, line.replaceAll(lineEnd, "\n"))
      readline.prompt()
    })
    // Ctrl-C, and by itself Ctrl-D.
    readline.on("SIGINT", () => readline.close())
    readline.on("SIGTSTP", keyboard.suspend)
    readline.on("close", () => {
      prompting = undefined
      beyond.off("resize", resize)
      over = true
      drawn = 0
      erase(readline)
      keyboard.close()
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
    mark: (word: string) =>
      Effect.sync(() => {
        invitation = `${style.green(word)} ${style.bold("> ")}`
        prompting?.setPrompt(invitation)
      }),
    /** A console for everything else that would disturb the line being typed. */
    console: {
      ...beneath,
      log: (...args: ReadonlyArray<unknown>) => show(format(...args)),
      error: (...args: ReadonlyArray<unknown>) =>
        prompting === undefined ? beneath.error(...args) : show(format(...args))
    }
  }
})
