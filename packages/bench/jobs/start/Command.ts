/** A contender that is a whole process: started, run to its end, and started again. */
import { spawn } from "node:child_process"
import type { Contender } from "../../src/Job.ts"
import * as Summary from "../../src/Summary.ts"
import * as Built from "./Built.ts"

const starts = 5

/** Milliseconds from the start of Node with these arguments to its end. Rejects when it fails. */
const timed = (args: ReadonlyArray<string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const begun = performance.now()
    // From this directory's place, the workspace's packages are found under their names, and none of its conditions hold.
    const child = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "inherit"] })
    child.stdout.resume()
    child.once("error", reject)
    child.once("close", (code) =>
      code === 0 ? resolve(performance.now() - begun) : reject(new Error(`node ${args.join(" ")} ended with ${code}`)))
  })

/** Its value is the median of some starts, in milliseconds. */
export const contender = (name: string, args: ReadonlyArray<string>): Contender => ({
  name,
  absent: Built.absent,
  open: async (scale) => ({
    round: async () => {
      const taken: Array<number> = []
      for (let count = 0; count < Math.max(1, starts * scale); count++) taken.push(await timed(args))
      return { value: Summary.of(taken).median }
    },
    close: async () => {}
  })
})

/** Node that imports modules and ends. */
export const importing = (name: string, ...modules: ReadonlyArray<string>): Contender =>
  contender(name, ["--input-type=module", "-e", modules.map((module) => `import "${module}"`).join("\n")])
