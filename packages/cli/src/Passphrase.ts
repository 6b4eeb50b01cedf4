/**
 * Keeps a passphrase that was made up in a file that only its owner can read. A host that starts again with that file has
 * the same passphrase, so members come back by themselves.
 */
import { printable } from "@peerage/console/Printable"
import * as SystemProblem from "@peerage/wire/SystemProblem"
import { Config, Effect, FileSystem, Path, type PlatformError } from "effect"
import type { Mistake } from "./room/Command.ts"

/** Keeps the passphrase of a host in a file, in the user's own folder for settings where none is given; gives its path. */
export type Keep = (file: string | undefined) => Effect.Effect<string, Mistake>

const variable = (name: string) => Config.withDefault(Config.String(name), "")

/** `~/.config/peerage/passphrase`, or where the user keeps settings. */
const usual = Effect.gen(function*() {
  const { home, settings } = yield* Config.all({ home: variable("HOME"), settings: variable("XDG_CONFIG_HOME") })
  const { join } = yield* Path.Path
  const folder = settings === "" && home !== "" ? join(home, ".config") : settings
  return folder === "" ? undefined : join(folder, "peerage", "passphrase")
}).pipe(Effect.orElseSucceed(() => undefined))

const unwritable = (path: string) => (error: PlatformError.PlatformError): Mistake => ({
  reason: "FileTrouble",
  message: `${printable(path)} cannot be written: ${SystemProblem.of(error)}. ${
    SystemProblem.remedy(SystemProblem.of(error))
  }`
})

const refusal = (path: string, isFolder: boolean) => (error: PlatformError.PlatformError): Mistake => {
  if (error.reason._tag !== "AlreadyExists") return unwritable(path)(error)
  const shown = printable(path)
  return {
    reason: "AlreadyThere",
    message: isFolder
      ? `${shown} is a folder. Give a file in it, such as /keep ${shown}/passphrase.`
      : `${shown} is there already and stays as it is. Give another file, such as /keep ${shown}-2.`
  }
}

/** For a password that was given. */
export const known: Keep = () =>
  Effect.fail({
    reason: "NotMadeUp",
    message: "The password was given when the host started. Only a passphrase that was made up can be kept."
  })

/** For the passphrase that was made up, where there is one when it is to be kept. Never replaces a file. */
export const keeping = (
  madeUp: Effect.Effect<string | undefined>
): Effect.Effect<Keep, never, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function*() {
    const [fs, { dirname, resolve }, fallback] = [yield* FileSystem.FileSystem, yield* Path.Path, yield* usual]
    return Effect.fnUntraced(function*(file: string | undefined) {
      const passphrase = yield* madeUp
      if (passphrase === undefined) return yield* known(file)
      const given = file ?? fallback
      if (given === undefined) {
        return yield* Effect.fail({
          reason: "BadArgument",
          message: "Say in which file, such as /keep passphrase.txt."
        })
      }
      const path = resolve(given)
      const folder = fs.makeDirectory(dirname(path), { recursive: true, mode: 0o700 })
      yield* Effect.mapError(folder, unwritable(dirname(path)))
      const written = fs.writeFileString(path, `${passphrase}\n`, { mode: 0o600, flag: "wx" }).pipe(
        // A full disk takes the name, and a part of the passphrase at most.
        Effect.tapError(({ reason }) => reason._tag === "AlreadyExists" ? Effect.void : Effect.ignore(fs.remove(path)))
      )
      const isFolder = Effect.match(fs.stat(path), {
        onSuccess: ({ type }) => type === "Directory",
        onFailure: () => false
      })
      yield* Effect.catch(written, (error) => Effect.flatMap(isFolder, (is) => Effect.fail(refusal(path, is)(error))))
      return path
    })
  })
