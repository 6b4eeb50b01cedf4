/** The table in docs/performance.md, between two marks. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Performance } from "./Record.ts"
import * as Table from "./Table.ts"

/** Where the figures are that everybody sees. */
export const folder = join(import.meta.dirname, "..", "..", "..", "docs")

const begin = "<!-- table: npm run bench -- --record -->"
const end = "<!-- end of table -->"

/** `text` with another table between the marks. Throws when they are not there. */
export const replace = (text: string, table: string): string => {
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`docs/performance.md lacks the marks "${begin}" and "${end}".`)
  return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`
}

/** Writes the table, and returns the file's path. */
export const record = (performance: Performance): string => {
  const path = join(folder, "performance.md")
  writeFileSync(path, replace(readFileSync(path, "utf8"), Table.markdown(performance)))
  return path
}
