/** A directory on disk for one contender: `shared` with the file that is fetched, `inbox` where it is put. */
import { randomBytes } from "node:crypto"
import { mkdir, open, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** The one file that is shared. */
export const name = "large.bin"

const pieceSize = 1_048_576

/** Where things are. */
export interface Scratch {
  readonly shared: string
  readonly inbox: string
}

const home = (id: number) => join(tmpdir(), `peerage-bench-${id}`)

/** What both sides are told the number of. */
export const at = (id: number): Scratch => ({ shared: join(home(id), "shared"), inbox: join(home(id), "inbox") })

/** Makes it, with a file of `size` bytes, no piece of which is like another. */
export const make = async (id: number, size: number): Promise<void> => {
  const { inbox, shared } = at(id)
  await mkdir(shared, { recursive: true })
  await mkdir(inbox)
  const file = await open(join(shared, name), "wx")
  const piece = randomBytes(pieceSize)
  for (let written = 0; written < size; written += pieceSize) {
    piece.writeUInt32LE(written)
    await file.write(piece, 0, Math.min(pieceSize, size - written))
  }
  await file.sync()
  await file.close()
}

/** Rejects unless what was fetched is the same, byte for byte, and removes it. */
export const check = async (id: number): Promise<void> => {
  const { inbox, shared } = at(id)
  const [kept, fetched] = [await open(join(shared, name)), await open(join(inbox, name))]
  const [left, right] = [Buffer.alloc(pieceSize), Buffer.alloc(pieceSize)]
  while (true) {
    const [{ bytesRead }, same] = await Promise.all([kept.read(left), fetched.read(right)])
    if (bytesRead !== same.bytesRead || !left.equals(right)) throw new Error("another file arrived than was sent")
    if (bytesRead === 0) break
  }
  await Promise.all([kept.close(), fetched.close()])
  await rm(join(inbox, name))
}

/** Leaves nothing behind. */
export const remove = (id: number): Promise<void> => rm(home(id), { recursive: true, force: true })
