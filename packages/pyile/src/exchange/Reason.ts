/** Failures in few words: which address, and the system's own word for why. */
import { SocketFailure } from "@peerage/transport"
import * as NetAddress from "effect/net/NetAddress"
import { isSocketError, type SocketError } from "effect/socket/Socket"
import { Unreachable } from "../PyileError.ts"

/** The errno of a socket error; a dial that timed out is ETIMEDOUT like the system's own. */
export const errno = (error: SocketError): string => SocketFailure.errno(error) ?? error.reason._tag

/** Turns a failed dial into `Unreachable`; how an open connection ended stays as it is. */
export const unreachable = (address: NetAddress.InetAddress) => (error: SocketError): SocketError | Unreachable =>
  error.reason._tag === "SocketOpenError"
    ? new Unreachable({ address: NetAddress.formatInet(address), code: errno(error) })
    : error

/** The tag of an error, and for a socket's error the errno, which says more. */
export const reasonOf = (error: { readonly _tag: string }): string => isSocketError(error) ? errno(error) : error._tag
