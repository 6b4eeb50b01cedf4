import type { Contender, Job } from "../../src/Job.ts"
import * as Pair from "../../src/Pair.ts"
import * as Scratch from "./Scratch.ts"

const size = 256 * 1_048_576

/** Both have a directory of their own. What came is compared with what was sent after each round, beside the clock. */
const contender = (name: string, index: number): Contender => {
  const scratch = process.pid * 10 + index
  const pair = Pair.contender({
    name,
    serve: `serve-${name}.ts`,
    drive: `fetch-${name}.ts`,
    at: import.meta.url,
    given: { scratch },
    count: size,
    counts: "both",
    value: ({ count, seconds }) => count / seconds / 1e6
  })
  return {
    name,
    open: async (scale) => {
      await Scratch.make(scratch, Math.round(size * scale))
      const { close, round } = await pair.open(scale)
      return {
        round: async () => {
          const measured = await round()
          await Scratch.check(scratch)
          return measured
        },
        close: async () => {
          await close()
          await Scratch.remove(scratch)
        }
      }
    }
  }
}

/** A download from disk to disk; both leave a whole, synchronized file or none, ours also compares its SHA-256. */
export const job: Job = {
  name: "pyrate-download",
  title: "Pyrate download of 256 MiB from disk to disk, onto the disk before it has its name",
  unit: "MB/s",
  better: "more",
  contenders: [contender("ours", 1), contender("plain", 2)],
  targets: [{ against: "plain", ratio: 0.85 }]
}
