/** What is said of a disk that refuses something: what it is, and a next step that fits it, wherever it is met. */
import { assert, it } from "@effect/vitest"
import { PyileError } from "@peerage/pyile"
import { PyrateError } from "@peerage/pyrate"
import { SystemProblem } from "@peerage/wire"
import { systemError } from "effect/PlatformError"
import { outputLost, sentenceOf } from "../src/Exit.ts"
import { LogFileError } from "../src/Log.ts"

const refused = (code: string) =>
  systemError({ _tag: "Unknown", module: "FileSystem", method: "open", cause: Object.assign(new Error(), { code }) })

for (
  const [code, sentence] of [
    [
      "EACCES",
      "this program has no permission for it. Allow it to this user, as chmod and chown do, or choose another place."
    ],
    [
      "EPERM",
      "this program has no permission for it. Allow it to this user, as chmod and chown do, or choose another place."
    ],
    ["EBUSY", "something else uses it. Close what uses it, or choose another place."],
    ["EDQUOT", "the quota of the disk is used up. Free some of it, or choose another place."],
    ["EEXIST", "something of that name is there already. Move that away, or choose another name."],
    ["EFBIG", "the file is larger than the disk allows. Choose another disk, or allow larger files (ulimit -f)."],
    ["EIO", "the disk does not work. Check the disk and its connection, or choose another place."],
    ["EISDIR", "it is a directory. Give a file, or move the directory away."],
    ["ELOOP", "it is a link, or leads through too many of them. Give the path of what it should lead to."],
    ["EMFILE", "too many files are open. Allow more of them (ulimit -n), or use fewer connections."],
    ["ENFILE", "too many files are open. Allow more of them (ulimit -n), or use fewer connections."],
    ["ENAMETOOLONG", "its name is too long. Choose a shorter name."],
    ["ENOENT", "there is no such file or directory. Check the path, or make what is missing."],
    ["ENOSPC", "the disk is full. Free some space there, or choose another place."],
    ["WriteZero", "the disk takes nothing more. Free some space there, or choose another place."],
    ["ENOTDIR", "it, or what it should be in, is no directory. Check the path."],
    ["ENOTEMPTY", "it is a directory with something in it. Move that away, or choose another name."],
    ["ENXIO", "nothing is at its other end. Give a file."],
    ["special", "it is a pipe or a device, no file. Give a file."],
    ["EROFS", "the disk can only be read. Choose another place, or mount the disk so that it can be written."],
    ["ESTALE", "its disk is not there any more. Mount it again, or choose another place."],
    ["ENODEV", "its disk is not there any more. Mount it again, or choose another place."],
    ["ENOTCONN", "its disk is not there any more. Mount it again, or choose another place."],
    ["EWHATEVER", "the system says EWHATEVER. Check the path, or choose another place."]
  ] as const
) {
  it(`says of ${code}: ${sentence}`, () => {
    const problem = SystemProblem.of(refused(code))
    const path = "music/song.txt"
    const said = (error: unknown) => sentenceOf(error) ?? ""
    assert.strictEqual(said(PyrateError.FileTrouble.at(path)(refused(code))), `${path} cannot be used: ${sentence}`)
    const bans = (action: "read" | "write") => said(new PyileError.BanStoreError({ action, path, problem }))
    if (code !== "EWHATEVER") assert.include(bans("read"), `cannot be used: ${sentence} Nothing was changed.`)
    assert.include(bans("write"), `cannot be written: ${sentence} The next ban`)
    assert.include(said(new LogFileError({ path, problem })), `cannot be written to ${path}: ${sentence}`)
    assert.include(outputLost(code), `cannot be written: ${sentence}`)
  })
}
