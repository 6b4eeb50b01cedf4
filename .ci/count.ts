/**
 * Prints what JSON reports of vitest counted, all of them together, as one plain line. Exits with 1 when a test failed,
 * or when none passed in the first, whose tests run everywhere; those of the others may all have been skipped.
 */
import { existsSync, readFileSync } from "node:fs"

const reports = process.argv.slice(2).map((path) => existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {})
const sum = (...counts: ReadonlyArray<string>): number =>
  reports.flatMap((report) => counts.map((count) => report[count] ?? 0)).reduce((total, count) => total + count, 0)
const failed = sum("numFailedTests")
const skipped = sum("numPendingTests", "numTodoTests")

console.log(`${sum("numPassedTests")} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`)
process.exit(reports.every(({ success }) => success === true) && reports[0]?.numPassedTests > 0 ? 0 : 1)
