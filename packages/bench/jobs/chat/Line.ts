/** A p2p-chat connection of a program without a toolkit: frames in, and out, together or each by itself. */
import { connect, createServer, type Socket } from "node:net"
import { Cutter } from "./Frames.ts"

/** How frames are written: all of a tick in one write, or each at once. */
export type Manner = "together" | "each"

/** One connection, from when it is there. */
export class Line {
  private readonly socket: Socket
  private readonly manner: Manner
  private held: Array<Uint8Array> = []
  private readonly cutter = new Cutter()

  constructor(socket: Socket, manner: Manner) {
    this.socket = socket
    this.manner = manner
    socket.setNoDelay(true)
    socket.on("error", () => socket.destroy())
  }

  /** Calls `take` with all frames of a chunk. What cannot be taken ends the connection. */
  hear(take: (frames: ReadonlyArray<Uint8Array>) => void): void {
    this.socket.removeAllListeners("data")
    this.socket.on("data", (chunk: Buffer) => {
      try {
        take(this.cutter.cut(chunk))
      } catch (error) {
        this.socket.destroy()
        throw error
      }
    })
  }

  /** Writes a frame, at once or with the others of this tick. */
  say(frame: Uint8Array): void {
    if (this.manner === "each") return void this.socket.write(frame)
    if (this.held.push(frame) === 1) setImmediate(() => this.flush())
  }

  private flush(): void {
    const held = this.held
    this.held = []
    this.socket.write(held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held))
  }

  /** Resolves when more may be said: after this tick, and after what waits was taken. */
  async ready(): Promise<void> {
    await new Promise(setImmediate)
    if (this.socket.writableNeedDrain) await new Promise<void>((resolve) => this.socket.once("drain", resolve))
  }
}

/** Dials a port of this machine. */
export const dial = (port: number, manner: Manner): Promise<Line> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port }, () => resolve(new Line(socket, manner)))
    socket.once("error", reject)
  })

/** Listens on a free port of this machine, which it resolves to. */
export const listen = async (manner: Manner, accept: (line: Line) => void): Promise<number> => {
  const server = createServer((socket) => accept(new Line(socket, manner)))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

/** How the programs of a contender write, from what they are told. */
export const manner = ({ each }: { readonly each?: number }): Manner => each === undefined ? "together" : "each"
