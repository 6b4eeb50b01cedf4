/** Dials with ws. A conversation is a connection of its own, as the library has nothing smaller. */
import { once } from "node:events"
import { load } from "../../alternatives/Installed.ts"
import { check, drive, type Line } from "./Library.ts"

const enough = 1_048_576

drive(async ({ port }) => {
  const { WebSocket } = await load("ws")
  const open = async (): Promise<Line> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
    await once(socket, "open")
    return {
      send: (message) =>
        socket.bufferedAmount < enough
          ? void socket.send(message)
          : new Promise((resolve) => socket.send(message, resolve)),
      ask: async (message) => {
        const answer = once(socket, "message")
        socket.send(message)
        const [bytes] = await answer
        check(bytes.length)
      },
      close: async () => {
        const closed = once(socket, "close")
        socket.close()
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
