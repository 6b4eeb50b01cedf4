/**
 * An identity that outlives the process, in a file of one line that only its owner may read:
 *
 *     peerage-key-1 <43 characters of base64url>
 *
 * A new key is written beside the path, flushed, and linked there: no file is ever overwritten, and none is there in part.
 */
import { Effect, Redacted, Result } from "effect"
import * as Base64Url from "effect/encoding/Base64Url"
import { constants, type Stats } from "node:fs"
import * as fs from "node:fs/promises"
import { dirname } from "node:path"
import { Crypto, keyLength, type Primitives } from "../Crypto.ts"
import * as Identity from "../Identity.ts"
import { KeyFileError } from "./KeyFileError.ts"

export { KeyFileError }

/** The first word of the line. */
const magic = "peerage-key-1"
const line = new RegExp(`^${magic} ([\\w-]{43})\\r?\\n?$`)
/** No key file is longer, so nothing behind is read. */
const longest = 64
// A system without these flags or without users has no such files either. A pipe must not wait for its other end.
const { O_CREAT, O_EXCL, O_RDONLY, O_WRONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
const ownerOnly = 0o600
const forOthers = 0o077

type Problem = KeyFileError["problem"]

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown"

/** Runs a step of the file system. A link where a file should be is said so. */
const attempt = <A>(path: string, problem: Problem, step: () => Promise<A>): Effect.Effect<A, KeyFileError> =>
  Effect.tryPromise({
    try: step,
    catch: (error) => {
      const code = codeOf(error)
      return new KeyFileError({ path, problem: code === "ELOOP" ? "NotAFile" : problem, code })
    }
  })

/** A file, for as long as it is used. */
const withFile = <A, E>(
  open: Effect.Effect<fs.FileHandle, KeyFileError>,
  use: (file: fs.FileHandle) => Effect.Effect<A, E>
): Effect.Effect<A, E | KeyFileError> =>
  Effect.acquireUseRelease(open, use, (file) => Effect.promise(() => file.close()))

/** What is wrong with a file before anything of it is read. */
const objection = (stats: Stats): Problem | undefined => {
  if (!stats.isFile()) return "NotAFile"
  const user = process.geteuid?.()
  if (user === undefined) return undefined
  if (stats.uid !== user) return "NotOwned"
  return (stats.mode & forOthers) === 0 ? undefined : "ReadableByOthers"
}

/** The secret of a file's text; `undefined` where it is no key file. */
const secretOf = (text: string): Redacted.Redacted<Uint8Array> | undefined => {
  const bytes = Result.getOrUndefined(Base64Url.decode(line.exec(text)?.[1] ?? ""))
  return bytes?.length === keyLength ? Redacted.make(bytes) : undefined
}

/** Reads the identity of a file. Fails with `Unreadable` and the code ENOENT where there is none. */
export const read = Effect.fn("KeyFile.read")(function*(
  path: string
): Effect.fn.Return<Identity.Identity, KeyFileError, Crypto> {
  const crypto = yield* Crypto
  const open = attempt(path, "Unreadable", () => fs.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK))
  return yield* withFile(open, (file) =>
    Effect.gen(function*() {
      const problem = objection(yield* attempt(path, "Unreadable", () => file.stat()))
      if (problem !== undefined) return yield* new KeyFileError({ path, problem })
      const content = new Uint8Array(longest)
      const { bytesRead } = yield* attempt(path, "Unreadable", () => file.read(content, 0, longest, 0))
      const secret = secretOf(new TextDecoder().decode(content.subarray(0, bytesRead)))
      if (secret === undefined) return yield* new KeyFileError({ path, problem: "Malformed" })
      return Identity.fromSecret(crypto, secret)
    }))
})

/** Makes what was done to a directory last. Windows cannot, and needs it not. */
const flushDirectory = (path: string) =>
  withFile(
    attempt(path, "Unwritable", () => fs.open(path, O_RDONLY)),
    (directory) => attempt(path, "Unwritable", () => directory.sync())
  ).pipe(Effect.ignore)

/**
 * Makes the directory of a key file, and those above it that are missing. One at a time: where a system refuses to, as in
 * `/proc`, Node's own recursive way never ends.
 */
const makeDirectory = (path: string, directory: string): Effect.Effect<void, KeyFileError> => {
  const make = attempt(path, "Unwritable", () => fs.mkdir(directory, { mode: 0o700 })).pipe(
    Effect.catchIf(({ code }) => code === "EEXIST", () => Effect.void)
  )
  const above = dirname(directory)
  return Effect.catchIf(
    make,
    ({ code }) => code === "ENOENT" && above !== directory,
    () => Effect.andThen(Effect.suspend(() => makeDirectory(path, above)), make)
  )
}

/** Writes a line into a new file beside the path, on the disk before this succeeds. */
const writeBeside = (path: string, beside: string, text: string) =>
  withFile(
    attempt(path, "Unwritable", () => fs.open(beside, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, ownerOnly)),
    (file) => attempt(path, "Unwritable", () => file.writeFile(text).then(() => file.sync()))
  )

/** Keeps an identity at a path where nothing is; false where something came there meanwhile. */
const keep = (
  crypto: Primitives,
  path: string,
  { secret }: Identity.Identity
): Effect.Effect<boolean, KeyFileError> => {
  const folder = dirname(path)
  const beside = `${path}.${Base64Url.encode(crypto.random(9))}.new`
  const link = attempt(path, "Unwritable", () => fs.link(beside, path)).pipe(
    Effect.as(true),
    Effect.catchIf(({ code }) => code === "EEXIST", () => Effect.succeed(false))
  )
  return makeDirectory(path, folder).pipe(
    Effect.andThen(writeBeside(path, beside, `${magic} ${Base64Url.encode(Redacted.value(secret))}\n`)),
    Effect.andThen(link),
    Effect.ensuring(Effect.ignore(attempt(path, "Unwritable", () => fs.rm(beside, { force: true })))),
    Effect.tap(flushDirectory(folder))
  )
}

/**
 * Reads the identity of a file, or makes one where there is none, in a directory for its owner alone if that is missing too.
 * Two processes that make one at once end up with the same.
 */
export const load = Effect.fn("KeyFile.load")(function*(
  path: string
): Effect.fn.Return<Identity.Identity, KeyFileError, Crypto> {
  const found = yield* Effect.result(read(path))
  if (Result.isSuccess(found)) return found.success
  if (found.failure.code !== "ENOENT") return yield* found.failure
  const crypto = yield* Crypto
  const identity = yield* Identity.generate
  return (yield* keep(crypto, path, identity)) ? identity : yield* read(path)
})
