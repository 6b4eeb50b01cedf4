/** Addresses as people give them, and what a failed connection means to them: which address, and the system's word for why. */
import { SocketFailure } from "@peerage/transport"
import { Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { isSocketError, type SocketError } from "effect/socket/Socket"
import { NotIpv4, Unreachable } from "../PyileError.ts"

/** Reads an address typed by a person. Fails with `NotIpv4`, as the protocol is an IPv4 protocol. */
export const ipv4 = (text: string): Result.Result<NetAddress.InetAddressV4, NotIpv4> =>
  Result.match(NetAddress.inetAddressFromString(text), {
    onFailure: () => Result.fail(new NotIpv4({ address: text })),
    onSuccess: (inet) => NetAddress.isInetAddressV4(inet) ? Result.succeed(inet) : Result.fail(new NotIpv4({ address: text }))
  })

/** The errno of a socket error; a dial that timed out is ETIMEDOUT like the system's own. */
export const errno = (error: SocketError): string => SocketFailure.errno(error) ?? error.reason._tag

/** Turns a failed dial into `Unreachable`; how an open connection ended stays as it is. */
export const unreachable = (address: NetAddress.InetAddress) => (error: SocketError): SocketError | Unreachable =>
  error.reason._tag === "SocketOpenError"
    ? new Unreachable({ address: NetAddress.formatInet(address), code: errno(error) })
    : error

/** The tag of an error, and for a socket's error the errno, which says more. */
export const reasonOf = (error: { readonly _tag: string }): string =>
  isSocketError(error) ? errno(error) : error._tag
