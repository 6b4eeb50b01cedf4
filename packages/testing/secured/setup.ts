/**
 * Run before each test of `npm run secured`: those of the table are expected to fail, and no others. An entry fails
 * whose test passes, and so does one that names no test.
 */
import { join, relative } from "node:path"
import { beforeEach, type RunnerTask } from "vitest"
import { differences, endless } from "./Differences.ts"

const root = join(import.meta.dirname, "../..")

/** Every test of a file, named by its groups and itself. */
const named = (
  tasks: ReadonlyArray<RunnerTask>,
  path = ""
): ReadonlyArray<{ readonly title: string; readonly task: RunnerTask }> =>
  tasks.flatMap((task) => {
    const title = `${path}${task.name}`
    return task.type === "suite" ? named(task.tasks, `${title} > `) : [{ title, task }]
  })

beforeEach(({ skip, task }) => {
  const { file } = task
  const tests = new Map(named(file.tasks).map(({ task, title }) => [title, task]))
  for (const [path, title, why] of [...differences, ...endless]) {
    if (path !== relative(root, file.filepath)) continue
    const test = tests.get(title)
    if (test?.type !== "test") throw new Error(`${path} has no test "${title}" any more: take it out of Differences.ts`)
    if (why === undefined) test.fails = true
    else skip(test.id === task.id, why)
  }
})
