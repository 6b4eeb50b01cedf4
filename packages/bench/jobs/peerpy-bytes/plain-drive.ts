/** A plain sender of bytes: header and payload in one write, or each in a write of its own. */
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Block from "../peerpy/Block.ts"
import * as Wire from "../peerpy/Wire.ts"

plain(async (given) => {
  const socket = await Wire.dial(of(given, "port"), "bytes")
  const together = given["together"] === 1
  let number = 0
  return {
    round: async ({ count = 0 }) => {
      const end = number + count
      while (number < end) {
        const block = Block.of(number++)
        if (together) socket.cork()
        socket.write(Wire.announcement("bytes", block.length), "latin1")
        const room = socket.write(block)
        if (together) socket.uncork()
        if (!room) await Wire.drained(socket)
      }
    }
  }
})
