/** What `npm run bench` is asked for. */
import { parseArgs } from "node:util"

/** Which jobs, and how thoroughly. */
export interface Arguments {
  /** Names of jobs, or beginnings of names; none for all. */
  readonly names: ReadonlyArray<string>
  readonly rounds: number
  readonly scale: number
  /** Write the outcome into docs as well. */
  readonly record: boolean
  readonly help: boolean
}

/** How to ask. */
export const usage = `Usage: npm run bench -- [NAME...] [options]

Runs the jobs whose names begin with NAME, or all of them.

  --rounds N   rounds of each contender that count (default 7)
  --scale X    how much there is to do in a round, 1 for all of it (default 1)
  --quick      a look whether everything runs: one round of a fiftieth
  --record     keep the figures in docs/performance.md, .json and .svg
  --list       names and titles of all jobs
`

/** A number above zero, or a sentence. */
const positive = (name: string, text: string | undefined, fallback: number): number => {
  const value = text === undefined ? fallback : Number(text)
  if (!(value > 0)) throw new Error(`--${name} takes a number above zero, not "${text}".`)
  return value
}

/** Reads the command line. Throws an error with one sentence on what it does not understand. */
export const parse = (args: ReadonlyArray<string>): Arguments & { readonly list: boolean } => {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: "string" },
      scale: { type: "string" },
      quick: { type: "boolean", default: false },
      record: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false }
    }
  })
  return {
    names: positionals,
    rounds: Math.ceil(positive("rounds", values.rounds, values.quick ? 1 : 7)),
    scale: positive("scale", values.scale, values.quick ? 0.02 : 1),
    record: values.record,
    list: values.list,
    help: values.help
  }
}

/** The jobs that are meant. Throws an error that names those there are. */
export const choose = <A extends { readonly name: string }>(
  jobs: ReadonlyArray<A>,
  names: ReadonlyArray<string>
): ReadonlyArray<A> => {
  const unknown = names.find((name) => !jobs.some((job) => job.name.startsWith(name)))
  if (unknown !== undefined) {
    throw new Error(`No job is called "${unknown}". There are: ${jobs.map(({ name }) => name).join(", ")}.`)
  }
  return names.length === 0 ? jobs : jobs.filter((job) => names.some((name) => job.name.startsWith(name)))
}
