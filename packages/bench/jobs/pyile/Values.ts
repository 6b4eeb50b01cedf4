/** JSON values off a plain socket, one behind the other, as a program without a toolkit would cut them. */
import type { Socket } from "node:net"

/** Calls `take` with the text of each value as it is complete. Values are objects. */
export const read = (socket: Socket, take: (text: string) => void): void => {
  let text = ""
  let scanned = 0
  let depth = 0
  let quoted = false
  let escaped = false
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk
    for (; scanned < text.length; scanned++) {
      const unit = text.charCodeAt(scanned)
      if (escaped) escaped = false
      else if (quoted) {
        if (unit === 0x5c) escaped = true
        else if (unit === 0x22) quoted = false
      } else if (unit === 0x22) quoted = true
      else if (unit === 0x7b || unit === 0x5b) depth++
      else if (unit === 0x7d || unit === 0x5d) {
        if (--depth > 0) continue
        take(text.slice(0, scanned + 1))
        text = text.slice(scanned + 1)
        scanned = -1
      }
    }
  })
}
