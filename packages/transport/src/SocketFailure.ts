/** Constructors of Effect's socket errors, with the same errno codes in every transport. */
import { Predicate } from "effect"
import type { DatagramSocketError } from "effect/socket/DatagramSocket"
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
/** One of `errnos`. */
export type Errno = typeof errnos[number]

/** Why a secure transport has no connection: the `code` of its errors, in place of an errno. */
export const refusals = [
  "WrongPassphrase",
  "NotMember",
  "Banned",
  "TooManyGuesses",
  "Busy",
  "KeyMismatch",
  "OwnKey",
  "PlainPeer",
  "OtherVersion",
  "Tampered",
  "Truncated",
  "HandshakeTimeout",
  "ProtocolViolation"
] as const
/** One of `refusals`. */
export type Refusal = typeof refusals[number]

/** Why a connection failed, as events report it: its errno, one of `refusals`, or "SocketError" if it has none of these. */
export const reasons = [...errnos, ...refusals, "SocketError"] as const
/** One of `reasons`. */
export type Reason = typeof reasons[number]

/** A system error in Node's form: a message and a `code`. */
export const systemError = (code: Errno, detail: string): Error & { readonly code: Errno } =>
  Object.assign(new Error(`${code}: ${detail}`), { code })

/** The error of a dial that failed. */
export const openFailed = (cause: unknown): SocketError =>
  new SocketError({ reason: new SocketOpenError({ kind: "Unknown", cause }) })

/** The error of a dial that took longer than its connect timeout. */
export const openTimedOut = (detail: string): SocketError =>
  new SocketError({ reason: new SocketOpenError({ kind: "Timeout", cause: systemError("ETIMEDOUT", detail) }) })

/** The error of a dial at which another peer answers than the one whose key is known. */
export const otherKey = (address: string): SocketError =>
  openFailed(
    Object.assign(new Error(`Somebody else answers at ${address}, with another key. Do not go on.`), {
      code: "KeyMismatch"
    })
  )

/** The error of reading a connection that was reset, or whose host is dead. */
export const readFailed = (cause: unknown): SocketError => new SocketError({ reason: new SocketReadError({ cause }) })

/** The error of a write on a connection that has ended. */
export const writeFailed = (cause: unknown): SocketError => new SocketError({ reason: new SocketWriteError({ cause }) })

// Created once, as is the end of a connection below: connections are asked for it often, and capturing a stack costs more
// than handling a message.
const writtenAfterEnd = writeFailed(systemError("EPIPE", "write after this end was closed"))

/** The error of a write on a connection whose writing this end has ended. */
export const endedHere = (): SocketError => writtenAfterEnd

const closedWith = (code: number) => new SocketError({ reason: new SocketCloseError({ code }) })
const fin = closedWith(1000)
const closedHere = closedWith(1006)

/** The end of a connection by the peer's FIN (1000) or by this end's own close (1006). */
export const closed = (code: 1000 | 1006): SocketError => code === 1000 ? fin : closedHere

/** The error of a listener that could not be opened. */
export const listenFailed = (cause: unknown): SocketServerError =>
  new SocketServerError({ reason: new SocketServerOpenError({ cause }) })

/** True when the peer ended the connection with FIN. */
export const isFin = (error: SocketError): boolean =>
  error.reason._tag === "SocketCloseError" && error.reason.code === 1000

const causeOf = ({ reason }: SocketError | SocketServerError | DatagramSocketError): unknown =>
  "cause" in reason ? reason.cause : undefined

/**
 * The errno of a socket or server error, or the `code` of a secure transport's; `undefined` when it has none, as after a
 * clean close.
 */
export const errno = (error: SocketError | SocketServerError | DatagramSocketError): string | undefined => {
  const cause = causeOf(error)
  return Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : undefined
}

/** Whether a code is a secure transport's and not the system's. */
export const isRefusal = (code: string | undefined): code is Refusal => refusals.some((known) => known === code)

/** The sentence with which a secure transport says why it has no connection; `undefined` for any other error. */
export const sentence = (error: SocketError): string | undefined => {
  const cause = causeOf(error)
  return isRefusal(errno(error)) && Predicate.isError(cause) ? cause.message : undefined
}

const isReason = (code: string | undefined): code is Reason => reasons.some((known) => known === code)

/** Why a connection failed: one of `reasons`. */
export const reasonOf = (error: SocketError): Reason => {
  const code = errno(error)
  return isReason(code) ? code : "SocketError"
}
