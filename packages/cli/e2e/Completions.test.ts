/** Completion in bash, where there is one: what Tab gives for a line. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../test/Folder.ts"
import { run } from "../test/Process.ts"

const hasBash = spawnSync("bash", ["--version"]).status === 0

const complete = (script: string, directory: string, line: string) => {
  const words = line.split(" ")
  const quoted = words.map((word) => `'${word}'`).join(" ")
  const program = `cd "$1"; source ./script; COMP_LINE='${line}'; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
    _peerage peerage "\${COMP_WORDS[-1]}" "\${COMP_WORDS[-2]}"; printf '%s ' "\${COMPREPLY[@]}"`
  writeFileSync(join(directory, "script"), script)
  return spawnSync("bash", ["-c", program, "bash", directory], { encoding: "utf8" }).stdout.trim().split(" ").sort()
}

it.live.skipIf(!hasBash)("completes commands, words and paths in bash", () =>
  Effect.gen(function*() {
    const directory = yield* folder({ "music.txt": "" })
    mkdirSync(join(directory, "music"))
    const { stdout } = yield* run(["--completions", "bash"])
    const completed = (line: string) => complete(stdout, directory, line)
    assert.deepStrictEqual(completed("peerage py"), ["pyile", "pyrate"])
    assert.deepStrictEqual(completed("peerage pyrate share mus"), ["music"])
    assert.deepStrictEqual(completed("peerage pyrate get --to mus"), ["music"])
    assert.deepStrictEqual(completed("peerage pyile host --bans mus"), ["music", "music.txt"])
    assert.deepStrictEqual(completed("peerage peerpy listen --offer a"), ["accept", "ask"])
    assert.deepStrictEqual(completed("peerage chat --log-level D"), ["DEBUG"])
  }))
