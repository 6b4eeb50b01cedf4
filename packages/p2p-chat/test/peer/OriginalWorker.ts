/**
 * One connection of a simulated original, read and written as the original does it (docs/wire/p2p-chat.md, section 1).
 *
 *     reads    recv(4), then recv(length): each gives what is there, and it is not asked again for the rest
 *     writes   the header, then the body
 */
import type { Pipe } from "@peerage/transport"
import { Link } from "@peerage/wire"
import { Result } from "effect"
import { format } from "../../src/codec/Frame.ts"
import { PeerMessage } from "../../src/codec/Message.ts"
import type { PeerId } from "../../src/codec/PeerId.ts"
import { frame } from "./Raw.ts"

const headerBytes = 4

/** What a connection is for, until it has shaken hands and then. */
export type Stage = "Server" | "Joiner" | "Conversation"

/** Whose connection it is. */
export interface Owner {
  /** Takes in a message; gives back what it dies of, if it does. */
  readonly hear: (worker: Worker, message: PeerMessage) => string | undefined
  /** The bytes that came are not those that were meant. */
  readonly harmed: (worker: Worker, by: string) => void
  /** The connection is over, whoever ended it. */
  readonly ended: (worker: Worker) => void
}

/** A connection and the thread that reads it. */
export class Worker {
  stage: Stage
  /** Who is at the other end; nobody before the handshake, and after one that was answered with an error. */
  id: PeerId | undefined = undefined
  private over = false
  private length: number | undefined = undefined
  private readonly chunks: Array<Uint8Array> = []
  private readonly pipe: Pipe.Pipe
  private readonly owner: Owner

  constructor(pipe: Pipe.Pipe, stage: Stage, owner: Owner) {
    this.pipe = pipe
    this.stage = stage
    this.owner = owner
    pipe.observe({ readable: () => this.read(), drained: () => {}, closed: () => {} })
  }

  /** Sends a message; gives back why it cannot. */
  say(message: PeerMessage): string | undefined {
    if (this.over || this.pipe.broken() !== undefined) return "Bad file descriptor"
    const bytes = frame(message)
    this.pipe.write([bytes.subarray(0, headerBytes)])
    this.pipe.write([bytes.subarray(headerBytes)])
    return undefined
  }

  /** Ends the connection. */
  close(): void {
    if (this.over) return
    this.over = true
    this.pipe.close()
    this.owner.ended(this)
  }

  private read(): void {
    this.chunks.push(...this.pipe.take() ?? [])
    while (!this.over) {
      const bytes = this.recv(this.length ?? headerBytes)
      if (bytes === undefined) break
      if (this.length === undefined) this.readHeader(bytes)
      else this.readBody(bytes, this.length)
    }
    if (this.pipe.ended() !== undefined) this.close()
  }

  /** What one recv gives: at most what one segment brought, as the rest may not be there yet. */
  private recv(most: number): Uint8Array | undefined {
    if (most === 0) return new Uint8Array(0)
    const [chunk] = this.chunks
    if (chunk === undefined) return undefined
    if (chunk.length > most) this.chunks[0] = chunk.subarray(most)
    else this.chunks.shift()
    return chunk.subarray(0, most)
  }

  // Section 1: fewer bytes than a header has are taken for the length as well, and the stream is lost.
  private readHeader(bytes: Uint8Array): void {
    if (bytes.length < headerBytes) this.owner.harmed(this, "a cut header")
    this.length = bytes.reduce((length, byte) => length * 256 + byte, 0)
  }

  // Section 1: "Incomplete message"; what is no protobuf raises. Both end the connection.
  private readBody(bytes: Uint8Array, length: number): void {
    this.length = undefined
    if (bytes.length < length) return this.die("a cut body")
    const message = Link.decode(format, PeerMessage, bytes)
    if (Result.isFailure(message)) return this.die("no protobuf")
    const reason = this.owner.hear(this, message.success)
    if (reason !== undefined) this.die(reason)
  }

  private die(of: string): void {
    this.owner.harmed(this, of)
    this.close()
  }
}
