/** What the package's entries reach: nothing of Node but from the entry for it, no package but from the portable one. */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"

const source = join(import.meta.dirname, "..", "src")

/** Every specifier that is imported from an entry on, through all modules of the package. */
const reached = (entry: string): ReadonlySet<string> => {
  const specifiers = new Set<string>()
  const modules = new Set<string>()
  const visit = (path: string): void => {
    if (modules.has(path)) return
    modules.add(path)
    for (
      const [, specifier = ""] of readFileSync(path, "utf8").matchAll(/^(?:import|export) [^"]*?from "([^"]+)"$/gm)
    ) {
      if (specifier.startsWith(".")) visit(join(dirname(path), specifier))
      else specifiers.add(specifier)
    }
  }
  visit(join(source, entry))
  return specifiers
}

const isOfNode = (specifier: string) => specifier.startsWith("node:")
const isNoble = (specifier: string) => specifier.startsWith("@noble/")
const isOurs = (specifier: string) => /^(effect|@peerage\/transport)(\/|$)/.test(specifier)

describe("what is reached from", () => {
  it.each(["index.ts", "testing.ts"])("%s is Effect and the transport", (entry) => {
    assert.deepStrictEqual([...reached(entry)].filter((specifier) => !isOurs(specifier)), [])
  })

  it("portable.ts is these and the optional peers", () => {
    const others = [...reached("portable.ts")].filter((specifier) => !isOurs(specifier))
    assert.isAbove(others.length, 0)
    assert.deepStrictEqual(others.filter((specifier) => !isNoble(specifier)), [])
  })

  it("node.ts is these and Node, and no further package", () => {
    const others = [...reached("node.ts")].filter((specifier) => !isOurs(specifier))
    assert.isAbove(others.length, 0)
    assert.deepStrictEqual(others.filter((specifier) => !isOfNode(specifier)), [])
  })
})
