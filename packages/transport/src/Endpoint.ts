/**
 * Addresses as people write them, for IPv4 protocols, and the errors about them: a text that is not an address, an
 * address that cannot be listened on, an address that does not answer. Each error message says what to do next.
 */
import { Effect, Result, Schema, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { isSocketError, type SocketError } from "effect/socket/Socket"
import type { Listener } from "./Listener.ts"
import type { ListenOptions } from "./Options.ts"
import * as SocketFailure from "./SocketFailure.ts"
import type { Transport } from "./Transport.ts"

const noRoute = "No way leads there: check the address, and this machine's network."
const refusedBySystem = "This system does not allow it: check that the address is one host's, and look at its firewall."
const noRoom = "This machine has no room for more connections: close some, or allow more open files (ulimit -n)."

/** What to do about a dial that failed, by its errno. */
const dialing: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "Nothing listens there: check that it is running, and the address and the port."],
  ["ECONNRESET", "What listens there ended the connection at once: check the port, and try again."],
  ["ETIMEDOUT", "Nothing answered: check the address, and that no firewall is in between."],
  ["EHOSTUNREACH", noRoute],
  ["ENETUNREACH", noRoute],
  ["ENETDOWN", noRoute],
  ["EHOSTDOWN", noRoute],
  ["EACCES", refusedBySystem],
  ["EPERM", refusedBySystem],
  ["EMFILE", noRoom],
  ["ENFILE", noRoom],
  ["ENOBUFS", noRoom],
  ["EADDRNOTAVAIL", "The address to connect from is not one of this machine's: choose another one to listen at."],
  ["EADDRINUSE", "The port to connect from is in use: choose another one."]
])

/**
 * A dial failed. `code` is its errno: "ETIMEDOUT" when nothing answered; or why a secure transport made no connection, one
 * of `SocketFailure.refusals`, and then `problem` is what it says about it.
 */
export class Unreachable extends Schema.TaggedError<Unreachable>()("Unreachable", {
  address: Schema.String,
  code: Schema.String,
  problem: Schema.optionalKey(Schema.String)
}) {
  override get message() {
    if (this.problem !== undefined) return this.problem
    const remedy = dialing.get(this.code) ?? "Check that it is running and that the address is right."
    return `No connection to ${this.address} (${this.code}). ${remedy}`
  }
}

/** A listener could not be opened. `code` is the errno of bind. */
export class ListenFailed extends Schema.TaggedError<ListenFailed>()("ListenFailed", {
  address: Schema.String,
  code: Schema.String
}) {
  override get message() {
    switch (this.code) {
      case "EADDRINUSE":
        return `${this.address} is in use by another program. Stop that program or choose another port.`
      case "EADDRNOTAVAIL":
        return `${this.address} is not one of this machine's addresses. Choose an address of this machine.`
      case "EACCES":
      case "EPERM":
        return `This program may not listen on ${this.address} (${this.code}): ports below 1024 need rights. `
          + "Choose one from 1024 on."
      case "EMFILE":
      case "ENFILE":
        return `Cannot listen on ${this.address}: too many files are open. Allow more (ulimit -n).`
      default:
        return `Cannot listen on ${this.address} (${this.code}). Choose another address or port.`
    }
  }
}

/** A text is not an IPv4 address with a port: it is a name or an IPv6 address, or lacks the port. */
export class NotIpv4 extends Schema.TaggedError<NotIpv4>()("NotIpv4", { address: Schema.String }) {
  override get message() {
    return this.isName
      ? `"${this.address}" is a name, and names are not looked up here. Give the IPv4 address, such as 192.0.2.1:4702.`
      : `"${this.address}" is not an IPv4 address with a port, and this protocol uses only IPv4. `
        + "Give one such as 192.0.2.1:4702."
  }
  private get isName() {
    return /^(?=.*[a-z])[a-z0-9_.-]+(:\d+)?$/i.test(this.address)
  }
}

/**
 * Reads an IPv4 address with a port: an address, `host:port`, or `host` if there is a default port. Fails with
 * `NotIpv4`. Does not resolve names.
 */
export const address = (
  input: string | NetAddress.InetAddress,
  defaultPort?: number
): Result.Result<NetAddress.InetAddressV4, NotIpv4> => {
  const text = typeof input === "string" ? input : NetAddress.formatInet(input)
  const whole = defaultPort === undefined || text.includes(":") ? text : `${text}:${defaultPort}`
  return Result.match(NetAddress.inetAddressFromString(whole), {
    onFailure: () => Result.fail(new NotIpv4({ address: text })),
    onSuccess: (inet) =>
      NetAddress.isInetAddressV4(inet) ? Result.succeed(inet) : Result.fail(new NotIpv4({ address: text }))
  })
}

/** Opens a listener for the scope's life. Fails with `ListenFailed`. */
export const listen = (
  transport: Transport["Service"],
  inet: NetAddress.InetAddress,
  options?: ListenOptions
): Effect.Effect<Listener, ListenFailed, Scope.Scope> =>
  Effect.mapError(
    transport.listen(inet, options),
    (error) => new ListenFailed({ address: NetAddress.formatInet(inet), code: SocketFailure.errno(error) ?? "unknown" })
  )

/** The errno of a socket error, or the tag of its reason if it has no errno, as after a clean close. */
export const errno = (error: SocketError): string => SocketFailure.errno(error) ?? error.reason._tag

/** Maps the error of a failed dial of `inet` to `Unreachable`. Other socket errors stay as they are. */
export const unreachable = (inet: NetAddress.InetAddress) => (error: SocketError): SocketError | Unreachable => {
  if (error.reason._tag !== "SocketOpenError") return error
  const problem = SocketFailure.sentence(error)
  return new Unreachable({
    address: NetAddress.formatInet(inet),
    code: errno(error),
    ...(problem === undefined ? {} : { problem })
  })
}

/** Why a secure transport has no connection, where that is why a dial or a connection failed. */
const refusalOf = (error: { readonly _tag: string }): SocketFailure.Refusal | undefined => {
  const code = isSocketError(error)
    ? SocketFailure.errno(error)
    : error instanceof Unreachable
    ? error.code
    : undefined
  return SocketFailure.isRefusal(code) ? code : undefined
}

/** Reasons of a secure transport that another try does not change. */
export const finals: ReadonlyArray<string> = ["WrongPassphrase", "NotMember", "Banned", "KeyMismatch"]

/**
 * True when a secure transport has no connection for a reason that another try does not change. A program that tries
 * again by itself must not go on: each try would give an impostor one guess of the passphrase.
 */
export const isFinal = (error: { readonly _tag: string }): boolean => finals.includes(refusalOf(error) ?? "")

const isOtherTag = <Tag extends string>(tag: Tag): tag is Exclude<Tag, "SocketError"> => tag !== "SocketError"

/** The tag of an error; for a socket error its errno, and where a secure transport made no connection why, which say more. */
export const reasonOf = <E extends { readonly _tag: string }>(
  error: E
): Exclude<E["_tag"], "SocketError"> | SocketFailure.Reason => {
  const refusal = refusalOf(error)
  if (refusal !== undefined) return refusal
  if (isSocketError(error)) return SocketFailure.reasonOf(error)
  const tag: E["_tag"] = error._tag
  return isOtherTag(tag) ? tag : "SocketError"
}
