/** One end of a connection in the hand of a test: sends what the test says, and shows what came. */
import { type Pipe, SocketFailure } from "@peerage/transport"

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A pipe that is read as soon as something comes. */
export class Raw {
  readonly pipe: Pipe.Pipe
  /** Everything that came. */
  text = ""

  constructor(pipe: Pipe.Pipe) {
    this.pipe = pipe
    pipe.observe({ readable: () => this.read(), drained: () => {}, closed: () => {} })
  }

  private read() {
    for (const chunk of this.pipe.take() ?? []) this.text += decoder.decode(chunk)
  }

  /** Sends each text as a segment of its own. */
  say(...texts: ReadonlyArray<string | Uint8Array>) {
    for (const text of texts) this.pipe.write([typeof text === "string" ? encoder.encode(text) : text])
  }

  /** How reading ended: not yet, politely, or with an errno. */
  get end(): string {
    const ended = this.pipe.ended()
    if (ended === undefined) return "Open"
    return SocketFailure.isFin(ended) ? "Fin" : SocketFailure.errno(ended) ?? "Closed"
  }
}
