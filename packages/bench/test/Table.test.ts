import { assert, describe, it } from "@effect/vitest"
import * as Table from "../src/Table.ts"
import { entry, performance } from "./Fixtures.ts"

const cells = (line: string | undefined) => line?.split(/ {2,}/)

describe("Table", () => {
  it("shows three digits that count, and thousands set apart", () => {
    assert.deepStrictEqual(
      [undefined, 0, 0.012345, 1.2345, 99.94, 123.45, 1_234_567].map(Table.number),
      ["", "0", "0.0123", "1.23", "99.9", "123", "1,234,567"]
    )
  })

  it("lines its columns up and leaves no blanks at the ends of lines", () => {
    const lines = Table.text([entry("short"), entry("a-longer-name")]).split("\n")
    assert.lengthOf(lines, 5)
    const [headings = "", ...rows] = lines
    const column = headings.indexOf("who")
    assert.deepStrictEqual(rows.map((row) => row.slice(column).split(" ")[0]), ["ours", "plain", "ours", "plain"])
    for (const line of lines) assert.strictEqual(line, line.trimEnd())
  })

  it("names the job and the unit beside ours only, and the ratio beside the other", () => {
    const [, ours, plain] = Table.text([entry("job")]).split("\n")
    assert.deepStrictEqual(cells(ours), ["job", "ours", "12,345 messages/s", "12,000", "13,000", "1.23", "99.9"])
    assert.deepStrictEqual(cells(plain?.trim()), ["plain", "10,000", "9,000", "11,000", "1.23", ">= 0.8 yes"])
  })

  it("says what is not reached, of CPU and of a difference", () => {
    const table = Table.text([entry("job", {
      better: "less",
      comparisons: [
        { against: "plain", of: "value", ratio: 2, difference: 13, beyond: 12, reached: false },
        { against: "plain", of: "cpu", ratio: 2.5, target: 2, reached: false }
      ]
    })])
    assert.include(table, "2.00, 2.50 of CPU")
    assert.include(table, "13 beyond, <= 12 NO, <= 2 NO")
  })

  it("shows the bound of our own value beside it", () => {
    const [, ours] = Table.text([entry("job", { better: "less", bound: 10, bounded: true })]).split("\n")
    assert.include(ours, "<= 10 yes")
  })

  it("is Markdown with the machine above it", () => {
    const lines = Table.markdown(performance([entry("job")])).split("\n")
    assert.strictEqual(lines[0], "A processor, 2 cores, linux x64, Node v24.0.0.")
    assert.deepStrictEqual(lines.slice(2).map((line) => line.split("|").length), [11, 11, 11, 11])
    assert.notInclude(lines, "Who was absent, and why:")
  })

  it("tells below the Markdown who was absent, and why", () => {
    const results = [{ name: "ours", median: 1, min: 1, max: 1 }, { name: "original", absent: "there is no Python." }]
    const table = Table.markdown(performance([entry("job", { results, comparisons: [] })]))
    assert.include(table, "|  | original | absent |  |  |  |  |  |  |")
    assert.isTrue(table.endsWith("\n\nWho was absent, and why:\n\n- job, original: there is no Python."))
  })
})
