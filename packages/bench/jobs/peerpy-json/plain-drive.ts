/** A plain sender of json messages: all of one turn of the event loop in one write, or each in a write of its own. */
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Note from "../peerpy/Note.ts"
import * as Wire from "../peerpy/Wire.ts"

/** Messages that a turn of the event loop brings. */
const turn = 250

plain(async (given) => {
  const socket = await Wire.dial(of(given, "port"), "json")
  const coalesced = given["coalesced"] === 1
  const encode = (note: Note.Note) => {
    const payload = JSON.stringify({ data: note })
    return Wire.announcement("json", Buffer.byteLength(payload)) + payload
  }
  let number = 0
  return {
    round: async ({ count = 0 }) => {
      const end = number + count
      while (number < end) {
        let held = ""
        let room = true
        for (let sent = 0; sent < turn && number < end; sent++) {
          const message = encode(Note.of(number++))
          if (coalesced) held += message
          else if (!(room = socket.write(message))) break
        }
        if (coalesced) room = socket.write(held)
        if (!room) await Wire.drained(socket)
        else await new Promise<void>((resolve) => setImmediate(resolve))
      }
    }
  }
})
