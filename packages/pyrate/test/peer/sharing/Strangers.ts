/** Peers of ours with real sockets and files, and strangers who say to them what the test says. */
import { BootstrapNode, FilePeer, PyrateConfig } from "@peerage/pyrate"
import { Connection, PeerAddress, type Pipe, SocketFailure, Transport } from "@peerage/transport"
import { Effect, Fiber, Option, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import * as ReturnPort from "../../../src/exchange/ReturnPort.ts"
import type { PyrateEvent } from "../../../src/PyrateEvent.ts"

/** A bootstrap, and a peer that shares a directory. */
export const sharing = Effect.fnUntraced(function*(
  directory: string,
  config: Partial<PyrateConfig.PyrateConfig> = {}
) {
  const node = yield* BootstrapNode.make({ listen: "127.0.0.1:0" })
  const bootstrap = NetAddress.formatInet(node.address)
  return yield* FilePeer.make({ bootstrap, listen: "127.0.0.1:0", directory, config })
})

/** Everything that comes over a connection, and how it ends. */
const everything = Effect.fnUntraced(function*(pipe: Pipe.Pipe) {
  const { pull } = yield* Connection.fromPipe(pipe).reader
  const decoder = new TextDecoder()
  let text = ""
  const read = Effect.map(pull, (chunks) => {
    for (const chunk of chunks) text += decoder.decode(chunk)
  })
  const end: SocketError = yield* Effect.flip(Effect.forever(read))
  return { text, end: SocketFailure.isFin(end) ? "Fin" : SocketFailure.errno(end) ?? "Closed" }
})

/** Says something to a peer, hangs up, and waits for what comes, here and over a connection back. */
export const say = (peer: PeerAddress.PeerAddress, words: string) =>
  Effect.scoped(Effect.gen(function*() {
    const transport = yield* Transport.Transport
    const asking = { transport, address: PeerAddress.toInet(peer), config: PyrateConfig.defaults }
    const { back, pipe } = yield* ReturnPort.open(asking)
    const came = yield* Effect.forkChild(Effect.flatMap(back, everything))
    pipe.write([new TextEncoder().encode(words)])
    pipe.end()
    const here = yield* everything(pipe)
    // Nobody dials back to one whose request was no download.
    if (here.text === "" || words === "5:") return { here, back: undefined }
    return { here, back: Option.getOrUndefined(yield* Effect.timeoutOption(Fiber.join(came), "3 seconds")) }
  }))

/** The next event of a kind, from now on. */
export const next = Effect.fnUntraced(function*(
  { events }: FilePeer.FilePeerService,
  is: (event: PyrateEvent) => boolean
) {
  const first = Effect.map(Stream.runHead(Stream.filter(events, is)), Option.getOrUndefined)
  return yield* Effect.forkScoped(first, { startImmediately: true })
})
