import { assert, describe, it } from "@effect/vitest"
import * as Arguments from "../src/Arguments.ts"

const jobs = ["pyile-join", "pyile-idle", "start"].map((name) => ({ name }))
const chosen = (...names: ReadonlyArray<string>) => Arguments.choose(jobs, names).map(({ name }) => name)

describe("Arguments", () => {
  it("mean all of the work in seven rounds when nothing else is said", () => {
    assert.deepStrictEqual(Arguments.parse([]), {
      names: [],
      rounds: 7,
      scale: 1,
      record: false,
      list: false,
      help: false
    })
  })

  it("mean one round of a fiftieth for a quick look, which can be said otherwise", () => {
    const { rounds, scale } = Arguments.parse(["--quick"])
    assert.deepStrictEqual([rounds, scale], [1, 0.02])
    const other = Arguments.parse(["--quick", "--rounds", "3", "--scale", "0.5"])
    assert.deepStrictEqual([other.rounds, other.scale], [3, 0.5])
  })

  it("take names and options in any order", () => {
    const { list, names, record } = Arguments.parse(["chat", "--record", "start", "--list"])
    assert.deepStrictEqual([names, record, list], [["chat", "start"], true, true])
  })

  it("count rounds in whole numbers", () => {
    assert.strictEqual(Arguments.parse(["--rounds", "0.5"]).rounds, 1)
  })

  for (
    const [args, sentence] of [
      [["--rounds", "0"], "--rounds takes a number above zero, not \"0\"."],
      [["--rounds=-2"], "--rounds takes a number above zero, not \"-2\"."],
      [["--rounds", "many"], "--rounds takes a number above zero, not \"many\"."],
      [["--scale", ""], "--scale takes a number above zero, not \"\"."],
      [["--scale", "half"], "--scale takes a number above zero, not \"half\"."]
    ] as const
  ) {
    it(`refuse ${args.join(" ")} with a sentence`, () => {
      assert.throws(() => Arguments.parse(args), sentence)
    })
  }

  it("refuse an option that there is not, by its name", () => {
    assert.throws(() => Arguments.parse(["--slowly"]), /Unknown option '--slowly'/)
  })

  it("choose all jobs when none is named", () => {
    assert.deepStrictEqual(chosen(), ["pyile-join", "pyile-idle", "start"])
  })

  it("choose by beginnings of names, each job once and in the order of jobs", () => {
    assert.deepStrictEqual(chosen("start", "pyile", "pyile-j"), ["pyile-join", "pyile-idle", "start"])
    assert.deepStrictEqual(chosen("pyile-i"), ["pyile-idle"])
  })

  it("refuse a name that no job begins with, and name those there are", () => {
    assert.throws(
      () => chosen("pyile", "idle"),
      "No job is called \"idle\". There are: pyile-join, pyile-idle, start."
    )
  })
})
