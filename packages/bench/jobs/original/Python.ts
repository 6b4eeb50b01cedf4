/** An original as one side of a job: a program in Python that answers each line it is told with a line. */
import { prepare } from "@peerage/interop/Environment"
import { Result } from "effect"
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Contender } from "../../src/Job.ts"

/** Why no original can take part here, if so. */
export const absent = async (): Promise<string | undefined> => {
  const interpreter = prepare()
  return Result.isFailure(interpreter) ? interpreter.failure.message : undefined
}

/** A program that runs. */
export interface Python {
  /** The numbers that it told when it was ready. */
  readonly ready: ReadonlyArray<number>
  /** Tells it a line and waits for its answer. Rejects when it ends instead. */
  readonly ask: (line: string) => Promise<string>
}

/** Starts a program that stands here. It ends with this process. */
export const start = async (file: string, args: ReadonlyArray<string> = []): Promise<Python> => {
  const interpreter = Result.getOrThrow(prepare())
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(interpreter, ["-u", path, ...args], { stdio: ["pipe", "pipe", "ignore"] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async () => {
    const { done, value } = await lines.next()
    if (done === true) throw new Error(`${file} ended`)
    return value
  }
  const ask = (line: string) => {
    child.stdin.write(`${line}\n`)
    return next()
  }
  return { ready: (await next()).split(" ").map(Number), ask }
}

/** An original among contenders: its CPU and memory are another process's, so that none are told. */
export const original = (contender: Contender): Contender => ({
  ...contender,
  absent,
  open: async (scale) => {
    const { close, round } = await contender.open(scale)
    return { close, round: async () => ({ value: (await round()).value }) }
  }
})
