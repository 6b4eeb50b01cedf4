/** How a link reads and writes. */
import { OptionValue } from "@peerage/transport"
import type { Format } from "../Format.ts"
import type { Bounds } from "./Holding.ts"

export type { Bounds } from "./Holding.ts"

/** Options of a link. */
export interface Options<State> {
  readonly format: Format<State>
  /** Bytes of one received frame at most. Default: the format's. A larger value costs that much memory per peer. */
  readonly limit?: number | undefined
  /**
   * Sends of one turn of the event loop go out in one write, or earlier when they reach `maxBytes` (default 65,536).
   * Default false: each message is a write of its own, for peers that parse the bytes of one `recv` call.
   */
  readonly coalesce?: boolean | { readonly maxBytes: number } | undefined
  /** Bounds of frames that have begun and are not whole, beside their `limit`. Default: none. */
  readonly unfinished?: Bounds | undefined
}

const defaultMaxBytes = 65_536

/** How many bytes a link holds back to write them together. */
export const heldBytes = (coalesce: Options<unknown>["coalesce"]): number =>
  typeof coalesce === "object" ? coalesce.maxBytes : coalesce === true ? defaultMaxBytes : 0

const checkLimit = OptionValue.checkAll("a link", { limit: OptionValue.count })

/** Dies for an option that cannot be. */
export const checkOptions = <State>(options: Options<State>): void => {
  checkLimit(options)
  OptionValue.check("coalesce of a link", heldBytes(options.coalesce), OptionValue.whole)
}
