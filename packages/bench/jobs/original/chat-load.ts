/**
 * Sends chat the way the original does, a connection for each message and one after the other, and hangs up when the
 * answer is there: an original host frees a connection only when the next one comes. With several at once it stalls now
 * and then for the 4 s of its timeout.
 */
import { connect } from "node:net"
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Letter from "../pyile/Letter.ts"

plain(async (given) => {
  const chat = of(given, "chat")
  await Letter.join(of(given, "auth"))
  const message = Letter.write(chat)

  const send = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: chat, localAddress: Letter.sender })
      let answered = 0
      socket.on("error", reject)
      socket.on("data", (chunk) => {
        answered += chunk.length
        if (answered > message.length) socket.end()
      })
      // Not its close: that waits for the other end.
      socket.on("finish", resolve)
      socket.on("close", () => answered > message.length ? undefined : reject(new Error("a message was not answered")))
      socket.write(message)
    })

  return {
    round: async ({ count = 0 }) => {
      for (let sent = 0; sent < count; sent++) await send()
    }
  }
})
