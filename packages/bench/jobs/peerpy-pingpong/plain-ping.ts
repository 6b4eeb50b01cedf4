/** Sends bytes and waits until they are back, on plain sockets; tells how long that takes. */
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Wire from "../peerpy/Wire.ts"
import { Rally } from "./Rally.ts"

plain(async (given) => {
  const socket = await Wire.dial(of(given, "port"), "bytes")
  const rally = new Rally()
  const serve = () => Wire.send(socket, rally.message)
  Wire.hear(socket, "bytes", (bytes) => void (rally.isBack(bytes) && serve()))
  return {
    round: ({ count = 0 }) => {
      const over = rally.begin(count)
      serve()
      return over
    }
  }
})
