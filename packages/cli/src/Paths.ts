/** Paths of folders and files that are given. A mistake says what is there in its place, and what to give. */
import { printable } from "@peerage/console/Printable"
import type { Reader } from "@peerage/console/Reader"
import * as SystemProblem from "@peerage/wire/SystemProblem"
import { Effect, FileSystem, Path, Result } from "effect"
import { Flag } from "effect/cli"
import { given } from "./Flags.ts"
import { type Check, type Given, optional } from "./Usage.ts"

/** What is at a path: its type, or why that cannot be told. */
const lookAt = Effect.fnUntraced(function*(path: string) {
  const found = yield* Effect.result((yield* FileSystem.FileSystem).stat(path))
  return Result.match(found, {
    onSuccess: ({ type }) => ({ type, problem: undefined }),
    onFailure: (error) => {
      const isNone = error.reason._tag === "NotFound"
      return { type: isNone ? "None" as const : "Unknown" as const, problem: SystemProblem.of(error) }
    }
  })
})

const quoted = (text: string) => `"${printable(text)}"`

/** A problem and what to do about it, without a full stop. */
const withNext = (problem: string) => `${problem}. ${SystemProblem.remedy(problem)}`.replace(/\.$/, "")

const folderMistake = Effect.fnUntraced(function*(text: string, instead: string) {
  const { problem, type } = yield* lookAt(text)
  if (type === "Directory") return undefined
  if (type === "File") return `a folder, not the file ${quoted(text)}; ${instead}`
  if (type === "None") return `a folder that exists, not ${quoted(text)}; make it first, or check the path`
  return problem === undefined
    ? `a folder, not the pipe or device ${quoted(text)}; give a folder`
    : `a folder, and ${quoted(text)} cannot be one: ${withNext(problem)}`
})

/** Reads a folder that exists; `instead` says what to give in place of a file, `check` whether one has to be given. */
export const folder = <A>(
  instead: string,
  check: (read: Reader<string>) => (given: Given) => Check<A>
) =>
  Effect.fnUntraced(function*(given: Given) {
    const mistake = given.text === undefined ? undefined : yield* folderMistake(given.text, instead)
    return mistake === undefined ? check(Result.succeed)(given) : Result.fail(`${given.name} takes ${mistake}`)
  })

const fileMistake = Effect.fnUntraced(function*(text: string, example: string) {
  const { dirname, join, resolve, sep } = yield* Path.Path
  if (text === "") return `a file, such as ${example}, not ""`
  const { type } = yield* lookAt(text)
  if (type === "Directory") {
    return `a file, not the folder ${quoted(text)}; give one in it, such as ${join(text, example)}`
  }
  const parent = text.endsWith("/") || text.endsWith(sep) ? text : dirname(text)
  const place = yield* lookAt(resolve(parent))
  if (place.type === "Directory") return undefined
  if (place.type === "Unknown" && place.problem !== undefined) {
    return `a file in a folder that can be used, not ${quoted(text)}: ${withNext(place.problem)}`
  }
  const next = place.type === "None" ? `make ${quoted(parent)} first, or check the path` : "check the path"
  const why = place.type === "File" ? `, and ${quoted(parent)} is a file` : ""
  return `a file in a folder that exists, not ${quoted(text)}${why}; ${next}`
})

/** A flag for a file, in a folder that exists. The file need not exist yet; `example` is a name for one. */
export const fileFlag = (name: string, example: string, description: string) =>
  Flag.mapEffect(
    given(name, "FILE", description),
    Effect.fnUntraced(function*(given: Given) {
      const mistake = given.text === undefined ? undefined : yield* fileMistake(given.text, example)
      return mistake === undefined
        ? optional(Result.succeed<string>)(given)
        : Result.fail(`${given.name} takes ${mistake}`)
    })
  )
