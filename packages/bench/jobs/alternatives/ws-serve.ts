/** A server of ws. */
import { load } from "../../alternatives/Installed.ts"
import { plain } from "../../src/Program.ts"
import * as Counting from "./Counting.ts"

plain(async (given) => {
  const { answers, dialed, heard, round } = await Counting.make(given)
  const { WebSocketServer } = await load("ws")
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false })
  interface Socket {
    readonly on: (event: string, hear: (bytes: Buffer) => void) => void
    readonly send: (bytes: Buffer) => void
  }
  server.on("connection", (socket: Socket) => {
    dialed()
    socket.on("error", () => {})
    socket.on("message", (bytes) => {
      heard(bytes.length)
      if (answers) socket.send(bytes)
    })
  })
  await new Promise((resolve) => server.once("listening", resolve))
  return { ready: { port: server.address().port }, round }
})
