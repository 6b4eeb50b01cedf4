/** Constructors of Effect's socket errors with the errno codes that callers look for, alike in every transport. */
import { Predicate } from "effect"
import { SocketCloseError, SocketError, SocketOpenError, SocketReadError, SocketWriteError } from "effect/socket/Socket"
import { SocketServerError, SocketServerOpenError } from "effect/socket/SocketServer"

/** The errno codes that a connection or a dial can fail with. Both transports report the first eleven. */
export const errnos = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EADDRINUSE",
  "EADDRNOTAVAIL",
  "EHOSTUNREACH",
  "EINVAL",
  "EACCES",
  "EMSGSIZE",
  "ENETUNREACH",
  "ENETDOWN",
  "EHOSTDOWN",
  "EMFILE",
  "ENFILE",
  "ENOBUFS",
  "EPERM"
] as const
export type Errno = typeof errnos[number]

/** Why a connection failed, for events: its errno, or "SocketError" where it has none of these. */
export const reasons = [...errnos, "SocketError"] as const
export type Reason = typeof reasons[number]

/** A system error as Node makes them: a message and a `code`. */
export const systemError = (code: Errno, detail: string): Error & { readonly code: Errno } =>
  Object.assign(new Error(`${code}: ${detail}`), { code })

/** A dial that did not lead to a connection. */
export const openFailed = (cause: unknown): SocketError =>
  new SocketError({ reason: new SocketOpenError({ kind: "Unknown", cause }) })

/** A dial that took longer than its connect timeout. */
export const openTimedOut = (detail: string): SocketError =>
  new SocketError({ reason: new SocketOpenError({ kind: "Timeout", cause: systemError("ETIMEDOUT", detail) }) })

/** A connection that was reset, or found dead. */
export const readFailed = (cause: unknown): SocketError => new SocketError({ reason: new SocketReadError({ cause }) })

/** A write on a connection that can no longer carry it. */
export const writeFailed = (cause: unknown): SocketError => new SocketError({ reason: new SocketWriteError({ cause }) })

const closedWith = (code: number) => new SocketError({ reason: new SocketCloseError({ code }) })
// Each connection ends by one or both, and where in this module that was said tells nobody anything: made once, as an
// error costs more for its stack than a message does for everything else.
const fin = closedWith(1000)
const left = closedWith(1006)

/** The peer's FIN (1000), or this end's own close (1006). */
export const closed = (code: 1000 | 1006): SocketError => code === 1000 ? fin : left

/** A listener that could not be opened. */
export const listenFailed = (cause: unknown): SocketServerError =>
  new SocketServerError({ reason: new SocketServerOpenError({ cause }) })

/** True when the peer ended the connection politely (FIN). */
export const isFin = (error: SocketError): boolean =>
  error.reason._tag === "SocketCloseError" && error.reason.code === 1000

/** The errno code behind a socket or server error, `undefined` where there is none (a clean close). */
export const errno = (error: SocketError | SocketServerError): string | undefined => {
  const reason = error.reason
  const cause = "cause" in reason ? reason.cause : undefined
  return Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : undefined
}

const isErrno = (code: string | undefined): code is Errno => errnos.some((known) => known === code)

/** Why a connection failed. */
export const reasonOf = (error: SocketError): Reason => {
  const code = errno(error)
  return isErrno(code) ? code : "SocketError"
}
