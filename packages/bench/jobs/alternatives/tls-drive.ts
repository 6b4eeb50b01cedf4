/** Dials with node:tls. A conversation is a connection of its own, as TLS has nothing smaller. */
import { once } from "node:events"
import { connect } from "node:tls"
import { of } from "../../src/Facts.ts"
import { drive, type Line } from "./Library.ts"
import * as Tls from "./Tls.ts"

const options = Tls.options()

drive(async (given) => {
  const open = async (): Promise<Line> => {
    const socket = connect({ ...options, host: "127.0.0.1", port: of(given, "port") })
    socket.setNoDelay()
    await once(socket, "secureConnect")
    Tls.check(socket)
    let missing = 0
    let answered = () => {}
    socket.on("data", ({ length }) => {
      missing -= length
      if (missing === 0) answered()
    })
    return {
      send: (message) => socket.write(message) ? undefined : once(socket, "drain"),
      ask: (message) =>
        new Promise<void>((resolve) => {
          answered = resolve
          missing = message.length
          socket.write(message)
        }),
      close: async () => {
        const closed = once(socket, "close")
        socket.end()
        await closed
      }
    }
  }
  const converse = async (message: Uint8Array) => {
    const line = await open()
    await line.ask(message)
    await line.close()
  }
  return { open, converse }
})
