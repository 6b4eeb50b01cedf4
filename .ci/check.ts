/**
 * `npm run check`: every check, each of them an npm script that can be run by itself. Goes through all of them in spite
 * of failures, with the tests last, then names what failed and counts the tests.
 */
import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { join } from "node:path"

const checks = {
  types: "types",
  effects: "Effect diagnostics",
  lint: "lint and import rules",
  "format:check": "format (npm run format puts it right)",
  dead: "dead exports",
  "proto:check": "generated messages (npm run proto puts them right)",
  test: "tests",
  soak: "tests that take long, and random ones with a new seed",
  secured: "the protocols' tests again, with every host secured",
  e2e: "tests of processes and terminals"
}

const reports = process.env["TEST_REPORTS"] ?? join(import.meta.dirname, "..", "node_modules", ".test-reports")
rmSync(reports, { recursive: true, force: true })

const run = (command: string, args: ReadonlyArray<string>): boolean => {
  const env = { ...process.env, TEST_REPORTS: reports }
  return spawnSync(command, args, { stdio: "inherit", env, shell: process.platform === "win32" }).status === 0
}

const failed = Object.entries(checks).filter(([script, title]) => {
  console.log(`\n== ${title}: npm run ${script}`)
  return !run("npm", ["run", "-s", script])
})

console.log(failed.length === 0 ? "\nall checks passed" : `\nfailed: ${failed.map(([script]) => script).join(", ")}`)
const counted = run(process.execPath, [
  join(import.meta.dirname, "count.ts"),
  reports,
  "test",
  "soak",
  "secured",
  "e2e"
])
process.exit(failed.length === 0 && counted ? 0 : 1)
