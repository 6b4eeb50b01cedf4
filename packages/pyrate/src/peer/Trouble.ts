/** What the system says of a file, in words for a person. */
import { Predicate } from "effect"
import type { PlatformError } from "effect/PlatformError"
import { FileTrouble } from "../PyrateError.ts"

const words: ReadonlyMap<string, string> = new Map([
  ["EACCES", "this program may not do that there"],
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
  ["EPERM", "this program may not do that there"],
  ["EROFS", "the disk can only be read"]
])

/** Turns what the system says into what to say of a path. An error nobody has words for is named by its code. */
export const at = (path: string) => ({ reason }: PlatformError): FileTrouble => {
  const { cause } = reason
  const code = Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : reason._tag
  return new FileTrouble({ path, problem: words.get(code) ?? `the system says ${code}` })
}
