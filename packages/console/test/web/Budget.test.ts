/** What a page weighs when it is built now: it must stay quick to load, and hold nothing from elsewhere. */
import { assert, it } from "@effect/vitest"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll } from "vitest"
import { buildPage } from "../../build.ts"

const folder = mkdtempSync(join(tmpdir(), "peerage-page-"))
const assets = () => readdirSync(join(folder, "assets"))
const read = (name: string) => readFileSync(join(folder, "assets", name))
const weight = (end: string) =>
  assets().filter((name) => name.endsWith(end)).reduce(
    (sum, name) => sum + gzipSync(read(name), { level: 9 }).length,
    0
  )

beforeAll(() => buildPage(folder))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it("is at most 90 kB of scripts and 8 kB of styles", () => {
  const [scripts, styles] = [weight(".js"), weight(".css")]
  assert.isAbove(scripts, 0)
  assert.isAbove(styles, 0)
  assert.isAtMost(scripts, 90_000)
  assert.isAtMost(styles, 8000)
})

it("holds no script, style or address of its own in its HTML", () => {
  const html = readFileSync(join(folder, "index.html"), "utf8")
  assert.notMatch(html, /<script(?![^>]* src=)|<style| style=| on\w+=|https?:/)
})

it("loads nothing from elsewhere, and makes no code", () => {
  for (const name of assets()) {
    const text = read(name).toString("utf8")
    // A name in a namespace of SVG or XML is no address that is loaded.
    const addresses = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(([address]) => address)
    assert.deepStrictEqual(addresses.filter((address) => !/w3\.org|127\.0\.0\.1/.test(address)), [], name)
    assert.notMatch(text, /\beval\(|new Function\b/, name)
  }
})

it("has the licences of what is in it", () => {
  const text = readFileSync(join(folder, "licences.txt"), "utf8")
  for (const name of ["preact", "@preact/signals", "@preact/signals-core", "effect"]) {
    assert.match(text, new RegExp(`^${name} \\d`, "m"))
  }
})
