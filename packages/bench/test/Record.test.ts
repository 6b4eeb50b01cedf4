import { assert, describe, it } from "@effect/vitest"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Record from "../src/Record.ts"
import { absence, entry, job, performance, result } from "./Fixtures.ts"

/** Runs `body` with a directory that is there only as long. */
const inFolder = (body: (folder: string) => void) => {
  const folder = mkdtempSync(join(tmpdir(), "peerage-bench-"))
  try {
    body(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("Record", () => {
  it("keeps what was measured, judged", () => {
    const measured = job({ targets: [{ against: "plain", ratio: 2 }] })
    const kept = Record.entry(measured, 3, [result("ours", [4, 6, 8], 1.5), result("plain", [2, 3, 4])])
    assert.deepStrictEqual(kept, {
      name: "job",
      title: "A job",
      unit: "messages/s",
      better: "more",
      rounds: 3,
      results: [
        { name: "ours", median: 6, min: 4, max: 8, cpuMicros: 1.5 },
        { name: "plain", median: 3, min: 2, max: 4 }
      ],
      comparisons: [{ against: "plain", of: "value", ratio: 2, target: 2, reached: true }]
    })
  })

  it("keeps why somebody was absent, and no figures of theirs", () => {
    const kept = Record.entry(job(), 1, [result("ours", [1]), absence("plain")])
    assert.deepStrictEqual(kept.results[1], { name: "plain", absent: "it is not here." })
    assert.deepStrictEqual(kept.comparisons, [])
  })

  it("keeps no comparison that is not a number", () => {
    assert.deepStrictEqual(Record.entry(job(), 1, [result("ours", [1]), result("plain", [0])]).comparisons, [])
  })

  it("replaces older entries and keeps the others, in the order of jobs", () => {
    const kept = performance([entry("third"), entry("first", { rounds: 1 })])
    const merged = Record.merge(kept, [entry("second"), entry("first", { rounds: 9 })], ["first", "second", "third"])
    assert.deepStrictEqual(merged.jobs.map(({ name, rounds }) => [name, rounds]), [
      ["first", 9],
      ["second", 7],
      ["third", 7]
    ])
  })

  it("drops what no job is called any more", () => {
    assert.deepStrictEqual(Record.merge(performance([entry("gone")]), [], ["first"]).jobs, [])
  })

  it("names the machine that measured last", () => {
    const { machine } = Record.merge(performance([]), [], [])
    assert.strictEqual(machine.node, process.version)
    assert.isAtLeast(machine.cores, 1)
  })

  it("reads what it wrote, in a folder that it makes", () =>
    inFolder((folder) => {
      const path = join(folder, "results", "latest.json")
      const kept = performance([entry("job", { bound: 1, bounded: true }), entry("other")])
      Record.write(path, kept)
      assert.deepStrictEqual(Record.read(path), kept)
    }))

  it("reads no jobs where there is no file", () =>
    inFolder((folder) => {
      assert.deepStrictEqual(Record.read(join(folder, "none.json")).jobs, [])
    }))

  it("refuses a file that is something else", () =>
    inFolder((folder) => {
      const path = join(folder, "latest.json")
      writeFileSync(path, "{\"jobs\":[]}")
      assert.throws(() => Record.read(path), /machine/)
    }))
})
