/** A server of node:tls. */
import { createServer } from "node:tls"
import { plain } from "../../src/Program.ts"
import * as Counting from "./Counting.ts"
import * as Tls from "./Tls.ts"

plain(async (given) => {
  const { answers, dialed, heard, round } = await Counting.make(given)
  const server = createServer({ ...Tls.options(), requestCert: true, noDelay: true }, (socket) => {
    Tls.check(socket)
    dialed()
    socket.on("error", () => {})
    socket.on("data", (bytes) => {
      heard(bytes.length)
      if (answers) socket.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, resolve))
  const address = server.address()
  return { ready: { port: typeof address === "object" && address !== null ? address.port : 0 }, round }
})
