/**
 * Addresses as people give them, for protocols that are IPv4 only, and what can go wrong with them: a text that is no
 * address, an address that cannot be listened on, one where nobody answers. Every message is a sentence for a person
 * and says what to do next.
 */
import { Effect, Result, Schema, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { isSocketError, type SocketError } from "effect/socket/Socket"
import type { Listener } from "./Listener.ts"
import type { ListenOptions } from "./Options.ts"
import * as SocketFailure from "./SocketFailure.ts"
import type { Transport } from "./Transport.ts"

/** No connection could be made. `code` is the errno, "ETIMEDOUT" where nothing answered. */
export class Unreachable extends Schema.TaggedError<Unreachable>()("Unreachable", {
  address: Schema.String,
  code: Schema.String
}) {
  override get message() {
    return `No connection to ${this.address} (${this.code}). Check that it is running and that the address is right.`
  }
}

/** A listener could not be opened. `code` is the errno. */
export class ListenFailed extends Schema.TaggedError<ListenFailed>()("ListenFailed", {
  address: Schema.String,
  code: Schema.String
}) {
  override get message() {
    return this.code === "EADDRINUSE"
      ? `${this.address} is in use by another program. Stop that program or choose another port.`
      : `Cannot listen on ${this.address} (${this.code}). Choose an address of this machine.`
  }
}

/** A text that is no IPv4 address with a port: a name, an IPv6 address, or one without the port that is needed. */
export class NotIpv4 extends Schema.TaggedError<NotIpv4>()("NotIpv4", { address: Schema.String }) {
  override get message() {
    return `"${this.address}" is not an IPv4 address with a port, and this protocol speaks IPv4 only. `
      + "Give one such as 192.0.2.1:4702."
  }
}

/**
 * An IPv4 address with a port, as an address or as text: `host:port`, or `host` where there is a default port. Fails with
 * `NotIpv4`; looks no names up.
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

/** The errno of a socket error, or the tag of its reason where it has none (a clean close). */
export const errno = (error: SocketError): string => SocketFailure.errno(error) ?? error.reason._tag

/** Turns a failed dial of `inet` into `Unreachable`; how an open connection ended stays as it is. */
export const unreachable = (inet: NetAddress.InetAddress) => (error: SocketError): SocketError | Unreachable =>
  error.reason._tag === "SocketOpenError"
    ? new Unreachable({ address: NetAddress.formatInet(inet), code: errno(error) })
    : error

const isNoSocketError = <Tag extends string>(tag: Tag): tag is Exclude<Tag, "SocketError"> => tag !== "SocketError"

/** The tag of an error, and for a socket's error its errno, which says more. */
export const reasonOf = <E extends { readonly _tag: string }>(
  error: E
): Exclude<E["_tag"], "SocketError"> | SocketFailure.Reason => {
  if (isSocketError(error)) return SocketFailure.reasonOf(error)
  const tag: E["_tag"] = error._tag
  return isNoSocketError(tag) ? tag : "SocketError"
}
