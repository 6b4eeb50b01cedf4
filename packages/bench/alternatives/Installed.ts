/**
 * What Peerage is measured against. It has a manifest of its own with exact versions, installed on first use, and is in
 * nobody's way: neither the workspace's manifests nor its lock know of it.
 */
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const home = import.meta.dirname
const stamp = join(home, "node_modules", ".installed")

const install = (): boolean => {
  const manifest = readFileSync(join(home, "package.json"), "utf8")
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === manifest) return true
  // No scripts: zeromq brings its binaries with it.
  const { status } = spawnSync("npm", ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: home,
    stdio: "ignore",
    shell: process.platform === "win32"
  })
  if (status === 0) writeFileSync(stamp, manifest)
  return status === 0
}

/** Why a package cannot take part, if so. Installs all of them when need be. */
export const absent = (name: string) => async (): Promise<string | undefined> => {
  if (!install()) return "the alternatives cannot be installed: npm says why in packages/bench/alternatives."
  try {
    await import(name)
    return undefined
  } catch {
    return `${name} cannot be loaded here.`
  }
}

/** Loads one of them. What comes has no types here, as nothing is installed when types are checked. */
export const load = (name: string) => import(name)
