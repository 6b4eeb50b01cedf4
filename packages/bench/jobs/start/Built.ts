/** The packages as they are published: made once in a run, from the sources as they are now. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../../..", import.meta.url))

/** The command's entrypoint. */
export const entrypoint = join(root, "packages", "cli", "dist", "main.js")

let trouble: Promise<string | undefined> | undefined

const make = async (): Promise<string | undefined> => {
  const { status } = spawnSync("npm", ["run", "-s", "build"], {
    cwd: root,
    stdio: "ignore",
    shell: process.platform === "win32"
  })
  return status === 0 ? undefined : "the packages cannot be built: npm run build says why."
}

/** Makes them; one sentence where that fails. */
export const absent = (): Promise<string | undefined> => trouble ??= make()
