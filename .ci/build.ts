/** `npm run build`: makes every public package's dist anew, so that nothing of a file that is gone stays in it. */
import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"

const packages = join(import.meta.dirname, "..", "packages")
const projects = readdirSync(packages).map((name) => join(packages, name)).filter((path) =>
  existsSync(join(path, "tsconfig.json"))
)
for (const project of projects) {
  rmSync(join(project, "dist"), { recursive: true, force: true })
  rmSync(join(project, ".tsbuildinfo"), { force: true })
}
const { status } = spawnSync("tsc", ["-b", ...projects], { stdio: "inherit", shell: process.platform === "win32" })
if (status !== 0) process.exit(status ?? 1)
// The console's page stands in its dist too, and went with it.
const page = spawnSync(process.execPath, [join(packages, "console", "build.ts")], { stdio: "inherit" })
process.exit(page.status ?? 1)
