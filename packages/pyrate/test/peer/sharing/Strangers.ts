/** Peers of ours with real sockets and files, and strangers who say to them what the test says. */
import { BootstrapNode, FilePeer, PyrateConfig } from "@peerage/pyrate"
import { PeerAddress, Transport } from "@peerage/transport"
import type { ByteLink } from "@peerage/wire"
import { Effect, Fiber, Option, Stream } from "effect"
import * as ReturnPort from "../../../src/exchange/ReturnPort.ts"
import type { PyrateEvent } from "../../../src/PyrateEvent.ts"

/** A bootstrap, and a peer that shares a directory. */
export const sharing = Effect.fnUntraced(function*(
  directory: string,
  config: Partial<PyrateConfig.PyrateConfig> = {}
) {
  const node = yield* BootstrapNode.make({ listen: "127.0.0.1:0" })
  return yield* FilePeer.make({ bootstrap: node.address, listen: "127.0.0.1:0", directory, config })
})

/** Everything that comes over a connection, and how it ends. */
const everything = ({ reader }: ByteLink.ByteLink) =>
  Effect.match(reader.takeToEnd(1_000_000), {
    onSuccess: (bytes) => ({ text: new TextDecoder().decode(bytes), end: "Fin" }),
    onFailure: ({ _tag }) => ({ text: "", end: _tag })
  })

/** Sends something to a peer, hangs up, and waits for what comes, here and over a connection back. */
export const say = (peer: PeerAddress.PeerAddress, words: string) =>
  Effect.scoped(Effect.gen(function*() {
    const transport = yield* Transport.Transport
    const address = PeerAddress.toInet(peer)
    const { back, link } = yield* ReturnPort.open({ transport, address, config: PyrateConfig.defaults })
    const came = yield* Effect.forkChild(Effect.flatMap(back, everything))
    yield* link.write([new TextEncoder().encode(words)])
    yield* link.end
    const here = yield* everything(link)
    // A peer dials back only for a download.
    if (here.text === "" || words === "5:") return { here, back: undefined }
    return { here, back: yield* Fiber.join(came) }
  }))

/** The next event of a kind, from now on. */
export const next = Effect.fnUntraced(function*(
  { events }: FilePeer.FilePeerService,
  is: (event: PyrateEvent) => boolean
) {
  const first = Effect.map(Stream.runHead(Stream.filter(events, is)), Option.getOrUndefined)
  return yield* Effect.forkScoped(first, { startImmediately: true })
})
