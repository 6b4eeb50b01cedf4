/**
 * Prints how the tests of several runs ended, all of them together, as one plain line: `node .ci/count.ts FOLDER RUN...`
 * reads vitest's report FOLDER/RUN.json of each. A file that several runs have is counted once, as the soak runs random
 * tests again; but the run `secured` has every test over another transport, so its tests are others. Exits with 1 when a test failed, when a run left no report, or when none passed in the first run.
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"

interface Report {
  readonly success: boolean
  readonly testResults: ReadonlyArray<{
    readonly name: string
    readonly assertionResults: ReadonlyArray<{ readonly status: string }>
  }>
}

const [folder = "", ...runs] = process.argv.slice(2)
const reports = runs.map((run): Report => {
  const path = join(folder, `${run}.json`)
  if (!existsSync(path)) return { success: false, testResults: [] }
  const report: Report = JSON.parse(readFileSync(path, "utf8"))
  if (run !== "secured") return report
  return { ...report, testResults: report.testResults.map((file) => ({ ...file, name: `${run} ${file.name}` })) }
})

const seen = new Set<string>()
const count = { passed: 0, failed: 0, skipped: 0 }
for (const { testResults } of reports) {
  for (const { assertionResults, name } of testResults) {
    for (const { status } of assertionResults) {
      if (status === "failed") count.failed++
      else if (!seen.has(name)) count[status === "passed" ? "passed" : "skipped"]++
    }
  }
  for (const { name } of testResults) seen.add(name)
}

const missing = runs.filter((run) => !existsSync(join(folder, `${run}.json`)))
console.log([
  `${count.passed} passed, ${count.failed} failed`,
  ...count.skipped > 0 ? [`${count.skipped} skipped`] : [],
  ...missing.map((run) => `no report of npm run ${run}`)
].join(", "))
const some = reports[0]?.testResults.some((file) => file.assertionResults.some(({ status }) => status === "passed"))
process.exit(some === true && reports.every(({ success }) => success) ? 0 : 1)
