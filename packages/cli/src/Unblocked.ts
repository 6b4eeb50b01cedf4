/**
 * A terminal that nobody reads, as one stopped by Ctrl-S, holds nobody up. Node writes to a terminal until it has taken
 * all: a full one would stop the whole process, heartbeats too, and the others would take this peer for dead. Written
 * without waiting, lines wait in this process, and a room holds or leaves out what it tells, as with any reader.
 *
 * Only on Linux, where this is tested: elsewhere a stopped terminal stops the process.
 */
import { Predicate } from "effect"

/** Writes to these without waiting, where they are terminals. To be called before anything is written. */
export const unblock = (...streams: ReadonlyArray<NodeJS.WriteStream>): void => {
  if (process.platform !== "linux") return
  for (const stream of streams) {
    const handle = stream.isTTY && Predicate.hasProperty(stream, "_handle") ? stream._handle : undefined
    if (Predicate.hasProperty(handle, "setBlocking") && Predicate.isFunction(handle.setBlocking)) {
      handle.setBlocking(false)
    }
  }
}
