/** `npm run bench`: runs jobs, prints a table, and keeps the figures as JSON and as a picture. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { jobs } from "../jobs/index.ts"
import * as Arguments from "./Arguments.ts"
import * as Chart from "./Chart.ts"
import * as Contest from "./Contest.ts"
import * as Docs from "./Docs.ts"
import type { Job } from "./Job.ts"
import * as Record from "./Record.ts"
import * as Table from "./Table.ts"

const results = join(import.meta.dirname, "..", "results")

const interactive = process.stderr.isTTY === true
const progress = (text: string) => void (interactive && process.stderr.write(`\r\u001b[K${text}`))

const measure = async (job: Job, { rounds, scale }: Arguments.Arguments): Promise<Record.Entry> => {
  console.log(`\n${job.title}`)
  const entry = Record.entry(job, rounds, await Contest.run(job, { rounds, scale, progress }))
  progress("")
  console.log(Table.text([entry]))
  for (const { absent, name } of entry.results) if (absent !== undefined) console.log(`${name} is absent: ${absent}`)
  return entry
}

const keep = (folder: string, file: string, entries: ReadonlyArray<Record.Entry>) => {
  const path = join(folder, `${file}.json`)
  const performance = Record.merge(Record.read(path), entries, jobs.map(({ name }) => name))
  Record.write(path, performance)
  writeFileSync(join(folder, `${file}.svg`), Chart.svg(performance))
  return performance
}

/** A job that fails is told and does not keep the others from running. */
const measureAll = async (chosen: ReadonlyArray<Job>, asked: Arguments.Arguments) => {
  const entries: Array<Record.Entry> = []
  for (const job of chosen) {
    try {
      entries.push(await measure(job, asked))
    } catch (error) {
      progress("")
      console.error(`${job.name} could not be measured: ${error instanceof Error ? error.message : String(error)}`)
      process.exitCode = 1
    }
  }
  return entries
}

const run = async () => {
  const asked = Arguments.parse(process.argv.slice(2))
  if (asked.help) return console.log(Arguments.usage)
  const chosen = Arguments.choose(jobs, asked.names)
  if (asked.list) return chosen.forEach(({ name, title }) => console.log(`${name.padEnd(24)}${title}`))
  const entries = await measureAll(chosen, asked)
  keep(results, "latest", entries)
  console.log(`\nAll figures are in ${join(results, "latest.json")}, as a picture in latest.svg beside it.`)
  if (asked.record) console.log(`Recorded in ${Docs.record(keep(Docs.folder, "performance", entries))}`)
}

// Programs that were started end with this one.
run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
