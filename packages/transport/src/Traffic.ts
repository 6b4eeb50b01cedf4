/** How many bytes this process's real connections have carried, whatever they belong to: one addition for each chunk. */
import { Context } from "effect"

/** Bytes since the start. Connections add to them. */
export interface Bytes {
  received: number
  sent: number
}

/** The counters of the connections that are made where this is the same. */
export const Traffic = Context.Reference<Bytes>("@peerage/transport/Traffic", {
  defaultValue: () => ({ received: 0, sent: 0 })
})
