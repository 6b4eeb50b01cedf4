/** A receiver of chat on plain sockets: bounded, checked, answered. */
import { createServer, type Socket } from "node:net"
import { plain } from "../../src/Program.ts"
import { Tally } from "../Tally.ts"

const limit = 65_536
const patience = 4_000

interface Chat {
  readonly data: unknown
  readonly alias: string
  readonly to: unknown
  readonly from: readonly [string, number]
}

const isChat = (value: unknown): value is Chat =>
  typeof value === "object" && value !== null && "data" in value && "alias" in value && "to" in value && "from" in value
  && Array.isArray(value.from) && typeof value.from[0] === "string" && typeof value.from[1] === "number"

const parse = (bytes: Buffer): Chat | undefined => {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"))
    return isChat(value) ? value : undefined
  } catch {
    // Not all there yet.
    return undefined
  }
}

plain(async () => {
  const tally = new Tally()
  const heard: Array<Chat> = []
  const receive = (socket: Socket) => {
    let bytes = Buffer.alloc(0)
    socket.setTimeout(patience, () => socket.destroy())
    socket.on("error", () => {})
    socket.on("data", (chunk) => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      if (bytes.length > limit) return socket.destroy()
      const chat = parse(bytes)
      if (chat === undefined) return
      if (heard.push(chat) > 500) heard.shift()
      socket.end(`{"data": ${bytes.toString("utf8")}, "alias": "host"}`)
      tally.add(1)
    })
  }
  const server = createServer(receive)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const chat = typeof address === "object" && address !== null ? address.port : 0
  return { ready: { chat }, round: ({ count = 0 }) => tally.more(count) }
})
