/** One end of a connection in the hand of a test, which says plain text there and sees what comes. */
import { type Pipe, SocketFailure } from "@peerage/transport"

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A pipe that is read at once, unless it is told to wait. */
export class Raw {
  readonly pipe: Pipe.Pipe
  /** Everything that came. */
  heard = ""

  constructor(pipe: Pipe.Pipe) {
    this.pipe = pipe
    pipe.observe({ readable: () => this.read(), drained: () => {}, closed: () => {} })
  }

  private read() {
    for (const chunk of this.pipe.take() ?? []) this.heard += decoder.decode(chunk)
  }

  /** Sends each text as a segment of its own. */
  say(...texts: ReadonlyArray<string>) {
    for (const text of texts) this.pipe.write([encoder.encode(text)])
  }

  /** How reading ended: not yet, politely, or with an errno. */
  get end(): string {
    const ended = this.pipe.ended()
    if (ended === undefined) return "Open"
    return SocketFailure.isFin(ended) ? "Fin" : SocketFailure.errno(ended) ?? "Closed"
  }
}
