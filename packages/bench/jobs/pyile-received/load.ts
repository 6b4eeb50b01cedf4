/** Sends chat the way the original does, a connection for each message, but 64 at once, and reads the answers. */
import { connect } from "node:net"
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Letter from "../pyile/Letter.ts"

const inFlight = 64

plain(async (given) => {
  const chat = of(given, "chat")
  // Who is no member is not listened to. The plain receiver has no members.
  if (given["auth"] !== undefined) await Letter.join(given["auth"])
  const message = Letter.write(chat)

  const send = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: chat, localAddress: Letter.sender })
      let answered = 0
      socket.on("error", reject)
      socket.on("data", (chunk) => void (answered += chunk.length))
      socket.on("close", () => answered > message.length ? resolve() : reject(new Error("a message was not answered")))
      socket.write(message)
    })

  return {
    round: async ({ count = 0 }) => {
      let sent = 0
      const line = async () => {
        while (sent++ < count) await send()
      }
      await Promise.all(Array.from({ length: inFlight }, line))
    }
  }
})
