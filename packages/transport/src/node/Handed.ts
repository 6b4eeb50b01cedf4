/** What of a socket's bytes is with the system, and what is still with Node. */
import * as Predicate from "effect/Predicate"
import type * as Net from "node:net"

/** Counts of bytes. */
export interface Handed {
  readonly bytesWritten: number
  readonly writeQueueSize: number
}

/**
 * What Node has handed to the system: the bytes of all its writes, and those of the last one that the system has not
 * taken yet. Only the handle of a socket tells; `socket.writableLength` counts a write whole until the system has it all.
 */
export const handed = (socket: Net.Socket): Handed => {
  const handle = Predicate.hasProperty(socket, "_handle") ? socket._handle : undefined
  const count = (name: "bytesWritten" | "writeQueueSize") =>
    Predicate.hasProperty(handle, name) && Predicate.isNumber(handle[name]) ? handle[name] : undefined
  const [bytesWritten, writeQueueSize] = [count("bytesWritten"), count("writeQueueSize")]
  return bytesWritten === undefined || writeQueueSize === undefined
    ? { bytesWritten: socket.bytesWritten, writeQueueSize: socket.writableLength }
    : { bytesWritten, writeQueueSize }
}
