/** Completion in bash, where there is one: what Tab gives for a line. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../test/Folder.ts"
import { run } from "../test/Process.ts"
import { shell, terminal } from "./AtTerminal.ts"

const hasBash = spawnSync("bash", ["--version"]).status === 0

const quoted = (words: ReadonlyArray<string>) => words.map((word) => `'${word}'`).join(" ")

/** The words of a line as bash takes it apart, and what of the last one it completes. */
const apart = (line: string, breaks: string) => {
  const words = line.split(" ").flatMap((word) =>
    word === "" ? [""] : word.match(new RegExp(`[${breaks}]|[^${breaks}]+`, "g")) ?? []
  )
  const last = words.at(-1) ?? ""
  return { words, last: breaks.includes(last) ? "" : last }
}

/** What Tab gives for a line, at its end. */
const complete = (script: string, directory: string, line: string, breaks = "=:") => {
  const { last, words } = apart(line, breaks)
  const program = `cd "$1"; source ./script; COMP_WORDBREAKS=$' \t\n"\\'><;|&(${breaks}'
    COMP_LINE='${line}'; COMP_WORDS=(${quoted(words)}); COMP_CWORD=${words.length - 1}
    read -r _ _ completer _ <<< "$(complete -p peerage)"
    "$completer" peerage ${quoted([last, words.at(-2) ?? ""])}; printf '%s ' "\${COMPREPLY[@]}"`
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
    assert.deepStrictEqual(completed("peerage simulate sp"), ["split-brain"])
  }))

it.live.skipIf(!hasBash)(
  "completes words and paths in bash behind --flag= as behind --flag",
  () =>
    Effect.gen(function*() {
      const directory = yield* folder({ "music.txt": "" })
      mkdirSync(join(directory, "music"))
      const { stdout } = yield* run(["--completions", "bash"])
      const completed = (line: string, breaks?: string) => complete(stdout, directory, line, breaks)
      for (
        const [line, ...words] of [
          ["peerage peerpy listen --offer=a", "accept", "ask"],
          ["peerage peerpy listen --offer=", "accept", "ask", "deny"],
          ["peerage peerpy connect a:1 --json --type=r", "raw"],
          ["peerage --log-level=D", "DEBUG"],
          ["peerage peerpy listen --log-level=E", "ERROR"],
          ["peerage pyrate get --to=mus", "music"],
          ["peerage pyile host --bans=mus", "music", "music.txt"],
          ["peerage pyile host --password-file=", "music", "music.txt", "script"]
        ]
      ) {
        assert.deepStrictEqual(completed(line ?? ""), words, line)
        // Where the user has told bash not to take words apart at =, it replaces the whole word.
        const [, flag = ""] = /(--[\w-]+=)\S*$/.exec(line ?? "") ?? []
        assert.deepStrictEqual(completed(line ?? "", ":"), words.map((word) => `${flag}${word}`), line)
      }
      assert.deepStrictEqual(completed("peerage peerpy listen --offer=ask --inv"), ["--invisible"])
    })
)

/** Completes at an interactive bash, where the keys of a person go. */
terminal("completes behind --flag= at a terminal", function*() {
  const directory = yield* folder()
  const { stdout } = yield* run(["--completions", "bash"])
  writeFileSync(join(directory, "script"), stdout)
  const bash = yield* shell
  yield* bash.type(`source ${directory}/script; peerage() { echo "GOT:$*."; }\n`)
  yield* bash.type("peerage peerpy listen --offer=d\t--log-level=CR\t\n")
  yield* bash.sees(/GOT:peerpy listen --offer=deny --log-level=CRITICAL\./)
})
