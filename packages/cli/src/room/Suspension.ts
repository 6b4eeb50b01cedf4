/**
 * A raw terminal that goes back to the shell for a while, as a shell's jobs do: at Ctrl-Z, at a signal from elsewhere,
 * and after a stop that nobody is asked about.
 *
 *     Ctrl-Z ---> onSuspend ---> terminal as it was ---> the whole job stops ... fg ---> raw again ---> onResume
 */
import { ReadStream } from "node:tty"

/** A terminal, and what is done around a stop. */
export interface SuspensionOptions {
  /** A stream that is no terminal is never raw, and is not suspended. */
  readonly input: NodeJS.ReadableStream
  /** While the terminal is still raw. */
  readonly onSuspend: () => void
  /** When it is raw again. `elsewhere`: others may have moved the cursor since. */
  readonly onResume: (elsewhere: boolean) => void
}

// Everything that a shell started as one job with this process, such as the npm that runs it.
const wholeJob = 0

/** Makes a terminal raw, until it is closed. */
export const open = ({ input, onResume, onSuspend }: SuspensionOptions) => {
  const terminal = input instanceof ReadStream ? input : undefined
  const leave = () => void terminal?.setRawMode(false)
  // Others may have changed the terminal meanwhile, and Node does nothing where it thinks that it is raw already.
  const enter = () => void terminal?.setRawMode(false).setRawMode(true)

  // The signal that ends a stop is reported when the process goes on already.
  let resumed = false
  const stop = (target: number) => {
    onSuspend()
    leave()
    // The signal stops the process, in this very call, where nobody listens.
    process.off("SIGTSTP", stopAlone)
    process.kill(target, "SIGTSTP")
    process.on("SIGTSTP", stopAlone)
    resumed = true
    enter()
    onResume(true)
  }
  const stopAlone = () => stop(process.pid)
  const goOn = () => {
    enter()
    onResume(!resumed)
    resumed = false
  }

  enter()
  if (terminal !== undefined) process.on("SIGTSTP", stopAlone).on("SIGCONT", goOn)
  return {
    /** Stops the process and all that a shell started with it, as Ctrl-Z does where a terminal is not raw. */
    suspend: () => terminal === undefined ? undefined : stop(wholeJob),
    /** Leaves the terminal as it was. */
    close: () => {
      process.off("SIGTSTP", stopAlone).off("SIGCONT", goOn)
      leave()
    }
  }
}
