/** Connections that take places: each is opened again a while after it was closed, as long as the flood lasts. */
import { connect, type Socket } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"

/** What a flood does on each of its connections. */
export interface Stranger {
  readonly port: number
  /** What it says first; silent where there is nothing. */
  readonly says?: string | Uint8Array | undefined
  /** Whether it ends its half then. */
  readonly ends?: boolean | undefined
  /** Bytes that it reads in a tenth of a second; all of them where there is no limit. */
  readonly pace?: number | undefined
}

// In milliseconds.
const again = 500
const tenth = 100

/** Reads so many bytes in a tenth of a second. */
const readSlowly = async (socket: Socket, pace: number, signal: AbortSignal) => {
  while (!signal.aborted && !socket.destroyed) {
    await sleep(tenth)
    if (pace > 0) socket.read(Math.min(pace, socket.readableLength))
  }
}

const stay = async ({ ends, pace, port, says }: Stranger, from: string, signal: AbortSignal) => {
  while (!signal.aborted) {
    const socket = connect({ host: "127.0.0.1", port, localAddress: from, allowHalfOpen: true, signal })
    socket.on("error", () => {})
    const closed = new Promise((resolve) => socket.once("close", resolve))
    if (pace === undefined) socket.on("end", () => socket.destroy()).resume()
    else void readSlowly(socket, pace, signal)
    if (says !== undefined) socket.write(says)
    if (ends === true) socket.end()
    await closed
    await sleep(again)
  }
}

/** Floods from all these addresses, which may be named more than once. Resolves when all have gone, after `signal`. */
export const flood = async (
  strangers: ReadonlyArray<Stranger>,
  addresses: ReadonlyArray<string>,
  signal: AbortSignal
): Promise<void> =>
  void await Promise.all(
    addresses.flatMap((from, index) => {
      const stranger = strangers[index % strangers.length]
      return stranger === undefined ? [] : [stay(stranger, from, signal)]
    })
  )
