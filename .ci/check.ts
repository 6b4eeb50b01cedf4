/**
 * `npm run check`: every check, each of them an npm script that can be run by itself. Goes through all of them in spite
 * of failures, with the tests last, then names what failed.
 */
import { spawnSync } from "node:child_process"

const checks = {
  types: "types",
  effects: "Effect diagnostics",
  lint: "lint and import rules",
  "format:check": "format (npm run format puts it right)",
  dead: "dead exports",
  "proto:check": "generated messages (npm run proto puts them right)",
  test: "tests"
}

const failed = Object.entries(checks).filter(([script, title]) => {
  console.log(`\n== ${title}: npm run ${script}`)
  return spawnSync("npm", ["run", "-s", script], { stdio: "inherit", shell: process.platform === "win32" }).status !== 0
})

console.log(failed.length === 0 ? "\nall checks passed" : `\nfailed: ${failed.map(([script]) => script).join(", ")}`)
process.exit(failed.length === 0 ? 0 : 1)
