/**
 * Run before each test of `npm run secured`: those of the table are expected to fail, and no others. An entry fails
 * whose test passes, and so does one that names no test.
 */
import { existsSync } from "node:fs"
import { join, relative } from "node:path"
import { beforeEach, type RunnerTask } from "vitest"
import { differences } from "./Differences.ts"

const root = join(import.meta.dirname, "../..")

for (const [path] of differences) {
  if (!existsSync(join(root, path))) throw new Error(`there is no ${path} any more: take it out of Differences.ts`)
}

/** Every test of a file, named by its groups and itself. */
const named = (
  tasks: ReadonlyArray<RunnerTask>,
  path = ""
): ReadonlyArray<{ readonly title: string; readonly task: RunnerTask }> =>
  tasks.flatMap((task) => {
    const title = `${path}${task.name}`
    return task.type === "suite" ? named(task.tasks, `${title} > `) : [{ title, task }]
  })

beforeEach(({ task }) => {
  const { file } = task
  const tests = new Map(named(file.tasks).map(({ task, title }) => [title, task]))
  for (const [path, title] of differences) {
    if (path !== relative(root, file.filepath)) continue
    const test = tests.get(title)
    if (test?.type !== "test") throw new Error(`${path} has no test "${title}" any more: take it out of Differences.ts`)
    test.fails = true
  }
})
