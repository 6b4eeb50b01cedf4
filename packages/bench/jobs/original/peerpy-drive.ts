/** An original peer of PeerPy that sends json values. */
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Python from "./Python.ts"

plain(async (given) => {
  const { ask } = await Python.start("peerpy_peer.py", [`127.0.0.1:${of(given, "port")}`])
  return { round: async ({ count = 0 }) => void await ask(`send ${count}`) }
})
