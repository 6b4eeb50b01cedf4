/** The directory that the Pyrate peer shares: a small file that honest peers want, and a large one that takes long. */
import { mkdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

export const small = "small.txt"
export const large = "large.bin"

// More than the buffers of a connection hold.
const largeBytes = 32 * 1_048_576

/** Where it is. Programs are told its number. */
export const at = (id: number): string => join(tmpdir(), `peerage-bench-fairness-${id}`)

/** Makes it. */
export const make = async (id: number): Promise<void> => {
  await mkdir(at(id))
  await writeFile(join(at(id), small), small)
  await writeFile(join(at(id), large), Buffer.alloc(largeBytes))
}

/** Leaves nothing behind. */
export const remove = (id: number): Promise<void> => rm(at(id), { recursive: true, force: true })
