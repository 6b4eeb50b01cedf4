/** The other end of an original's connection in the hand of a test: it says any bytes and keeps what comes. */
import { type Pipe, Transport } from "@peerage/transport"
import { Effect, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { loopback, soon } from "../Events.ts"

/** A header of 128 bytes. */
export const header = (text: string): string => text.padEnd(128, "|")

/** One end of a connection. Bytes are texts in Latin-1. */
class Wire {
  private readonly pipe: Pipe.Pipe
  private text = ""
  private look: () => void = () => {}

  constructor(pipe: Pipe.Pipe) {
    this.pipe = pipe
    pipe.observe({
      readable: () => {
        for (const bytes of pipe.take() ?? []) this.text += Buffer.from(bytes).toString("latin1")
        this.look()
      },
      drained: () => {},
      closed: () => this.look()
    })
  }

  say(text: string): void {
    this.pipe.write([Buffer.from(text, "latin1")])
  }

  /** Everything that came so far. */
  get heard(): string {
    return this.text
  }

  get over(): boolean {
    return this.pipe.ended() !== undefined
  }

  /** Waits until something holds, which is looked at whenever something comes. */
  until(what: string, holds: () => boolean): Effect.Effect<void> {
    return soon(
      what,
      Effect.callback<void>((resume) => {
        this.look = () => {
          if (holds()) resume(Effect.void)
        }
        this.look()
      })
    )
  }

  /** Waits for as many bytes, and takes them. */
  takes(length: number): Effect.Effect<string> {
    return Effect.map(this.until(`${length} bytes`, () => this.text.length >= length), () => {
      const taken = this.text.slice(0, length)
      this.text = this.text.slice(length)
      return taken
    })
  }

  /** Waits until the other end has ended the connection. */
  get ends(): Effect.Effect<void> {
    return this.until("the end", () => this.over)
  }
}

/** A listener that takes whatever comes. */
export const listener = Effect.gen(function*() {
  const transport = yield* Transport.Transport
  const { accepted, address } = yield* transport.listen(NetAddress.inetAddressFromStringUnsafe(`${yield* loopback}:0`))
  return {
    self: NetAddress.formatInet(address),
    next: soon("a connection", Effect.map(Queue.take(accepted), (pipe) => new Wire(pipe)))
  }
})

/** A connection to somebody. */
export const dial = Effect.fnUntraced(function*(address: string) {
  const transport = yield* Transport.Transport
  return new Wire(yield* transport.connect(NetAddress.inetAddressFromStringUnsafe(address)))
})
