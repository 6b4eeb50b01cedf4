/**
 * The terminal beneath a prompt: keys as they are pressed, with pasted text apart from them, and the terminal as it was
 * before for as long as the process is suspended.
 *
 *     Ctrl-Z ---> onSuspend ---> terminal as it was ---> the whole job stops ... fg ---> keys again ---> onResume
 */
import * as Readline from "node:readline"
import { ReadStream } from "node:tty"
import * as Paste from "./Paste.ts"

/** A terminal, and what is done with what comes from it. */
export interface KeyboardOptions {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  /** Is told whether a key came alone, which is a person's. */
  readonly readline: Readline.Interface
  readonly onKey: (text: string | undefined, key: Readline.Key) => void
  readonly onPasted: (text: string) => void
  readonly onTooLong: () => void
  /** Before the process stops. */
  readonly onSuspend: () => void
  /** After it goes on. `elsewhere`: others may have moved the cursor since `onSuspend`, or since it was stopped without. */
  readonly onResume: (elsewhere: boolean) => void
  /** The terminal has gone. */
  readonly onEnd: () => void
}

// Everything that a shell started as one job with this process, such as the npm that runs it.
const wholeJob = 0

/** Opens the keyboard of a terminal. Another stream gives keys and pasted text, and cannot be suspended. */
export const open = ({ input, output, readline, ...on }: KeyboardOptions) => {
  const terminal = input instanceof ReadStream ? input : undefined
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

  /** Others may have changed the terminal meanwhile; and Node does nothing where it thinks that it is raw already. */
  const enter = () => {
    if (terminal === undefined) return
    terminal.setRawMode(false).setRawMode(true)
    output.write(Paste.ask)
  }
  const leave = () => {
    if (terminal === undefined) return
    output.write(Paste.askNot)
    terminal.setRawMode(false)
  }

  // The signal that ends a stop is reported once the process goes on, which it has done by then.
  let resumed = false
  const stop = (target: number) => {
    on.onSuspend()
    leave()
    // Without somebody who listens, the signal stops the process, in this very call.
    process.off("SIGTSTP", stopAlone)
    process.kill(target, "SIGTSTP")
    process.on("SIGTSTP", stopAlone)
    resumed = true
    enter()
    on.onResume(true)
  }
  const stopAlone = () => stop(process.pid)
  const goOn = () => {
    enter()
    on.onResume(!resumed)
    resumed = false
  }

  Readline.emitKeypressEvents(input, readline)
  input.on("keypress", press)
  input.on("end", on.onEnd)
  input.on("error", on.onEnd)
  process.on("exit", leave)
  if (terminal !== undefined) process.on("SIGTSTP", stopAlone).on("SIGCONT", goOn)
  enter()
  input.resume()

  return {
    /** Stops the process and all that a shell started with it, as Ctrl-Z does where a terminal is not raw. */
    suspend: () => terminal === undefined ? undefined : stop(wholeJob),
    /** Leaves the terminal as it was. */
    close: () => {
      // Before the errors of a terminal that has gone have no listener.
      leave()
      process.off("exit", leave).off("SIGTSTP", stopAlone).off("SIGCONT", goOn)
      input.off("keypress", press).off("end", on.onEnd).off("error", on.onEnd)
      input.pause()
    }
  }
}
