/**
 * One program as a whole process. The first SIGINT, SIGTERM or SIGHUP, or a reader that has gone from standard output,
 * asks it to leave; a second SIGINT ends it on the spot. When it is done, what still says goodbye may finish.
 */
import { Exit, Runtime } from "effect"
import { type Code, code } from "./Exit.ts"

// Longer than a leaving joiner keeps its second connection for an original host.
const lastWords = 4000

/** Runs the program; its success is the exit code. */
export const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  let asked = false
  const leave = () => fiber.interruptUnsafe(fiber.id)
  process.on("SIGINT", () => {
    if (asked) process.exit(process.exitCode ?? 130)
    asked = true
    // The terminal has shown ^C; what comes next begins a line.
    if (process.stderr.isTTY) process.stderr.write("\n")
    leave()
  })
  process.on("SIGTERM", leave)
  process.on("SIGHUP", leave)
  process.stdout.on("error", leave)
  fiber.addObserver((exit) =>
    teardown(exit, (status) => {
      process.exitCode = status
      asked = true
      process.stdin.destroy()
      // Its timer does not keep the process alive.
      AbortSignal.timeout(lastWords).addEventListener("abort", () => process.exit(status))
    })
  )
})

/** The exit code of a program whose success is one; an interruption is somebody leaving. */
export const teardown: Runtime.Teardown = (exit, end) =>
  end(Exit.isSuccess(exit) ? codeIn(exit.value) : Exit.hasInterrupts(exit) ? code.done : code.failed)

const codes: ReadonlyArray<Code> = Object.values(code)
const codeIn = (value: unknown): number => codes.find((known) => known === value) ?? code.failed
