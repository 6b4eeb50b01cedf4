/** An original peer of PeerPy that takes json values. */
import { plain } from "../../src/Program.ts"
import * as Python from "./Python.ts"

plain(async () => {
  const { ask, ready: [port = 0] } = await Python.start("peerpy_peer.py")
  return { ready: { port }, round: async ({ count = 0 }) => void await ask(`more ${count}`) }
})
