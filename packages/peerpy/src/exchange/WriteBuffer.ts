/** Small messages that wait for the end of this turn of the event loop, to go out in one write. */
import { Ascii } from "@peerage/wire"
import * as HeaderText from "../codec/HeaderText.ts"

const padding = 0x7c

/** Bytes of messages, in the order in which they go out. */
export type WriteBuffer = Ascii.Ascii

/** Holds nothing yet. */
export const make = (): WriteBuffer => new Ascii.Ascii()

/**
 * Adds a message: a header without its padding, or "" for a bare frame, and a payload, which is copied, as the sender may
 * change it before it goes out.
 */
export const add = (buffer: WriteBuffer, header: string, payload: Uint8Array): void => {
  if (header !== "") {
    buffer.text(header)
    buffer.fill(padding, HeaderText.size - header.length)
  }
  buffer.bytes(payload)
}
