/** The libraries that a user might pick instead, each a contender for a task. */
import { absent } from "../../alternatives/Installed.ts"
import type { Facts } from "../../src/Facts.ts"
import type { Contender } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"
import { tasks } from "./Library.ts"

/** What is to be done. */
export interface Task {
  readonly task: keyof typeof tasks
  /** Messages, conversations or connections of a round. */
  readonly count: number
  readonly value?: Parameters<typeof Pair.contender>[0]["value"]
  /** What programs are told besides. */
  readonly given?: Facts | undefined
}

/** A contender by two programs of this folder, whose names begin with `programs`. */
export const pair = (name: string, programs: string, { count, given, task, value }: Task): Contender =>
  Pair.contender({
    name,
    serve: `${programs}-serve.ts`,
    drive: `${programs}-drive.ts`,
    at: import.meta.url,
    given: { ...given, task: tasks[task], pushes: task === "oneway" ? 1 : 0, idle: task === "idle" ? 1 : 0 },
    count,
    counts: task === "idle" || task === "streams" ? "serve" : "both",
    value
  })

/** Ours, by a program of its own. */
export const ours = (programs: "peerpy" | "transport", task: Task): Contender => pair("ours", programs, task)

/** A library; `share` of the work where it is much slower. */
export const library = (name: "libp2p" | "ws" | "zeromq", task: Task, share = 1): Contender => ({
  ...pair(name, name, { ...task, count: Math.round(task.count * share) }),
  absent: absent(name)
})
