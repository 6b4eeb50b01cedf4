/** What is said of a path that leads to something else than what is wanted: a file for a folder, a folder for a file. */
import { assert } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { folder } from "../Folder.ts"
import { run, tested } from "./InProcess.ts"

const share = ["pyrate", "share"]
const toNobody = ["--bootstrap", "127.0.0.1:1"]
const get = ["pyrate", "get", "127.0.0.1:1", "song.txt", "--to"]
const host = ["pyile", "host", "--password", "x", "--bans"]
const log = [...share, ".", ...toNobody, "--log-file"]

// Paths in a folder that has the file song.txt, the folder music and a pipe.
for (
  const [before, path, after, said] of [
    [
      share,
      "song.txt",
      toNobody,
      "DIR takes a folder, not the file \"AT/song.txt\"; put it into a folder of its own, and give that"
    ],
    [share, "none", toNobody, "DIR takes a folder that exists, not \"AT/none\"; make it first, or check the path"],
    [share, "pipe", toNobody, "DIR takes a folder, not the pipe or device \"AT/pipe\"; give a folder"],
    [
      share,
      "song.txt/in",
      toNobody,
      "DIR takes a folder, and \"AT/song.txt/in\" cannot be one: it, or what it should be in, is no directory. Check the path"
    ],
    [get, "song.txt", [], "--to takes a folder, not the file \"AT/song.txt\"; give the folder to save in"],
    [
      share,
      "loop",
      toNobody,
      "DIR takes a folder, and \"AT/loop\" cannot be one: it is a link, or leads through too many of them. Give the path of what it should lead to"
    ],
    [
      host,
      "loop/bans",
      [],
      "--bans takes a file in a folder that can be used, not \"AT/loop/bans\": it is a link, or leads through too many of them. Give the path of what it should lead to"
    ],
    [get, "none", [], "--to takes a folder that exists, not \"AT/none\"; make it first, or check the path"],
    [host, "music", [], "--bans takes a file, not the folder \"AT/music\"; give one in it, such as AT/music/bans.json"],
    [
      host,
      "music/",
      [],
      "--bans takes a file, not the folder \"AT/music/\"; give one in it, such as AT/music/bans.json"
    ],
    [
      host,
      "none/bans",
      [],
      "--bans takes a file in a folder that exists, not \"AT/none/bans\"; make \"AT/none\" first, or check the path"
    ],
    [
      host,
      "none/",
      [],
      "--bans takes a file in a folder that exists, not \"AT/none/\"; make \"AT/none/\" first, or check the path"
    ],
    [
      host,
      "song.txt/bans",
      [],
      "--bans takes a file in a folder that exists, not \"AT/song.txt/bans\", and \"AT/song.txt\" is a file; check the path"
    ],
    [
      log,
      "music",
      [],
      "--log-file takes a file, not the folder \"AT/music\"; give one in it, such as AT/music/pyrate.log"
    ],
    [
      ["pyile", "host", "--password-file"],
      "music",
      [],
      "--password-file: cannot read AT/music: it is a directory; give a file whose first line is the password"
    ]
  ] as const
) {
  tested(`says what to give in place of ${path}: ${said}`, function*() {
    const at = yield* folder({ "song.txt": "la" })
    mkdirSync(join(at, "music"))
    symlinkSync("loop", join(at, "loop"))
    execFileSync("mkfifo", [join(at, "pipe")])
    const { code, stderr } = yield* run([...before, `${at}/${path}`, ...after])
    assert.strictEqual(stderr.split("\n")[0]?.replace(/^[^:]*: /, ""), said.replaceAll("AT", at))
    assert.strictEqual(code, 2)
  })
}
