/** System errors about files, in words for a person. */
import { Predicate } from "effect"
import type { PlatformError } from "effect/PlatformError"
import { FileTrouble } from "../PyrateError.ts"

const words: ReadonlyMap<string, string> = new Map([
  ["EACCES", "this program has no permission for it"],
  ["EDQUOT", "the quota of the disk is used up"],
  ["EEXIST", "something of that name is there already"],
  ["EFBIG", "the file is larger than the disk allows"],
  ["EIO", "the disk does not work"],
  ["EISDIR", "it is a directory"],
  ["EMFILE", "too many files are open"],
  ["ENAMETOOLONG", "its name is too long"],
  ["ENFILE", "too many files are open"],
  ["ENOENT", "there is no such file or directory"],
  ["ENOSPC", "the disk is full"],
  ["ENOTDIR", "it is no directory"],
  ["ENOTEMPTY", "it is a directory with something in it"],
  ["EPERM", "this program has no permission for it"],
  ["EROFS", "the disk can only be read"]
])

/** Turns a system error about a path into a sentence. An unknown error is named by its code. */
export const at = (path: string) => ({ reason }: PlatformError): FileTrouble => {
  const { cause } = reason
  const code = Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : reason._tag
  return new FileTrouble({ path, problem: words.get(code) ?? `the system says ${code}` })
}
