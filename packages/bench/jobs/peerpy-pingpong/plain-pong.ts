/** Sends back what it is sent, on plain sockets. */
import { plain } from "../../src/Program.ts"
import * as Wire from "../peerpy/Wire.ts"
import { Tally } from "../Tally.ts"

plain(async () => {
  const answered = new Tally()
  const port = await Wire.listen("bytes", (bytes, socket) => {
    Wire.send(socket, bytes)
    answered.add(1)
  })
  return { ready: { port }, round: ({ count = 0 }) => answered.more(count) }
})
