/** What was measured as a table, for a terminal or as Markdown. */
import type { Entry, Performance } from "./Record.ts"

/** Three digits that count, and thousands set apart. */
export const number = (value: number | undefined): string => {
  if (value === undefined) return ""
  if (value !== 0 && Math.abs(value) < 100) return Number(value.toPrecision(3)).toString()
  return Math.round(value).toLocaleString("en-US")
}

const headings = ["job", "who", "median", "min", "max", "ours / theirs", "must be", "CPU us each", "peak MB"]

const megabytes = (bytes: number | undefined) => bytes === undefined ? "" : number(bytes / 1e6)

const mark = (reached: boolean | undefined) => reached === undefined ? "" : reached ? " yes" : " NO"

const sign = (more: boolean) => more ? ">=" : "<="

const rows = (entry: Entry): ReadonlyArray<ReadonlyArray<string>> => {
  const own = entry.bound === undefined
    ? ""
    : `${sign(entry.better === "more")} ${number(entry.bound)}${mark(entry.bounded)}`
  return entry.results.map((result, index) => {
    const compared = entry.comparisons.filter(({ against }) => against === result.name)
    const ratios = compared.map(({ of, ratio }) => `${ratio.toFixed(2)}${of === "cpu" ? " of CPU" : ""}`)
    const musts = compared.flatMap(({ beyond, difference, of, reached, target }) =>
      beyond !== undefined
        ? [`${number(difference)} beyond, <= ${beyond}${mark(reached)}`]
        : target !== undefined
        ? [`${sign(of === "value" && entry.better === "more")} ${target}${mark(reached)}`]
        : []
    )
    return [
      index === 0 ? entry.name : "",
      result.name,
      result.absent === undefined ? `${number(result.median)}${index === 0 ? ` ${entry.unit}` : ""}` : "absent",
      number(result.min),
      number(result.max),
      ratios.join(", "),
      index === 0 ? own : musts.join(", "),
      number(result.cpuMicros),
      megabytes(result.peakBytes)
    ]
  })
}

/** Columns as wide as they must be. */
export const text = (entries: ReadonlyArray<Entry>): string => {
  const lines = [headings, ...entries.flatMap(rows)]
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()).join(
    "\n"
  )
}

const markdownRow = (cells: ReadonlyArray<string>) => `| ${cells.join(" | ")} |`

/** A Markdown table, with the machine above it and the reasons of who was absent below. */
export const markdown = ({ jobs, machine }: Performance): string => {
  const absences = jobs.flatMap(({ name, results }) =>
    results.flatMap(({ absent, name: who }) => absent === undefined ? [] : [`- ${name}, ${who}: ${absent}`])
  )
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.system}, Node ${machine.node}.`,
    "",
    markdownRow(headings),
    markdownRow(headings.map(() => "---")),
    ...jobs.flatMap(rows).map(markdownRow),
    ...(absences.length === 0 ? [] : ["", "Who was absent, and why:", "", ...absences])
  ].join("\n")
}
