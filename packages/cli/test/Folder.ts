/** Folders of tests, and what is in them. */
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A folder with files in it, gone when the scope closes. */
export const folder = (files: Readonly<Record<string, string | Uint8Array>> = {}) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const path = mkdtempSync(join(tmpdir(), "peerage-"))
      for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content)
      return path
    }),
    (path) => Effect.sync(() => rmSync(path, { recursive: true }))
  )

/** SHA-256 of a file. */
export const hashOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex")
