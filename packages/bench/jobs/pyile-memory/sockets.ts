/** Holds the connections that come, and nothing more. */
import { createServer, type Socket } from "node:net"
import { plain } from "../../src/Program.ts"
import { round } from "../pyile/Round.ts"
import { Tally } from "../Tally.ts"

plain(async () => {
  const held = new Set<Socket>()
  const server = createServer((socket) => {
    held.add(socket)
    socket.on("error", () => {}).on("close", () => held.delete(socket)).resume()
  })
  await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, resolve))
  const address = server.address()
  const sockets = typeof address === "object" && address !== null ? address.port : 0
  return { ready: { sockets }, round: round(new Tally()) }
})
