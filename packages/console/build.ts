/**
 * Builds the page of the console: `node build.ts [FOLDER] [--watch]`. The folder is dist/web unless another is named. Beside
 * the page stand the licences of what is in it. `--optional` ends well where Vite is not installed: an installation without
 * development packages has no page, and the console says so.
 */
import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import type { Plugin } from "vite"

const root = join(import.meta.dirname, "web")

/** The folder of the package that a module is from, or nothing for our own. */
const packageOf = (id: string): string | undefined => {
  const inside = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll("\\", "/"))
  return inside?.[1]
}

const licenceOf = (folder: string): string => {
  const { license, name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].map((name) => join(folder, name)).find((path) =>
    existsSync(path)
  )
  // A package in a repository of many may leave its licence to the repository: its name and kind are all it has then.
  const text = file === undefined ? `${license} licence` : readFileSync(file, "utf8").trim()
  return `${name} ${version} (${license})\n\n${text}\n`
}

/** Puts the licences of all bundled packages beside the page. */
const licences = (): Plugin => ({
  name: "licences",
  generateBundle() {
    const packages = new Set([...this.getModuleIds()].flatMap((id) => packageOf(id) ?? []))
    const source = [...packages].sort().map(licenceOf).join(`\n${"-".repeat(80)}\n\n`)
    this.emitFile({ type: "asset", fileName: "licences.txt", source })
  }
})

/** Builds the page into a folder, which is emptied before. */
export const buildPage = async (outDir: string, watch = false): Promise<void> => {
  const { build } = await import("vite")
  await build({
    root,
    base: "./",
    configFile: false,
    logLevel: "warn",
    plugins: [licences()],
    resolve: { conditions: ["@peerage/source", "module", "browser", "import"] },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2023",
      cssTarget: ["chrome123", "firefox121", "safari17.5"],
      modulePreload: false,
      // The console's policy allows no scripts and styles but files of its own.
      assetsInlineLimit: 0,
      watch: watch ? {} : null
    }
  })
}

if (import.meta.main) {
  const { positionals: [folder = join(import.meta.dirname, "dist", "web")], values } = parseArgs({
    allowPositionals: true,
    options: { watch: { type: "boolean" }, optional: { type: "boolean" } }
  })
  const lacking = values.optional === true && await import("vite").then(() => false, () => true)
  if (lacking) {
    console.log("The console's page is not built, as Vite is not installed: run npm ci without --omit=dev.")
  } else {
    await buildPage(resolve(folder), values.watch)
  }
}
