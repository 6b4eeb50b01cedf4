/** A peer of each protocol. */
import { ChatPeer } from "@peerage/p2p-chat"
import { Peer } from "@peerage/peerpy"
import { AuthPeer } from "@peerage/pyile"
import { BootstrapNode, FilePeer } from "@peerage/pyrate"
import { Effect, Redacted } from "effect"
import { of } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import { password } from "../pyile/Member.ts"
import * as Folder from "./Folder.ts"

const listen = "127.0.0.1:0"

effect((given) =>
  Effect.gen(function*() {
    const host = yield* AuthPeer.make({ password: Redacted.make(password), listen })
    const bootstrap = yield* BootstrapNode.make({ listen })
    const directory = Folder.at(of(given, "folder"))
    const sharer = yield* FilePeer.make({ bootstrap: bootstrap.address, listen, directory })
    const peer = yield* Peer.make({ listen, invisible: true })
    const chat = yield* ChatPeer.make({ listen })
    return {
      ready: {
        pyile: host.address.port,
        bootstrap: bootstrap.address.port,
        pyrate: sharer.address.port,
        peerpy: peer.address.port,
        chat: chat.address.port
      },
      round: () => Effect.void
    }
  })
)
