/** Prints what a JSON report of vitest counted, as one plain line. Exits with 1 when a test failed or none ran. */
import { existsSync, readFileSync } from "node:fs"

const [path = ""] = process.argv.slice(2)
const report = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {}
const passed = report.numPassedTests ?? 0
const failed = report.numFailedTests ?? 0
const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0)

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`)
process.exit(report.success === true && passed > 0 ? 0 : 1)
