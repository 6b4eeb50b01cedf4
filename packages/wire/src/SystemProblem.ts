/** What a system refuses about files and outputs, in words for the middle of a sentence, and what to do about it. */
import { Predicate } from "effect"
import type { PlatformError } from "effect/PlatformError"

const permission = "this program has no permission for it"
const allowing = "Allow it to this user, as chmod and chown do, or choose another place."
const room = "Free some space there, or choose another place."
const files = "too many files are open"
const mounting = "Mount it again, or choose another place."

const problems: ReadonlyArray<readonly [code: string, words: string, remedy: string]> = [
  ["EACCES", permission, allowing],
  ["EBUSY", "something else uses it", "Close what uses it, or choose another place."],
  ["EDQUOT", "the quota of the disk is used up", "Free some of it, or choose another place."],
  ["EEXIST", "something of that name is there already", "Move that away, or choose another name."],
  ["EFBIG", "the file is larger than the disk allows", "Choose another disk, or allow larger files (ulimit -f)."],
  ["EIO", "the disk does not work", "Check the disk and its connection, or choose another place."],
  ["EISDIR", "it is a directory", "Give a file, or move the directory away."],
  ["ELOOP", "it is a link, or leads through too many of them", "Give the path of what it should lead to."],
  ["EMFILE", files, "Allow more of them (ulimit -n), or use fewer connections."],
  ["ENAMETOOLONG", "its name is too long", "Choose a shorter name."],
  ["ENFILE", files, "Allow more of them (ulimit -n), or use fewer connections."],
  ["ENODEV", "its disk is not there any more", mounting],
  ["ENOENT", "there is no such file or directory", "Check the path, or make what is missing."],
  ["ENOSPC", "the disk is full", room],
  ["ENOTCONN", "its disk is not there any more", mounting],
  ["ENOTDIR", "it, or what it should be in, is no directory", "Check the path."],
  ["ENOTEMPTY", "it is a directory with something in it", "Move that away, or choose another name."],
  ["ENXIO", "nothing is at its other end", "Give a file."],
  ["EPERM", permission, allowing],
  ["EROFS", "the disk can only be read", "Choose another place, or mount the disk so that it can be written."],
  ["ESTALE", "its disk is not there any more", mounting],
  ["special", "it is a pipe or a device, no file", "Give a file."],
  ["WriteZero", "the disk takes nothing more", room]
]

const words = new Map(problems.map(([code, words]) => [code, words] as const))
const remedies = new Map(problems.map(([, words, remedy]) => [words, remedy] as const))

/** The words for a system's code, such as ENOSPC. An unknown one is named. */
export const inWords = (code: string): string => words.get(code) ?? `the system says ${code}`

/** What to do about a problem that is given in words, as one sentence or several; `otherwise` where that is not known. */
export const remedy = (problem: string, otherwise = "Check the path, or choose another place."): string =>
  remedies.get(problem) ?? otherwise

/** The words for what a file system refused. */
export const of = ({ reason }: PlatformError): string => {
  const { cause } = reason
  return inWords(Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : reason._tag)
}
