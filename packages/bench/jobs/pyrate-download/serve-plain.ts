/** Shares a directory on plain sockets: a name is asked for on one connection, and the file goes over one back. */
import { createReadStream } from "node:fs"
import { access } from "node:fs/promises"
import { connect, createServer, type Socket } from "node:net"
import { basename, join } from "node:path"
import { pipeline } from "node:stream/promises"
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import { Tally } from "../Tally.ts"
import * as Scratch from "./Scratch.ts"

const limit = 2048
const patience = 10_000

/** What was asked for, once the asker has ended its half. */
const heard = async (socket: Socket): Promise<string> => {
  let text = ""
  for await (const chunk of socket.setEncoding("utf8")) {
    text += chunk
    if (text.length > limit) throw new Error("too long")
  }
  if (!text.startsWith("4:") || basename(text.slice(2)) !== text.slice(2)) throw new Error("no request for a file")
  return text.slice(2)
}

plain(async (given) => {
  const { shared } = Scratch.at(of(given, "scratch"))
  const served = new Tally()
  const serve = async (socket: Socket) => {
    socket.setTimeout(patience, () => socket.destroy())
    const path = join(shared, await heard(socket))
    await access(path)
    const back = connect({ host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 })
    back.setTimeout(patience, () => back.destroy())
    socket.end()
    await pipeline(createReadStream(path), back)
    served.add(1)
  }
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {})
    serve(socket).catch(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return { ready: { port }, round: () => served.more(1) }
})
