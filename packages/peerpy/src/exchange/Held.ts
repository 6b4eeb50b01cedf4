/** Small messages that wait for the end of this turn of the event loop, to go out in one write. */
import { Ascii } from "@peerage/wire"
import * as HeaderText from "../codec/HeaderText.ts"

const padding = 0x7c

/** Messages in the order in which they go out. Plain state. */
export class Held {
  private readonly ascii = new Ascii.Ascii()

  /** Bytes of all that is held. */
  get length(): number {
    return this.ascii.length
  }

  /**
   * Adds a message: a header without its padding, or "", and a payload, which is copied, as whoever gave it may change it
   * before it goes out.
   */
  add(header: string, payload: Uint8Array) {
    if (header !== "") {
      this.ascii.text(header)
      this.ascii.fill(padding, HeaderText.size - header.length)
    }
    this.ascii.bytes(payload)
  }

  /** Takes all of it, in one piece; `undefined` when there is nothing. */
  take(): Uint8Array | undefined {
    return this.length === 0 ? undefined : this.ascii.take()
  }
}
