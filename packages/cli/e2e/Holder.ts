/** A holder of one file, which it sends a part at a time. */
import { Effect, Schema } from "effect"
import { createHash } from "node:crypto"
import { createServer, type Socket } from "node:net"

/** What the file holds. */
export const content = Buffer.alloc(1024 * 1024, "peerage ")
const Bound = Schema.decodeUnknownSync(Schema.Struct({ port: Schema.Int }))

/** A holder that sends a quarter of a file, another when it is told to, and then the rest. */
export const holder = Effect.gen(function*() {
  let rest = () => {}
  const signal = (words: string) => `\0pyrate+ ${words}\n`
  const send = (socket: Socket) => {
    socket.on("error", () => {})
    socket.write(signal(`found ${content.length}`) + signal("here"))
    socket.write(content.subarray(0, content.length / 4))
    rest = () => {
      socket.write(content.subarray(content.length / 4, content.length / 2))
      rest = () => {
        socket.write(content.subarray(content.length / 2))
        socket.end(signal(`digest ${createHash("sha256").update(content).digest("hex")}`))
      }
    }
  }
  const server = yield* Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const server = createServer({ allowHalfOpen: true }, (socket) => socket.once("end", () => send(socket)).resume())
        .listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => void server.close())
  )
  return { port: Bound(server.address()).port, more: Effect.sync(() => rest()) }
})
