/** Fetches the file on plain sockets: written beside, synchronized, and only then given its name. */
import { once } from "node:events"
import { createWriteStream } from "node:fs"
import { mkdtemp, rename, rm } from "node:fs/promises"
import { connect, createServer, type Server, type Socket } from "node:net"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Scratch from "./Scratch.ts"

const patience = 10_000

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.on("error", reject)
    server.listen({ host: "127.0.0.1", port }, resolve)
  })

/** A port that nobody else has just now. */
const freePort = async (): Promise<number> => {
  const server = createServer()
  await listening(server, 0)
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === "object" && address !== null ? address.port : 0
}

/** Asks, and listens on the port that was asked from for who dials back. */
const ask = async (port: number, name: string): Promise<Socket> => {
  const localPort = await freePort()
  const asking = connect({ host: "127.0.0.1", port, localAddress: "127.0.0.1", localPort })
  await once(asking, "connect")
  const server = createServer()
  await listening(server, localPort)
  const back = new Promise<Socket>((resolve) => server.once("connection", resolve))
  asking.end(`4:${name}`)
  const socket = await back
  server.close()
  return socket
}

plain(async (given) => {
  const { inbox } = Scratch.at(of(given, "scratch"))
  const port = of(given, "port")
  const round = async () => {
    const back = await ask(port, Scratch.name)
    back.setTimeout(patience, () => back.destroy(new Error("nothing came")))
    const beside = await mkdtemp(join(inbox, ".plain-"))
    const temporary = join(beside, "file")
    await pipeline(back, createWriteStream(temporary, { flags: "wx", flush: true }))
    await rename(temporary, join(inbox, Scratch.name))
    await rm(beside, { recursive: true })
  }
  return { round }
})
