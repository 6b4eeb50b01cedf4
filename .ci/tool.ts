/**
 * Runs one of the check tools: `node .ci/tool.ts oxlint --fix`.
 *
 * The tools have a manifest of their own, `.ci/tools/package.json`, with exact versions. They are installed on first use
 * and stay out of the workspace's lock file, because their optional binaries for other systems, where a registry lacks
 * some of them, break `npm ci` for everybody; running and testing Peerage needs none of them.
 */
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"

const home = join(import.meta.dirname, "tools")
const bin = join(home, "node_modules", ".bin")
const stamp = join(home, "node_modules", ".installed")

/** Installs the tools unless exactly these are there. */
const install = () => {
  const manifest = readFileSync(join(home, "package.json"), "utf8")
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === manifest) return
  const { status } = spawnSync("npm", ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: home,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32"
  })
  if (status !== 0) process.exit(status ?? 1)
  writeFileSync(stamp, manifest)
}

const [name, ...args] = process.argv.slice(2)
if (name === undefined) throw new Error("usage: node .ci/tool.ts TOOL [ARGS]")
install()
const { status } = spawnSync(join(bin, name), args, {
  stdio: "inherit",
  env: { ...process.env, PATH: [bin, process.env["PATH"]].join(delimiter) },
  shell: process.platform === "win32"
})
process.exit(status ?? 1)
