/** Our peers as a process of their own, the `peerage` command: for what only a process can do, as to be killed. */
import { Effect } from "effect"
import { fileURLToPath } from "node:url"
import * as Program from "./Program.ts"

const entrypoint = fileURLToPath(new URL("../../cli/bin/peerage.cjs", import.meta.url))

/** Starts the command, telling what happens in JSON; behind `prefix`, which is a command that runs another. */
export const start = (args: ReadonlyArray<string>, prefix: ReadonlyArray<string> = []) =>
  Effect.suspend(() => {
    const [command = "", ...rest] = [...prefix, process.execPath, entrypoint, ...args, "--json"]
    return Program.start(command, rest)
  })
