/** The page as it is now, built into a temporary folder for the tests of a file. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll } from "vitest"
import { buildPage } from "../../build.ts"

/** Builds the page before the tests of a file, and gives its folder. */
export const page = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "peerage-page-"))
  beforeAll(() => buildPage(folder))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
