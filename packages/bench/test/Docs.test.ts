import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Docs from "../src/Docs.ts"

const begin = "<!-- table: npm run bench -- --record -->"
const end = "<!-- end of table -->"

describe("Docs", () => {
  it("replaces what is between the marks and nothing else", () => {
    const text = `# Title\n\n${begin}\n| old |\n${end}\n\nMore | text\n`
    assert.strictEqual(Docs.replace(text, "| new |"), `# Title\n\n${begin}\n| new |\n${end}\n\nMore | text\n`)
  })

  it("fills marks with nothing between them, and again", () => {
    const once = Docs.replace(`${begin}\n${end}\n`, "first")
    assert.strictEqual(Docs.replace(once, "second"), `${begin}\nsecond\n${end}\n`)
  })

  it("takes a table as it is, whatever characters it has", () => {
    assert.include(Docs.replace(`${begin}\n${end}\n`, "$& $1 \\"), "\n$& $1 \\\n")
  })

  for (
    const [what, text] of [
      ["no marks", "# Title"],
      ["only the first mark", begin],
      ["only the last mark", end],
      ["the marks the wrong way round", `${end}\n${begin}`]
    ] as const
  ) {
    it(`throws where there are ${what}`, () => {
      assert.throws(() => Docs.replace(text, "table"), /^docs\/performance\.md lacks the marks/)
    })
  }

  it("finds its marks in the document as it is", () => {
    const text = readFileSync(join(Docs.folder, "performance.md"), "utf8")
    assert.include(Docs.replace(text, "| a table |"), `${begin}\n| a table |\n${end}`)
  })
})
