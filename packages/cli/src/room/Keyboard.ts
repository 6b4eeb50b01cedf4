/** The keys of a terminal beneath a prompt, with pasted text apart from them. */
import * as Readline from "node:readline"
import { ReadStream } from "node:tty"
import * as Paste from "./Paste.ts"
import * as Suspension from "./Suspension.ts"

/** A terminal, and what is done with what comes from it. */
export interface KeyboardOptions extends Suspension.SuspensionOptions {
  readonly output: NodeJS.WritableStream
  /** Is told whether a key came alone, which is a person's. */
  readonly readline: Readline.Interface
  readonly onKey: (text: string | undefined, key: Readline.Key) => void
  readonly onPasted: (text: string) => void
  readonly onTooLong: () => void
  /** The terminal has gone. */
  readonly onEnd: () => void
}

/** Opens the keyboard of a terminal, until it is closed. Another stream gives keys and pasted text too. */
export const open = ({ input, output, readline, ...on }: KeyboardOptions) => {
  let pasted: string | undefined
  const press = (text: string | undefined, key: Readline.Key) => {
    const [next, pieces] = Paste.press(pasted, { text, key })
    pasted = next
    for (const piece of pieces) {
      if (piece._tag === "Typed") on.onKey(text, key)
      else if (piece._tag === "Pasted") on.onPasted(piece.text)
      else on.onTooLong()
    }
  }

  const mark = (words: string) => input instanceof ReadStream ? void output.write(words) : undefined
  const unmark = () => mark(Paste.askNot)
  const suspension = Suspension.open({
    input,
    onSuspend: () => {
      on.onSuspend()
      unmark()
    },
    onResume: (elsewhere) => {
      mark(Paste.ask)
      on.onResume(elsewhere)
    }
  })

  Readline.emitKeypressEvents(input, readline)
  input.on("keypress", press).on("end", on.onEnd).on("error", on.onEnd)
  // However the process ends.
  process.on("exit", unmark)
  mark(Paste.ask)
  input.resume()

  return {
    /** Goes back to the shell for a while. */
    suspend: suspension.suspend,
    /** Leaves the terminal as it was. */
    close: () => {
      unmark()
      // First, as the errors of a terminal that has gone need a listener.
      suspension.close()
      process.off("exit", unmark)
      input.off("keypress", press).off("end", on.onEnd).off("error", on.onEnd)
      input.pause()
    }
  }
}
