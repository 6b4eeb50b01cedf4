/**
 * A listening `net.Server` for the life of a scope.
 *
 * A failed bind fails the acquisition with its errno. A later error, such as an `accept` without file descriptors, must
 * not end the process: it is logged, once per listener, and accepting goes on.
 */
import { type Context, Effect, type Scope } from "effect"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketServerError } from "effect/socket/SocketServer"
import * as Net from "node:net"
import type { Accept, ListenOptions } from "../Options.ts"
import * as SocketFailure from "../SocketFailure.ts"
import * as NodeAddress from "./NodeAddress.ts"
import * as NodePipe from "./NodePipe.ts"
import * as SocketOptions from "./SocketOptions.ts"

const defaultBacklog = 511

/** Passes an accepted socket on, unless its peer reset it before its address could be read. */
const acceptSocket = (
  socket: Net.Socket,
  bound: NetAddress.InetAddress | undefined,
  system: NodePipe.System,
  accept: Accept
) => {
  const ends = NodeAddress.ends(socket, { local: bound })
  if (ends === undefined) {
    socket.on("error", () => {})
    return socket.destroy()
  }
  socket.once("close", accept(NodePipe.make(socket, ends, system)))
}

const bind = (
  server: Net.Server,
  address: NetAddress.InetAddress,
  backlog: number
): Effect.Effect<NetAddress.InetAddress, SocketServerError> =>
  Effect.callback((resume) => {
    server.once("error", (cause) => resume(Effect.fail(SocketFailure.listenFailed(cause))))
    server.listen({ host: NodeAddress.host(address), port: address.port, backlog }, () => {
      server.removeAllListeners("error")
      const bound = server.address()
      resume(
        bound === null || typeof bound === "string"
          ? Effect.die(new Error("the TCP listener has no address"))
          : Effect.succeed(NodeAddress.fromNative(bound.address, bound.port))
      )
    })
  })

/** Opens a listener for the scope's life. Its connections stay open after that. `::` accepts IPv4 too. */
export const listen = Effect.fnUntraced(function*(
  address: NetAddress.InetAddress,
  options: ListenOptions,
  accept: Accept,
  services: Context.Context<never>,
  system: NodePipe.System
): Effect.fn.Return<NetAddress.InetAddress, SocketServerError, Scope.Scope> {
  const server = yield* Effect.acquireRelease(
    Effect.sync(() => Net.createServer({ ...SocketOptions.make(options), allowHalfOpen: true })),
    (server) => Effect.sync(() => server.close())
  )
  // The first connection may arrive before this fiber resumes.
  const own: { bound: NetAddress.InetAddress | undefined } = { bound: undefined }
  server.on("connection", (socket) => acceptSocket(socket, own.bound, system, accept))
  const bound = own.bound = yield* bind(server, address, options.backlog ?? defaultBacklog)
  let warned = false
  server.on("error", (cause) => {
    if (warned) return
    warned = true
    Effect.runForkWith(services)(Effect.logWarning(`listener on ${bound} cannot accept`, cause))
  })
  return bound
})
