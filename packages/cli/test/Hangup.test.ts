/** Whether a hangup was ignored at the start, from what the shell and the kernel say. */
import { assert } from "@effect/vitest"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { wasIgnored } from "../src/Hangup.ts"
import { folder } from "./Folder.ts"
import { live } from "./Test.ts"

/** Processes, each with its parent, its session and the signals that it ignores. */
type Processes = Readonly<Record<number, readonly [parent: number, session: number, ignored: string]>>

const ordinary: Processes = { 30: [20, 10, "0000000001001000"], 20: [10, 10, "0000000000000006"], 10: [1, 10, "0"] }

for (
  const [how, ignored, env, processes] of [
    ["nothing ignores it", false, { _: "/usr/bin/node" }, ordinary],
    ["nohup ran it", true, { _: "/usr/bin/nohup" }, ordinary],
    ["nohup ran it, and there is no such kernel", true, { _: "nohup" }, {}],
    ["nothing is known", false, {}, {}],
    ["the shell that runs it ignores it", true, {}, { ...ordinary, 20: [10, 10, "0000000000000001"] }],
    ["a shell above npm ignores it", true, {}, { ...ordinary, 10: [1, 10, "0000000000000005"] }],
    ["a program of another session ignores it", false, {}, { ...ordinary, 10: [1, 1, "0000000000000001"] }]
  ] as const
) {
  live(`${ignored ? "knows" : "takes it for not so"} that a hangup was ignored where ${how}`, function*() {
    const directory = yield* folder()
    for (const [pid, [parent, session, mask]] of Object.entries<Processes[number]>(processes)) {
      mkdirSync(join(directory, pid))
      writeFileSync(join(directory, pid, "stat"), `${pid} (a) S 1 (b) S ${parent} ${pid} ${session} 0 -1`)
      writeFileSync(join(directory, pid, "status"), `Name:\ta\nSigBlk:\t0\nSigIgn:\t${mask}\nSigCgt:\tf\n`)
    }
    assert.strictEqual(wasIgnored(env, 30, directory), ignored)
  })
}
