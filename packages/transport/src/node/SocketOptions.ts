/** The socket options of both ends, as `net.connect` and `net.createServer` take them. */
import { Duration } from "effect"
import type { ConnectionOptions } from "../Options.ts"

/** Node's options. All are given, because Node's defaults differ between releases. */
export interface SocketOptions {
  readonly noDelay: boolean
  readonly keepAlive: boolean
  /** Milliseconds, a multiple of 1000: the kernel counts seconds, and Node would round down, even to never. */
  readonly keepAliveInitialDelay: number
}

/** Node's options for these. Rounds keep-alive up to whole seconds. */
export const make = (options: ConnectionOptions): SocketOptions => ({
  noDelay: options.noDelay === true,
  keepAlive: options.keepAlive !== undefined,
  keepAliveInitialDelay: options.keepAlive === undefined
    ? 0
    : Math.max(1, Math.ceil(Duration.toSeconds(Duration.fromInputUnsafe(options.keepAlive)))) * 1000
})
