/** How much of a console a program has while it is measured. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** By the number that programs are given. `open`: a program takes every frame; `shown`: a browser draws it. */
export const kinds = { none: 0, closed: 1, open: 2, shown: 3 } as const

/** One of them. */
export type Kind = keyof typeof kinds

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/bin", "/usr/local/bin", "/snap/bin"]

/** The browser, where there is one. */
export const browser: string | undefined = process.env["PEERAGE_CHROMIUM"]
  ?? folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path))

const page = fileURLToPath(new URL("../../../console/dist/web/index.html", import.meta.url))

/** Why this cannot be measured here, if so. */
export const absent = (kind: Kind) => async (): Promise<string | undefined> => {
  if (kind !== "none" && !existsSync(page)) {
    return "the page has not been built: npm run prepare --workspace @peerage/console"
  }
  return kind === "shown" && browser === undefined ? "there is no Chromium here; PEERAGE_CHROMIUM names one" : undefined
}

/** What contenders are called, ours first. */
export const titles: { readonly [kind in Kind]: string } = {
  shown: "a page open in Chromium",
  open: "a page open, read and not drawn",
  closed: "no page open",
  none: "no console"
}
