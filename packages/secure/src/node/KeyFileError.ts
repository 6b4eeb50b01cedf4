/** Why a key file is not used. None of the sentences has anything of the file's content in it. */
import { Schema } from "effect"

const systemProblems: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file or directory"],
  ["EACCES", "this program has no permission for it"],
  ["EPERM", "the disk or the system does not allow it"],
  ["ENOSPC", "the disk is full"],
  ["EROFS", "the disk can only be read"],
  ["ENOTDIR", "a part of the path is not a directory"],
  ["ENAMETOOLONG", "its name is too long"],
  ["EMFILE", "too many files are open"],
  ["EIO", "the disk does not work"]
])

/**
 * The file at `path` is not used, and was not changed. `ReadableByOthers`, `NotAFile`, `NotOwned`, `Malformed`: what is
 * there. `Unreadable`, `Unwritable`: what the system refused, with its `code`.
 */
export class KeyFileError extends Schema.TaggedError<KeyFileError>()("KeyFileError", {
  path: Schema.String,
  problem: Schema.Literals(["ReadableByOthers", "NotAFile", "NotOwned", "Malformed", "Unreadable", "Unwritable"]),
  code: Schema.optionalKey(Schema.String)
}) {
  override get message() {
    switch (this.problem) {
      case "ReadableByOthers":
        return `Others may read or change the key file ${this.path}. If nobody else has its key, keep it to yourself: `
          + `chmod 600 ${this.path}. Otherwise remove it, and a new key is made.`
      case "NotAFile":
        return `${this.path} is a link, a directory or a device, and a key is kept only in a plain file. Give the path of one.`
      case "NotOwned":
        return `The key file ${this.path} belongs to another user. Give the path of a file of your own.`
      case "Malformed":
        return `${this.path} is not a key file: it has not one line of peerage-key-1 and 43 characters. Give another path, `
          + "where a new key is made if there is nothing; this file was not changed."
      case "Unreadable":
        return `The key file ${this.path} cannot be read: ${this.words}. Check its path and permissions.`
      case "Unwritable":
        return `The key file ${this.path} cannot be made: ${this.words}. Check its path and permissions.`
    }
  }
  private get words(): string {
    return systemProblems.get(this.code ?? "") ?? `the system says ${this.code}`
  }
}
