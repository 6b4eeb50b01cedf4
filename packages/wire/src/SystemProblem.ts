/** What a system refuses about files and outputs, in words for the middle of a sentence. */
import { Predicate } from "effect"
import type { PlatformError } from "effect/PlatformError"

const problems: ReadonlyMap<string, string> = new Map([
  ["EACCES", "this program has no permission for it"],
  ["EBUSY", "something else uses it"],
  ["EDQUOT", "the quota of the disk is used up"],
  ["EEXIST", "something of that name is there already"],
  ["EFBIG", "the file is larger than the disk allows"],
  ["EIO", "the disk does not work"],
  ["EISDIR", "it is a directory"],
  ["ELOOP", "it is a link, or leads through too many of them"],
  ["EMFILE", "too many files are open"],
  ["ENAMETOOLONG", "its name is too long"],
  ["ENFILE", "too many files are open"],
  ["ENOENT", "there is no such file or directory"],
  ["ENOSPC", "the disk is full"],
  ["ENOTDIR", "it is no directory"],
  ["ENOTEMPTY", "it is a directory with something in it"],
  ["ENXIO", "nothing is at its other end"],
  ["EPERM", "this program has no permission for it"],
  ["EROFS", "the disk can only be read"],
  ["special", "it is a pipe or a device, no file"],
  ["WriteZero", "the disk takes nothing more"]
])

/** The words for a system's code, such as ENOSPC. An unknown one is named. */
export const inWords = (code: string): string => problems.get(code) ?? `the system says ${code}`

/** The words for what a file system refused. */
export const of = ({ reason }: PlatformError): string => {
  const { cause } = reason
  return inWords(Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : reason._tag)
}
