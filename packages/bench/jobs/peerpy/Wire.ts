/**
 * PeerPy on plain sockets, written by hand: the dialer's HELLO, the listener's ACCEPT, and then messages of a header of
 * 128 bytes and a payload, with what a good engineer keeps: bounded sizes, headers that are checked, backpressure.
 */
import { connect, createServer, type Socket } from "node:net"

const headerBytes = 128
const largest = 16_777_216

/** A header of 128 bytes, as text. */
export const header = (text: string): string => text.padEnd(headerBytes, "|")

type Type = "json" | "bytes"

/** The header of a payload. */
export const announcement = (type: Type, size: number): string => header(`DATA|data_size=${size}&data_type=${type}`)

const data = /^DATA\|data_size=(\d{1,8})&data_type=(json|bytes)\|*$/

/** Hears of each payload; the bytes are valid during the call only. */
type Heard = (payload: Buffer) => void

/** Cuts what arrives into payloads. */
class Cutter {
  private chunks: Array<Buffer> = []
  private held = 0
  /** What the next whole thing takes: a header while `size` is undefined. */
  private size: number | undefined
  private readonly type: Type
  private readonly heard: Heard

  constructor(type: Type, heard: Heard) {
    this.type = type
    this.heard = heard
  }

  add(chunk: Buffer) {
    this.chunks.push(chunk)
    this.held += chunk.length
    if (this.held < (this.size ?? headerBytes)) return
    const bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks)
    let at = 0
    while (at + (this.size ?? headerBytes) <= bytes.length) {
      if (this.size === undefined) {
        this.size = this.sizeOf(bytes.toString("latin1", at, at + headerBytes))
        at += headerBytes
      } else {
        this.heard(bytes.subarray(at, at + this.size))
        at += this.size
        this.size = undefined
      }
    }
    this.chunks = at === bytes.length ? [] : [bytes.subarray(at)]
    this.held = bytes.length - at
  }

  private sizeOf(text: string): number {
    const [, size = "", type] = data.exec(text) ?? []
    if (type !== this.type || Number(size) > largest) throw new Error("a header that was not agreed on")
    return Number(size)
  }
}

/** Hears of each payload that comes over a socket. */
export const hear = (socket: Socket, type: Type, heard: Heard): void => {
  const cutter = new Cutter(type, heard)
  socket.on("data", (chunk) => cutter.add(chunk))
}

/** Sends bytes behind their header, in one write. */
export const send = (socket: Socket, payload: Uint8Array): void => {
  socket.cork()
  socket.write(announcement("bytes", payload.length), "latin1")
  socket.write(payload)
  socket.uncork()
}

/** Listens, and hears the payloads of whoever connects. Resolves with its port. */
export const listen = (type: Type, heard: (payload: Buffer, socket: Socket) => void): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on("error", () => {})
      socket.once("data", (hello) => {
        if (!hello.toString("latin1").startsWith("HELLO|")) return socket.destroy()
        socket.write(header("ACCEPT"))
        hear(socket, type, (payload) => heard(payload, socket))
      })
    })
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : 0)
    })
  })

/** Dials and says hello. Resolves when that is accepted. */
export const dial = (port: number, type: Type): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true })
    socket.on("error", reject)
    socket.once("data", (answer) =>
      answer.toString("latin1").startsWith("ACCEPT") ? resolve(socket) : reject(new Error("not accepted")))
    socket.write(header(`HELLO|peer_name=127.0.0.1:1&data_type=${type}&strict=True`))
  })

/** Resolves when a socket takes more. */
export const drained = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once("drain", resolve))
