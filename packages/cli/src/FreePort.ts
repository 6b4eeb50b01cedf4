/** The same command at a free port, for somebody whose port another program has. Pure. */
import type { Endpoint } from "@peerage/console/Address"
import { innermost } from "@peerage/console/Reasons"
import { ListenFailed } from "@peerage/transport/Endpoint"
import { Predicate } from "effect"

/** Where a command cannot listen; `isConsole` where only its console cannot. */
export interface Taken extends Endpoint {
  readonly isConsole?: true
}

/** The flags for a port alone, which is a free one without them. */
const ports = ["--chat-port", "--dist-port"]

const quoted = (word: string) => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** Secrets, which belong on no screen. */
const secrets = ["--password", "--passphrase"]

/** Flags apart from their values, and without secrets. */
const separate = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const words = args.flatMap((arg) => {
    const [, flag, value] = /^(--[\w-]+)=([^]*)$/.exec(arg) ?? []
    return flag === undefined || value === undefined ? [arg] : [flag, value]
  })
  return words.map((word, index) => secrets.includes(words[index - 1] ?? "") ? "..." : word)
}

const withListen = (args: ReadonlyArray<string>, { host, port }: Endpoint): ReadonlyArray<string> => {
  const free = `${host}:0`
  const given = args.indexOf("--listen") + 1
  if (given > 0) return args.with(given, free)
  const local = args[0] === "chat" ? args.findIndex((arg) => arg.endsWith(`:${port}`)) : -1
  return local === -1 ? [...args, "--listen", free] : args.with(local, free)
}

/** The arguments with the console at a free port. */
const withConsole = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const flag = words.indexOf("--console")
  const given = /^\d+$/.test(words[flag + 1] ?? "") ? 2 : 1
  return flag === -1 ? [...words, "--console", "0"] : words.toSpliced(flag, given, "--console", "0")
}

/** What is typed after the command's name, so that it listens at a free port in place of the one that is taken. */
export const instead = (args: ReadonlyArray<string>, taken: Taken): string => {
  const words = separate(args)
  if (taken.isConsole === true) return withConsole(words).map(quoted).join(" ")
  const alone = words.findIndex((word, index) => ports.includes(word) && words[index + 1] === String(taken.port))
  const free = alone === -1 ? withListen(words, taken) : words.toSpliced(alone, 2)
  return free.map(quoted).join(" ")
}

/** Where a failed command cannot listen, but could at another port; `undefined` for any other failure. */
export const takenIn = (error: unknown): Taken | undefined => {
  const failed = innermost(error)
  if (!(failed instanceof ListenFailed) || !["EADDRINUSE", "EACCES"].includes(failed.code)) return undefined
  const [host = "", port] = failed.address.split(":")
  const isConsole = Predicate.isTagged(error, "ConsoleError")
  return { host, port: Number(port), ...(isConsole ? { isConsole } : {}) }
}
