/** The socket options both ends share, in the words of `net.connect` and `net.createServer`. */
import { Duration } from "effect"
import type { ConnectionOptions } from "../Options.ts"

/** Node's options; each is stated, as Node's defaults have changed between releases. */
export interface SocketOptions {
  readonly noDelay: boolean
  readonly keepAlive: boolean
  /** Milliseconds, a multiple of 1000: the kernel counts in seconds, and Node rounds down, to never at worst. */
  readonly keepAliveInitialDelay: number
}

/** A keep-alive of less than a second becomes one second. */
export const make = (options: ConnectionOptions): SocketOptions => ({
  noDelay: options.noDelay === true,
  keepAlive: options.keepAlive !== undefined,
  keepAliveInitialDelay: options.keepAlive === undefined
    ? 0
    : Math.max(1, Math.ceil(Duration.toSeconds(Duration.fromInputUnsafe(options.keepAlive)))) * 1000
})
