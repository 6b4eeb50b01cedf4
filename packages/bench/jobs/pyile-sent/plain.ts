/** A sender on plain sockets: all members at once, a connection each; waits for the answers, each in bounded time. */
import { connect } from "node:net"
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import { members, text } from "./Broadcast.ts"

const patience = 800
const limit = 65_536

const isWhole = (bytes: Buffer): boolean => {
  try {
    return typeof JSON.parse(bytes.toString("utf8")) === "object"
  } catch {
    return false
  }
}

const send = (host: string, port: number, message: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host, port })
    let bytes = Buffer.alloc(0)
    const done = (acknowledged: boolean) => {
      socket.destroy()
      resolve(acknowledged)
    }
    socket.setTimeout(patience, () => done(false))
    socket.on("error", () => done(false))
    socket.on("close", () => done(false))
    socket.on("data", (chunk) => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      if (bytes.length > limit) return done(false)
      if (isWhole(bytes)) done(true)
    })
    socket.write(message)
  })

plain(async (given) => ({
  round: async ({ count = 0 }) => {
    for (let sent = 0; sent < count; sent += members.length) {
      const message = JSON.stringify({ data: text, alias: "host", to: "Broadcast", from: ["127.0.0.1", 49_265] })
      const answers = await Promise.all(members.map((host) => send(host, of(given, "chatPort"), message)))
      if (!answers.every(Boolean)) throw new Error("a member did not answer")
    }
  }
}))
