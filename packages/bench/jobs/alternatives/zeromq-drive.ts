/** Dials with zeromq. A conversation is a socket of its own, as a request socket has one under way at a time. */
import { load } from "../../alternatives/Installed.ts"
import { check, drive, type Line } from "./Library.ts"

drive(async ({ port, pushes, idle }) => {
  const { Context, Dealer, Push, Request } = await load("zeromq")
  const context = new Context({ maxSockets: 4096 })
  const open = async (): Promise<Line> => {
    const options = { context, linger: 0 }
    const socket = pushes === 1 ? new Push(options) : idle === 1 ? new Dealer(options) : new Request(options)
    socket.connect(`tcp://127.0.0.1:${port}`)
    if (idle === 1) await socket.send("here")
    return {
      send: (message) => socket.send(message),
      ask: async (message) => {
        await socket.send(message)
        const [answer] = await socket.receive()
        check(answer.length)
      },
      close: async () => socket.close()
    }
  }
  const converse = async (message: Uint8Array) => {
    const line = await open()
    await line.ask(message)
    await line.close()
  }
  return { open, converse }
})
