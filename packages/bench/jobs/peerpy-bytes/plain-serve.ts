/** A plain receiver of bytes: bounded and checked. */
import { plain } from "../../src/Program.ts"
import * as Block from "../peerpy/Block.ts"
import * as Wire from "../peerpy/Wire.ts"
import { Tally } from "../Tally.ts"

plain(async () => {
  const tally = new Tally()
  const reader = new Block.Reader()
  const port = await Wire.listen("bytes", (payload) => {
    reader.read(payload)
    tally.add(1)
  })
  return { ready: { port }, round: ({ count = 0 }) => tally.more(count) }
})
